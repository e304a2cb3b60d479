"""Who looks after accounts: the system administrator, who sees no family; a team's manager reads those of their people."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.core.access import EVERYTHING, NOBODY
from earlyhelp.partnership.enums import Role


def view(rows: Any, user: Any) -> Q:
    if user.scope.holds(Role.SYSTEM_ADMIN):
        return EVERYTHING
    return Q(team__in=user.scope.teams(Role.TEAM_MANAGER))


def administer(rows: Any, user: Any) -> Q:
    return EVERYTHING if user.scope.holds(Role.SYSTEM_ADMIN) else NOBODY


def looks_after_accounts(user: Any) -> bool:
    return user.scope.holds(Role.SYSTEM_ADMIN) or bool(user.scope.teams(Role.TEAM_MANAGER))


RULES = {"view": view, "administer": administer}
