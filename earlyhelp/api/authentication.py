"""Who a program is that sends a key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from earlyhelp.core import wall
from earlyhelp.partnership.backends import PartnershipBackend


class KeyAuthentication(TokenAuthentication):
    """A key lasts ``API_KEY_LASTS``, and no longer than its owner may sign in: as whoever has a page open is asked, each time."""

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        user, token = super().authenticate_credentials(key)
        owner = PartnershipBackend().get_user(user.pk)
        if owner is None or token.created < timezone.now() - settings.API_KEY_LASTS:
            raise AuthenticationFailed("This key is no longer valid: ask for a new one.")
        wall.asked_for(owner)
        return owner, token
