"""What each kind of decision does to the case. Every one of them is carried out in the transaction that writes it down.

An outcome takes ``(item, *, by, now, rationale, **facts)`` and answers with what the decision's row keeps of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import AllocationEnd, NotOpenedReason, TeamRole, Tier
from earlyhelp.cases.models import Case
from earlyhelp.cases.offers import offer
from earlyhelp.cases.services import join_team
from earlyhelp.cases.timebox import set_timebox
from earlyhelp.core.words import within
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import DECIDES, DecisionKind
from hubs.models import AgendaItem, Conflict, StepRequest
from hubs.queries import is_eligible, percent_with
from hubs.services.service_offers import name_services
from hubs.services.steps import settle_approved

Outcome = Callable[..., dict[str, Any]]


def carry_out(item: AgendaItem, kind: str, **facts: Any) -> dict[str, Any]:
    """Do to the case what was decided. Raises ``NotPossible`` if this kind of item is not decided so."""
    if kind not in DECIDES[item.kind]:  # type: ignore[index]
        raise NotPossible(
            f"“{DecisionKind(kind).label}” is not a decision about a “{within(item.get_kind_display())}”."
        )
    return OUTCOMES[kind](item, **facts)


def allocate(
    item: AgendaItem,
    *,
    by: Any,
    now: datetime,
    rationale: str,
    tier: int,
    worker: Any,
    preference: str,
    preference_note: str,
    specialists: Iterable[Any] = (),
    no_specialist_reason: str = "",
    to_offer: Iterable[Any] = (),
    over_limit_reason: str = "",
    missing_provision: str = "",
    programme: str = "",
    programme_ends_on: date | None = None,
    first_taf_on: date | None = None,
    first_review_on: date | None = None,
    message: str = "",
) -> dict[str, Any]:
    """The hub opens the episode. The guards are those of domain.md 6.4; those of the tier are the case's own."""
    if tier > item.case.level_of_need and not missing_provision:
        raise NotPossible("The tier is above the assessed level of need: say what provision is missing.")
    guard_worker(item.case, worker, tier, over_limit_reason=over_limit_reason)
    specialists = list(specialists)
    item.case = cases.allocate(
        item.case,
        by=by,
        now=now,
        tier=tier,
        worker=worker,
        reason=rationale,
        preference=preference,
        preference_note=preference_note,
        specialists=specialists,
        no_specialist_reason=no_specialist_reason,
        over_limit_reason=over_limit_reason,
        first_taf_on=first_taf_on,
        first_review_on=first_review_on,
        message=message,
    )
    name_services(item.case, [*specialists, *to_offer], by=by, now=now)
    if programme_ends_on:
        item.case = set_timebox(item.case, by=by, now=now, ends_on=programme_ends_on, programme=programme)
    return {"tier": tier, "worker": worker}


def guard_worker(case: Case, worker: Any, tier: int, *, over_limit_reason: str = "") -> None:
    """Who may be offered this family: takes families here, knows them not otherwise, and over the limit only with a reason."""
    if not is_eligible(worker, case):
        if Conflict.objects.standing().filter(case=case, user=worker).exists():
            raise NotPossible(f"{worker} has declared an interest in this family: choose somebody else.")
        if worker.pk != case.lead_id:
            raise NotPossible(f"{worker} does not take families in this area: choose somebody else.")
    percent, over_limit = percent_with(worker, case, tier)
    if over_limit and not over_limit_reason and worker.pk != case.lead_id:
        raise NotPossible(f"{worker} would be at {percent}% of their limit: say why this is right all the same.")


def approve_step(
    item: AgendaItem,
    *,
    by: Any,
    now: datetime,
    rationale: str,
    worker: Any = None,
    preference: str = "",
    preference_note: str = "",
    specialists: Iterable[Any] = (),
    no_specialist_reason: str = "",
    over_limit_reason: str = "",
    missing_provision: str = "",
    not_awaited_reason: str = "",
    reassess: bool = False,
) -> dict[str, Any]:
    """The tier changes now; a new lead is offered the family, and the old one stays until the new one accepts (8.1, 8.3)."""
    step = _step_of(item)
    kept = {"tier": step.to_tier, "not_awaited_reason": _not_awaited(step, worker, not_awaited_reason)}
    settle_approved(item.case, now=now, reason="A later step takes its place.")
    if step.closes:
        item.case = cases.approve_step_out(item.case, by=by, now=now, reason=rationale)
        return kept
    if step.to_tier > item.case.level_of_need and not missing_provision:
        raise NotPossible("The tier is above the assessed level of need: say what provision is missing.")
    worker = worker or step.receiving
    _guard_lead(item.case, step.to_tier, worker)
    _name_specialists(item.case, step.to_tier, list(specialists), no_specialist_reason, by=by, now=now)
    item.case = cases.approve_step(item.case, by=by, now=now, to_tier=step.to_tier, reason=rationale, reassess=reassess)
    if worker is None or worker.pk == item.case.lead_id:
        return kept
    guard_worker(item.case, worker, step.to_tier, over_limit_reason=over_limit_reason)
    if not (preference and preference_note):
        raise NotPossible("Say whether the family was asked whom they would like, and what they said (R5).")
    offer(
        item.case,
        worker=worker,
        tier=step.to_tier,
        by=by,
        now=now,
        preference=preference,
        preference_note=preference_note,
        over_limit_reason=over_limit_reason,
        because=AllocationEnd.TIER_CHANGE if item.case.lead_id else "",
        handover_note=step.handover_note,
        joint_visit=step.joint_visit,
    )
    return kept | {"worker": worker}


