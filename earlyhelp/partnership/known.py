"""A browser in which somebody has signed in before: whoever guesses at their name elsewhere does not make them wait here."""

from __future__ import annotations

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

COOKIE, DAYS = "known", 90
_signer = TimestampSigner(salt="partnership.known")


def mark(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Remember, for ninety days, that this name signed in with this browser. The name itself is not in the cookie."""
    value = _signer.sign(f"{_digest(name)}:{browser_of(request, name) or get_random_string(16)}")
    age = DAYS * 24 * 60 * 60
    response.set_cookie(COOKIE, value, max_age=age, secure=request.is_secure(), httponly=True, samesite="Lax")


def browser_of(request: HttpRequest | None, name: str) -> str:
    """Which browser this is, if this name signed in with it; nothing for every other."""
    try:
        kept = _signer.unsign(request.COOKIES[COOKIE], max_age=DAYS * 24 * 60 * 60) if request else ""
    except (KeyError, BadSignature):
        return ""
    digest, _, browser = kept.partition(":")
    return browser if digest == _digest(name) else ""


def _digest(name: str) -> str:
    return salted_hmac("partnership.known", name, algorithm="sha256").hexdigest()
