from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS

from earlyhelp.core.access import ScopedBackend
from earlyhelp.partnership.models import Agency, User
from earlyhelp.partnership.scope import columns_of, fetch, scope_from


class PartnershipBackend(ScopedBackend):
    """Brings a signed-in person, their agency and the whole of their scope in one query, composed once."""

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
