from __future__ import annotations

from typing import Any

from earlyhelp.partnership.enums import Role


def keeps_records(user: Any) -> bool:
    """Whoever answers for what is kept, for how long, and for whether it is still what was written."""
    return user.scope.holds(Role.IG_LEAD)
