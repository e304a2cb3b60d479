"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from earlyhelp.core import navigation


def council(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "council_name": settings.COUNCIL_NAME,
        "social_care_name": settings.SOCIAL_CARE_NAME,
        "social_care_phone": settings.SOCIAL_CARE_PHONE,
        "demo": not settings.PRODUCTION,
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
        "navigation": navigation.links(request) if signed_in else [],
        "unread": user.scope.unread if signed_in else 0,  # type: ignore[union-attr]
    }
