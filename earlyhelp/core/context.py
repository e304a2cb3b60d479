"""What every page knows."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

from earlyhelp.core import navigation

REFERENCE = re.compile(r"/([A-Z]+-[A-Z0-9-]+)/")


def council(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        # One for all forms of a page, as in Django's own templates: a page of many forms would mask the token for each.
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
        "council_name": settings.COUNCIL_NAME,
        "social_care_name": settings.SOCIAL_CARE_NAME,
        "social_care_phone": settings.SOCIAL_CARE_PHONE,
        "record_reference": _reference(request.path),
        "demo": not settings.PRODUCTION,
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
        "navigation": navigation.links(request) if signed_in else [],
        "unread": user.scope.unread if signed_in else 0,  # type: ignore[union-attr]
    }


def _reference(path: str) -> str:
    """Of the record on whose page we are; what is begun from there need not ask for it again."""
    found = REFERENCE.search(path)
    return found[1] if found else ""
