"""Who must not hear of which family, and who hears it in a chair's place (domain.md 9.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from earlyhelp.audit.models import record
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.cases.services import HEARS_NEXT, HUB_OWES
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import SYSTEM, person
from hubs.access import RUNS
from hubs.models import AgendaItem, Conflict, HubMeeting
from hubs.queries.interests import posted_who_may_hear, still_hears
from hubs.transitions.in_the_chair import find_nobody, find_somebody


@transaction.atomic
def declare(case: Case, *, user: Any, by: Any, now: datetime, meeting: HubMeeting | None = None) -> Conflict:
    """Somebody knows the family otherwise: the hub's sight of this case is closed to them from now on."""
    conflict, made = Conflict.objects.standing().get_or_create(
        user=user, case=case, defaults={"meeting": meeting, "declared_by": by, "declared_at": now}
    )
    if made:
        record("hubs.conflict.declare", conflict, by=person(by), at=now, became=conflict.status)
        somebody_hears([case.pk], now=now)
    return conflict


def somebody_hears(cases: Any = None, *, now: datetime) -> None:
    """No family is forgotten because those who would hear of it know it otherwise: somebody is reminded, and somebody decides."""
    somebody_is_reminded(cases)
    somebody_is_named(cases, now=now)


def somebody_is_reminded(cases: Any = None) -> None:
    """What the hub owes a family of which no chair there may hear rings for its coordinator, or else for the managers of the
    place, until one may again.
    """
    owed = (
        CaseDeadline.objects.open().filter(code__in=HUB_OWES, holder_role__in=HEARS_NEXT).select_related("owner__area")
    )
    owed = owed.filter(owner__in=cases) if cases is not None else owed
    declared = Conflict.objects.standing().filter(case=OuterRef("owner"))
    for promise in owed.filter(Exists(declared) | ~Q(holder_role=Role.HUB_CHAIR)):
        hears = (role for role in HEARS_NEXT if posted_who_may_hear(promise.owner, role).exists())
        role = next(hears, Role.SERVICE_MANAGER)
        if role != promise.holder_role:
            CaseDeadline.objects.filter(pk=promise.pk).update(holder_role=role)


def somebody_is_named(cases: Any = None, *, now: datetime) -> None:
    """Where everybody who runs the hub has an interest in a family, a service manager says who hears it; until one may again."""
    declared = Conflict.objects.standing().filter(case=OuterRef("case"))
    live = AgendaItem.objects.live().filter(Exists(declared) | Q(nobody_hears_since__isnull=False))
    live = live.filter(case__in=cases) if cases is not None else live
    for item in live.filter(case__restricted=False).select_related("case__area", "hub__area", "meeting", "heard_by"):
        if posted_who_may_hear(item.case, *RUNS).exists():
            _somebody_may(item, now)
        elif item.nobody_hears_since is None or (item.heard_by_id and not still_hears(item)):
            find_nobody(item, by=SYSTEM, now=now)


def _somebody_may(item: AgendaItem, now: datetime) -> None:
    """Not in the middle of a meeting: whoever was named goes on until it closes."""
    sits = item.meeting is not None and item.meeting.in_session
    if item.nobody_hears_since is not None and not sits:
        find_somebody(item, by=SYSTEM, now=now)
