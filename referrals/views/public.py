"""What the pages without an account share: who may be a program, and what a browser must not put back."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

STAMP = "asking.opened"
VOLATILE = "page-"  # how the name begins that is another each time a page is shown


def shown_now() -> dict[str, str]:
    """What a page says of itself when it is shown: since when it is open, and a name that is like no other page's."""
    return {
        "volatile": VOLATILE + get_random_string(12),
        "opened": signing.dumps(timezone.now().timestamp(), salt=STAMP),
    }


def opened_at(request: HttpRequest) -> datetime | None:
    """When this page was first shown, as only we can have written it."""
    try:
        seconds = signing.loads(request.POST.get("opened", ""), salt=STAMP, max_age=7 * 24 * 3600)
        return datetime.fromtimestamp(float(seconds), UTC)
    except (signing.BadSignature, TypeError, ValueError):
        return None
