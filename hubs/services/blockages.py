"""A blockage is raised, heard by the hub, and goes further by itself where nobody unpicks it (domain.md 7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.cases.enums import LIVE
from earlyhelp.cases.guards import when_stopped
from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import add_working_days, closing
from earlyhelp.core.composed import Composed
from earlyhelp.deadlines.services import promise
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from hubs.enums import DecisionKind, Level
from hubs.models import Blockage, BlockageDeadline, HubAction, ServiceGap
from hubs.services.holding import asked_of, held_by, tell
from hubs.transitions import blockages as transitions

TO_THE_HUB_AFTER = 10  # working days past its day (the ladder of domain.md 7)
LATE = "Nobody unpicked it within ten working days of its day."
ENDED = "The case ended before it was unpicked."


@when_stopped
@transaction.atomic
def raise_blockage(
    case: Case,
    *,
    by: Any,
    now: datetime,
    what: str,
    since_on: date,
    tried: str,
    stops: str = "",
    agency: Any = None,
    service: Any = None,
    need: str = "",
    missing: str = "",
) -> Blockage:
    """Write down what stops progress. Whoever leads owes a name within two working days.

    ``need`` and ``missing``: that a service is not there at all, which is counted as a gap of the place (15.4).
    """
    if not case.is_led:
        raise NotPossible(f"{case} is led by nobody now: there is no progress to be stopped.")
    blockage = Blockage.objects.create(
        case=case,
        what=what,
        since_on=since_on,
        tried=tried,
        stops=stops,
        agency=agency,
        service=service,
        raised_by=by,
        raised_at=now,
    )
    record("hubs.blockage.raise", blockage, by=by, at=now, became=blockage.status, reason=what)
    if need:
        _gap(blockage, need=need, note=missing or what, now=now)
    promise(blockage, "D_BLOCKAGE_OWNER", now=now, **held_by(blockage, Level.TEAM))
    others = [person for person in asked_of(blockage, Level.TEAM) if person != by]
    tell(blockage, others, "A blockage is raised: say who unpicks it", what="raised", now=now)
    return blockage


def _gap(blockage: Blockage, *, need: str, note: str, now: datetime) -> None:
    case = blockage.case
    facts = {"area_id": case.area_id, "tier": case.tier, "level_of_need": case.level_of_need}
    ServiceGap.objects.create(need=need, note=note, blockage=blockage, raised_at=now, **facts)


def heard(case: Case, *, by: Any, now: datetime, kind: str, actions: Iterable[HubAction]) -> None:
    """The hub decided about this case: what was taken to it is heard, and is with whoever undertook to unblock it.

    Raises ``NotPossible`` where it decides to unblock, and nobody undertakes to.
    """
    taken = next((action for action in actions if action.owner_id), None) if kind == DecisionKind.UNBLOCK else None
    if kind == DecisionKind.UNBLOCK and taken is None:
        raise NotPossible("An action says who unblocks it, and by when.", field="action_what")
    for blockage in _BEFORE_THE_HUB(None, case=case.pk):
        transitions.hear(blockage, by=by, now=now)
        if taken is not None:
            transitions.own(blockage, by=by, now=now, owner=taken.owner, act_by=taken.due_on)
            HubAction.objects.filter(pk=taken.pk).update(blockage=blockage)


@Composed
def _BEFORE_THE_HUB(nobody: None, case: Any) -> Any:
    return Blockage.objects.before_the_hub().filter(case=case)


def follow_up_blockages(*, now: datetime) -> int:
    """What nobody unpicked goes to the hub; what stopped a case that ended stops nothing. Idempotent; says how many moved."""
    ended = list(Blockage.objects.open().exclude(case__status__in=LIVE))
    for blockage in ended:
        transitions.resolve(blockage, by=SYSTEM, now=now, resolution=ENDED)
    late = list(_left_with_the_team(now))
    for blockage in late:
        transitions.escalate(blockage, by=SYSTEM, now=now, reason=LATE)
    return len(ended) + len(late)


def _left_with_the_team(now: datetime) -> Any:
    day = closing(add_working_days(timezone.localdate(now), -TO_THE_HUB_AFTER))
    owed = BlockageDeadline.objects.open().filter(owner=OuterRef("pk"), due_at__lte=day)
    return Blockage.objects.open().filter(Exists(owed), level=Level.TEAM, case__status__in=LIVE)
