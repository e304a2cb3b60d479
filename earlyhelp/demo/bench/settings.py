"""The product's own settings, with a door to the bare views and a count of queries. Only ``manage.py bench`` uses them."""

from django.core.exceptions import ImproperlyConfigured

from earlyhelp.settings import *  # noqa: F403
from earlyhelp.settings import MIDDLEWARE, PRODUCTION

if PRODUCTION:
    raise ImproperlyConfigured("The bare views have no access rules: they are for an invented county only.")
MIDDLEWARE = ["earlyhelp.demo.bench.bare.Bare", "earlyhelp.demo.bench.bare.CountQueries", *MIDDLEWARE]