def _not_awaited(step: StepRequest, lead: Any, reason: str) -> str:
    """Why nobody waits for whoever receives the family: kept only of a step down to which not all have said yes (8.3)."""
    awaited = "" if step.is_up else step.waits_for(lead)
    if awaited and not reason:
        raise NotPossible(
            f"A step down is approved once {awaited} said yes: wait, or say why it is approved all the same.",
            field="not_awaited_reason",
        )
    return reason if awaited else ""


def _guard_lead(case: Case, tier: int, worker: Any) -> None:
    leads = worker or case.lead
    if tier == Tier.ENHANCED and not (leads and leads.intensive):
        raise NotPossible("Tier 3 is led by an intensive family worker (T3): choose one.")


def _name_specialists(case: Case, tier: int, named: list[Any], why_none: str, *, by: Any, now: datetime) -> None:
    """Tier 3 has at least one specialist service beside the lead, or a recorded reason why none (T3)."""
    present = case.team.current().filter(role=TeamRole.SPECIALIST)
    if tier == Tier.ENHANCED and not named and not why_none and not present.exists():
        raise NotPossible("Tier 3 names at least one specialist service, or says why there is none (T3).")
    there = set(present.values_list("service", flat=True))
    for service in named:
        if service.pk not in there:
            join_team(case, role=TeamRole.SPECIALIST, service=service, by=by, now=now)
    name_services(case, named, by=by, now=now)


def decline_step(item: AgendaItem, *, by: Any, now: datetime, rationale: str) -> dict[str, Any]:
    item.case = cases.decline_step(item.case, by=by, now=now, reason=rationale)
    return {}


def _not_opened(outcome: NotOpenedReason) -> Outcome:
    def carry(
        item: AgendaItem,
        *,
        by: Any,
        now: datetime,
        rationale: str,
        where: str = "",
        handover: Mapping[str, Any] | None = None,
        message: str = "",
    ) -> dict[str, Any]:
        told = {"where": where, "handover": handover, "message": message}
        item.case = cases.not_opened(item.case, by=by, now=now, outcome=outcome, reason=rationale, **told)
        return {"signposted_to": where}

    return carry


def ratify_closure(item: AgendaItem, *, by: Any, now: datetime, rationale: str, end_reason: str) -> dict[str, Any]:
    item.case = cases.ratify_closure(item.case, by=by, now=now, end_reason=end_reason, reason=rationale, heard=True)
    return {}


def refuse_closure(item: AgendaItem, *, by: Any, now: datetime, rationale: str) -> dict[str, Any]:
    item.case = cases.refuse_closure(item.case, by=by, now=now, reason=rationale, heard=True)
    return {}


def note(item: AgendaItem, *, by: Any, now: datetime, rationale: str) -> dict[str, Any]:
    """Heard, and nothing about the case changes: the actions do the work."""
    return {}


def _step_of(item: AgendaItem) -> StepRequest:
    if item.step is None:
        raise NotPossible("The request itself is not on record: ask the lead professional to write it again.")
    return item.step


OUTCOMES: dict[str, Outcome] = {
    DecisionKind.ALLOCATE: allocate,
    DecisionKind.APPROVE_STEP: approve_step,
    DecisionKind.DECLINE_STEP: decline_step,
    DecisionKind.RETURN_TO_ACCESS: _not_opened(NotOpenedReason.RETURNED),
    DecisionKind.SIGNPOST: _not_opened(NotOpenedReason.SIGNPOSTED),
    DecisionKind.HAND_OVER: _not_opened(NotOpenedReason.HANDED_OVER),
    DecisionKind.RATIFY_CLOSURE: ratify_closure,
    DecisionKind.REFUSE_CLOSURE: refuse_closure,
    DecisionKind.UNBLOCK: note,  # its action does the work: see ``services.blockages.heard``
    DecisionKind.NOTE: note,
}
