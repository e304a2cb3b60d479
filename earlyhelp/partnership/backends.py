from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest
from django.utils import timezone

from earlyhelp.core.rights import ScopedBackend
from earlyhelp.partnership import guessing
from earlyhelp.partnership.known import browser_of
from earlyhelp.partnership.models import Agency, User
from earlyhelp.partnership.scope import columns_of, fetch, scope_from


class PartnershipBackend(ScopedBackend):
    """Lets nobody guess at passwords, through whichever door; brings a person with their whole scope in one query."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Raises ``TooManyTries``."""
        if username is None or password is None:
            return None
        address, browser = address_of(request), browser_of(request, guessing.fold(username))
        guessing.claim(username, address, browser=browser, now=timezone.now())
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is not None:
            guessing.forgive(username, address, browser=browser)
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        """Nor does anybody who has left, or of an agency that takes part no more, signed in already or not."""
        return user.is_here(timezone.localdate())

    def get_user(self, user_id: Any) -> User | None:
        row = fetch(User, user_id)
        if row is None:
            return None
        user = _made(User, row)
        user._state.fields_cache["agency"] = _made(Agency, row, "_agency_") if user.agency_id else None
        if not self.user_can_authenticate(user):
            return None
        user._scope = scope_from(row)
        return user


def _made(model: Any, row: dict[str, Any], prefix: str = "") -> Any:
    names = columns_of(model)
    return model.from_db(DEFAULT_DB_ALIAS, names, [row[prefix + name] for name in names])


def address_of(request: HttpRequest | None) -> str:
    """Where the request comes from, as the outermost of our own proxies saw it; nothing if that cannot be told.

    What stands further left in X-Forwarded-For was written by the caller. Of IPv6, the network: one house has 2**64.
    """
    if request is None:
        return ""
    before = [part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    way = [*before, request.META.get("REMOTE_ADDR", "")]
    try:
        found = ip_address(way[-1 - min(settings.TRUSTED_PROXIES, len(way) - 1)].strip())
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
