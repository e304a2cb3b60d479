"""A family is offered to somebody who may lead it, until they answer or are asked no longer (domain.md R4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.cases.enums import HANDED_ON, AllocationStatus, TeamRole, Tier
from earlyhelp.cases.models import Allocation, Case
from earlyhelp.deadlines.services import promise, release
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible, person


def _refuse_whoever_cannot(worker: User, tier: int, has_it: list[int]) -> None:
    if not (worker.is_active and worker.takes_cases and worker.left_on is None):
        raise NotPossible(f"{worker} is not taking families at the moment: choose somebody else.")
    refuse_at_tier(worker, tier)
    if worker.pk in has_it:
        raise NotPossible(
            f"{worker} is asked already and has not answered: ring them, or choose somebody else.", field="worker"
        )


def refuse_at_tier(worker: User, tier: int | None) -> None:
    """Raises ``NotPossible`` for whoever is not an intensive family worker, at tier 3 (T3)."""
    if tier == Tier.ENHANCED and not worker.intensive:
        raise NotPossible(f"Tier 3 needs an intensive family worker, and {worker} is not one.")


def offer(
    case: Case,
    *,
    worker: User,
    tier: int,
    by: Any,
    now: datetime,
    preference: str,
    preference_note: str,
    over_limit_reason: str = "",
    because: str = "",
    handover_note: str = "",
    joint_visit: str = "",
) -> Allocation:
    """Offer the family to a worker. At tier 3 the worker leads as an intensive family worker (domain.md R4).

    ``because``: of a family that has a lead, why another is to lead (one of ``HANDED_ON``).

    Raises ``NotPossible`` if the worker may not be offered a family, or not at this tier.
    """
    asked = case.allocations.filter(status=AllocationStatus.OFFERED)
    has_it = list(asked.values_list("worker", flat=True))
    _refuse_whoever_cannot(worker, tier, has_it)
    if has_it:
        take_offer_back(case, now=now)
    allocation = Allocation.objects.create(
        case=case,
        worker=worker,
        role=TeamRole.INTENSIVE if tier == Tier.ENHANCED else TeamRole.LEAD,
        preference=preference,
        preference_note=preference_note,
        over_limit_reason=over_limit_reason,
        because=because,
        handover_note=handover_note,
        joint_visit=joint_visit,
        offered_by=person(by),
        offered_at=now,
    )
    promise(case, "D_ACCEPT", now=now, holder=worker)
    notify(
        [worker],
        kind=Kind.REQUEST,
        title="A family is offered to you",
        reference=case.reference,
        url=case.get_absolute_url(),
        key=f"allocation:{allocation.pk}:offered",
        now=now,
        urgent=True,
    )
    return allocation


def take_offer_back(case: Case, *, now: datetime) -> None:
    """Whoever was asked is asked no longer, and hears of it: they may be about to answer, or have told the family so."""
    offered = list(case.allocations.filter(status=AllocationStatus.OFFERED).select_related("worker"))
    for allocation in offered:
        allocation.status, allocation.answered_at = AllocationStatus.WITHDRAWN, now
        allocation.save(update_fields=["status", "answered_at"])
        notify(
            [allocation.worker],
            kind=Kind.NEWS,
            title="A family that was offered to you is not offered to you any more",
            reference=case.reference,
            url="/",
            key=f"allocation:{allocation.pk}:withdrawn",
            now=now,
        )
    if offered:
        release(case, now=now, codes=("D_ACCEPT",))


def turn_down(case: Case, *, by: Any, now: datetime, reason: str) -> None:
    """The offer ends declined. A worker whose manager declined hears of it: what they were to answer is answered.

    Raises ``NotPossible`` if there is no offer any more.
    """
    allocation = case.allocations.filter(status=AllocationStatus.OFFERED).select_related("worker").first()
    if allocation is None:
        raise NotPossible("The offer was withdrawn.")
    allocation.status, allocation.answered_at, allocation.decline_reason = AllocationStatus.DECLINED, now, reason
    allocation.save(update_fields=["status", "answered_at", "decline_reason"])
    release(case, now=now, codes=("D_ACCEPT",))
    if person(by) == allocation.worker:
        return
    notify(
        [allocation.worker],
        kind=Kind.NEWS,
        title="Your manager declined a family that was offered to you",
        reference=case.reference,
        url="/",
        key=f"allocation:{allocation.pk}:declined_for",
        now=now,
    )


def refuse_half_a_hand_over(case: Case, *, because: str, handover_note: str, joint_visit: str) -> None:
    """Of a family that has a lead: why another is to lead, and what goes with it, for nobody may be there to ask afterwards.

    Raises ``NotPossible`` for whatever of it was not said.
    """
    if case.lead_id is None:
        return
    if because not in HANDED_ON:
        raise NotPossible(f"Say why another than {case.lead} is to lead.", field="because")
    if not handover_note:
        raise NotPossible("Say what the next lead professional needs to know first.", field="handover_note")
    if not joint_visit:
        raise NotPossible("Say when both visit the family together, or why they do not.", field="joint_visit")
