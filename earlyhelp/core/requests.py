"""What a request carries once the middleware has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from earlyhelp.partnership.models import User


class SignedIn(HttpRequest):
    """The request of a page that only people of the partnership see: all of them, but for signing in and health.

    A view says so where it hands the person on. Only a name for what the middleware has made sure of: nothing is made
    of this class.
    """

    user: User
    htmx: HtmxDetails
