"""Who sees a disagreement, and who may settle it: whoever raised it, those of the case, and each stage as it is reached.

Nobody is let into the family's record by it: the page names the record it is about, and opens none.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.cases.access import CLOSED_THROUGH
from earlyhelp.core.access import NOBODY, Rule, Through
from earlyhelp.disagreements.enums import About, Stage
from earlyhelp.partnership.enums import Role

SETTLES = (Role.TEAM_MANAGER, Role.HUB_CHAIR, Role.SERVICE_MANAGER, Role.IG_LEAD)  # after the two workers themselves
UNRESTRICTED = Q(family=None) | Q(family__restricted=False)
RESTRICTED = Q(family__restricted=True)


def raised(rows: Any, user: Any) -> Q:
    """Whoever raised it, and the other worker."""
    return Q(raised_by=user) | Q(other=user)


def of_the_case(rows: Any, user: Any) -> Q:
    """Whoever may read the case reads that there is no agreement about it."""
    return Through("case")["view"](rows, user)


def at_the_front_door(rows: Any, user: Any) -> Q:
    """EH Access decides what happens after a hand-over, and must know that somebody disagrees."""
    return _in_area(user, Role.EH_ACCESS) & Q(about=About.HANDOVER)


def took_part(rows: Any, user: Any) -> Q:
    """Those of every stage that it has reached."""
    return _managers(user, Q(stage__gte=Stage.MANAGERS)) | _leaders(user, reached=True) | _governance(user)


def hold(rows: Any, user: Any) -> Q:
    """Those who are to settle it now: whoever raised it, with the other worker; their managers; the leaders; the partnership."""
    worker = Q(raised_by=user, stage=Stage.WORKERS)
    holds = worker | _managers(user, Q(stage=Stage.MANAGERS)) | _leaders(user, reached=False)
    return holds | _governance(user) & Q(stage__gte=Stage.MANAGERS)


def carry(rows: Any, user: Any) -> Q:
    """Whoever raised it may say at any time that it is settled, or that it is not."""
    return hold(rows, user) | Q(raised_by=user)


def view(rows: Any, user: Any) -> Q:
    return raised(rows, user) | of_the_case(rows, user) | at_the_front_door(rows, user) | took_part(rows, user)


def _in_area(user: Any, *roles: str) -> Q:
    """In their area, of no restricted family, and of no case in which they declared an interest."""
    areas = user.scope.areas(*roles)
    if not areas:
        return NOBODY
    closed = user.scope.ids(*CLOSED_THROUGH)
    return Q(area__in=areas) & UNRESTRICTED & (~Q(case__in=closed) | Q(case=None) if closed else Q())


def _managers(user: Any, stage: Q) -> Q:
    """The manager of whoever raised it, or of the lead professional; of the area where nobody manages the one who raised it."""
    managed = user.scope.ids("managed_workers")
    mine = Q(raised_by__in=managed) | Q(case__lead__in=managed) if managed else NOBODY
    return (mine & UNRESTRICTED | _in_area(user, Role.TEAM_MANAGER) & Q(raised_by__team=None)) & stage


def _leaders(user: Any, *, reached: bool) -> Q:
    third = Q(stage__gte=Stage.LEADERS) if reached else Q(stage=Stage.LEADERS)
    fourth = Q(stage=Stage.PARTNERSHIP)
    return _in_area(user, Role.HUB_CHAIR) & third | _in_area(user, Role.SERVICE_MANAGER) & (third | fourth)


def _governance(user: Any) -> Q:
    """A restricted family's is settled with whoever keeps restricted records safe, and with nobody who may not know of it."""
    areas = user.scope.areas(Role.IG_LEAD)
    return Q(area__in=areas) & RESTRICTED if areas else NOBODY


RULES: dict[str, Rule] = {"view": view, "hold": hold, "carry": carry}
