from __future__ import annotations

from typing import Any

from earlyhelp.core.access import ScopedBackend
from earlyhelp.partnership.models import User
from earlyhelp.partnership.scope import scope_columns, scope_from


class PartnershipBackend(ScopedBackend):
    """Brings a signed-in person and the whole of their scope in one query."""

    def get_user(self, user_id: Any) -> User | None:
        user = User._base_manager.select_related("agency").annotate(**scope_columns()).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user._scope = scope_from(user.__dict__)
        return user
