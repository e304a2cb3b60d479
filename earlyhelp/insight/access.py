from __future__ import annotations

from typing import Any

from earlyhelp.partnership.enums import Role
from hubs.access import COUNTS_GAPS

MANAGING = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HUB_CHAIR, Role.HUB_COORDINATOR)


def reads_dashboard(user: Any) -> bool:
    """Whoever answers for other people's caseloads. What they count there is what they may list, and no more."""
    return user.scope.holds(*MANAGING)


REPORTING = (Role.SERVICE_MANAGER, Role.HUB_CHAIR)


def reports_to_board(user: Any) -> bool:
    """Those who answer for a place before its board (domain.md R32). Each reports what they count, and no more."""
    return user.scope.holds(*REPORTING)


def reads_trends(user: Any) -> bool:
    """Those who manage a place, and those who sit at its hub."""
    return user.scope.holds(*COUNTS_GAPS) or bool(user.scope.ids("hub_seats"))
