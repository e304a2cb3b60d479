"""Who must not hear of which family, and who hears it in a chair's place (domain.md 9.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from earlyhelp.audit.models import record
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.cases.services import HUB_OWES
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import person
from hubs.models import Conflict, HubMeeting
from hubs.queries.interests import chairs_who_may_hear


@transaction.atomic
def declare(case: Case, *, user: Any, by: Any, now: datetime, meeting: HubMeeting | None = None) -> Conflict:
    """Somebody knows the family otherwise: the hub's sight of this case is closed to them from now on."""
    conflict, made = Conflict.objects.standing().get_or_create(
        user=user, case=case, defaults={"meeting": meeting, "declared_by": by, "declared_at": now}
    )
    if made:
        record("hubs.conflict.declare", conflict, by=person(by), at=now, became=conflict.status)
        somebody_is_reminded([case.pk])
    return conflict


def somebody_is_reminded(cases: Any = None) -> None:
    """What the hub owes a family of which no chair there may hear rings for its coordinator, until one may again."""
    owed = CaseDeadline.objects.open().filter(code__in=HUB_OWES).select_related("owner__area")
    owed = owed.filter(owner__in=cases) if cases is not None else owed
    declared = Conflict.objects.standing().filter(case=OuterRef("owner"))
    for chaired in owed.filter(Exists(declared), holder_role=Role.HUB_CHAIR):
        if not chairs_who_may_hear(chaired.owner).exists():
            _rings_for(chaired, Role.HUB_COORDINATOR)
    for coordinated in owed.filter(holder_role=Role.HUB_COORDINATOR):
        if chairs_who_may_hear(coordinated.owner).exists():
            _rings_for(coordinated, Role.HUB_CHAIR)


def _rings_for(promise: CaseDeadline, role: Role) -> None:
    CaseDeadline.objects.filter(pk=promise.pk).update(holder_role=role)
