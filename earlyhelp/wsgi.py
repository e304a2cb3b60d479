import os

from django.core.wsgi import get_wsgi_application

from earlyhelp.core.charset import only_utf_8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "earlyhelp.settings")

application = only_utf_8(get_wsgi_application())
