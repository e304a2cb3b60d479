"""The life of a case. Read this file from top to bottom: it is the state machine of domain.md 6.5."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from earlyhelp.cases.enums import (
    LED,
    LIVE,
    OPEN,
    AllocationStatus,
    EndReason,
    FollowUpResult,
    NotOpenedReason,
    Status,
    TeamRole,
    Tier,
)
from earlyhelp.cases.guards import (
    closure_refused,
    follow_acceptance,
    opened,
    refuse_before_it_began,
    refuse_if_unfinished,
    refuse_to_answer_closure,
    refuse_whoever_asked,
    turn_away,
)
from earlyhelp.cases.models import Case
from earlyhelp.cases.offers import offer, refuse_half_a_hand_over, take_offer_back, turn_down
from earlyhelp.cases.queries import chairs_of, follow_up_due
from earlyhelp.cases.services import (
    OF_A_STEP,
    REVIEWS,
    ask_for_step,
    change_tier,
    close,
    decider,
    end,
    end_the_timebox,
    hand_to,
    hand_to_chair,
    join_team,
    promise_first_dates,
    promise_review,
    refuse_as_sole_plan,
    stood_before_closing,
    tell,
    tell_chairs,
    tell_lead,
)
from earlyhelp.core.dates import day
from earlyhelp.deadlines.services import keep, promise, release
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.transitions import NotPossible, transition

# --- the hub decides ---------------------------------------------------------------------------------------------------


@transition(Case, label="Allocate", sources=[Status.AWAITING_DECISION], target=Status.OPENED)
def allocate(
    case: Case,
    *,
    by: Any,
    now: datetime,
    tier: int,
    worker: Any,
    reason: str,
    preference: str,
    preference_note: str,
    specialists: Iterable[Any] = (),
    no_specialist_reason: str = "",
    over_limit_reason: str = "",
    first_taf_on: date | None = None,
    first_review_on: date | None = None,
    message: str = "",
) -> dict[str, Any]:
    """The hub opens the episode and offers it: a lead professional at tier 2, an intensive worker and named specialists at 3.

    ``first_taf_on`` and ``first_review_on`` are sooner than the standards ask, never later; whoever referred reads ``message``.
    """
    specialists = list(specialists)
    if tier not in (Tier.TARGETED, Tier.ENHANCED):
        raise NotPossible("A case is opened at tier 2 or 3 only (T1): signpost instead.")
    if tier == Tier.ENHANCED and not specialists and not no_specialist_reason:
        raise NotPossible("Tier 3 names at least one specialist service, or says why there is none (T3).")
    refuse_as_sole_plan(case)
    change_tier(case, tier, by=by, now=now, reason=reason)
    case.opened_on = timezone.localdate(now)
    keep(case, "D_MMT_WAIT", "D_URGENT_HUB", now=now)
    for service in specialists:
        join_team(case, role=TeamRole.SPECIALIST, service=service, by=by, now=now)
    offer(
        case,
        worker=worker,
        tier=tier,
        by=by,
        now=now,
        preference=preference,
        preference_note=preference_note,
        over_limit_reason=over_limit_reason,
    )
    promise_first_dates(case, worker, taf_on=first_taf_on, review_on=first_review_on, now=now)
    opened(case, by=by, message=message, now=now)
    noted = {"reason": reason, "tier": tier, "worker": worker.pk, "no_specialist_reason": no_specialist_reason}
    return noted | ({"message": message} if message else {})


@transition(Case, label="Offer to somebody else", sources=OPEN, rule="hand_on")
def offer_again(
    case: Case,
    *,
    by: Any,
    now: datetime,
    worker: Any,
    preference: str,
    preference_note: str,
    reason: str,
    over_limit_reason: str = "",
    because: str = "",
    handover_note: str = "",
    joint_visit: str = "",
) -> dict[str, Any]:
    """The offer was declined, or has waited too long; or the family is to have another lead: another worker is asked.

    Whoever leads already goes on until the other accepts, so that the family is never without one (domain.md 6.5).
    """
    if worker == case.lead:
        raise NotPossible(f"{worker} leads this case already.", field="worker")
    refuse_half_a_hand_over(case, because=because, handover_note=handover_note, joint_visit=joint_visit)
    keep(case, "D_URGENT_HUB", now=now)
    offer(
        case,
        worker=worker,
        tier=case.tier or 0,
        by=by,
        now=now,
        preference=preference,
        preference_note=preference_note,
        over_limit_reason=over_limit_reason,
        because=because if case.lead_id else "",
        handover_note=handover_note,
        joint_visit=joint_visit,
    )
    return {"reason": reason, "worker": worker.pk}


@transition(Case, label="Do not open", sources=[Status.AWAITING_DECISION], target=Status.NOT_OPENED, rule="allocate")
def not_opened(
    case: Case,
    *,
    by: Any,
    now: datetime,
    outcome: str,
    reason: str,
    where: str = "",
    handover: Mapping[str, Any] | None = None,
    message: str = "",
) -> dict[str, Any]:
    """The hub returns, signposts or hands over instead. No episode began, and none is ever counted.

    Who hands over says it in their own words: why the hub decides so is not what social care has to know (domain.md 6.9).
    """
    case.not_opened_reason, told = NotOpenedReason(outcome), dict(handover or {})
    if outcome == NotOpenedReason.SIGNPOSTED and not where:
        raise NotPossible("Say where the family is signposted to: a service, or who else helps them.")
    if outcome == NotOpenedReason.HANDED_OVER and not (told.get("concern") and told.get("family_told") is not None):
        raise NotPossible("Say what has happened or is feared, and whether the family knows: social care reads it.")
    release(case, now=now)
    turn_away(case, by=by, now=now, reason=reason, where=where, message=message, handover=told)
    noted = {"reason": reason, "outcome": outcome, "where": where}
    return noted | ({"message": message} if message else {})


# --- the worker answers ------------------------------------------------------------------------------------------------


@transition(Case, label="Accept", sources=[Status.OPENED], target=Status.ALLOCATED, rule="answer_offer")
def accept(case: Case, *, by: Any, now: datetime) -> dict[str, Any]:
    """The worker takes the family: from now on there is one lead professional, and the family is told who."""
    allocation = case.allocations.get(status=AllocationStatus.OFFERED)
    hand_to(case, allocation, by=by, now=now)
    keep(case, "D_ACCEPT", now=now)
    promise(case, "D_FIRST_CONTACT", now=now, holder=case.lead, tier=case.tier)
    promise(case, "D_ASSESS", now=now, holder=case.lead, tier=case.tier)
    follow_acceptance(case, by=by, now=now)
    return {"worker": allocation.worker_id}


@transition(Case, label="Decline", sources=OPEN, rule="decline_offer")
def decline(case: Case, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The worker cannot take the family, or their manager says so for them.

    One that nobody leads, or nobody who may at this tier, goes back to the chair (T3), who has two working days; whoever leads
    goes on meanwhile, and is told.
    """
    turn_down(case, by=by, now=now, reason=reason)
    may_lead = case.lead is not None and (case.lead.intensive or case.tier != Tier.ENHANCED)
    if not may_lead:
        promise(case, "D_URGENT_HUB", now=now, label="Offer the family to somebody else", **decider(case))
    if case.lead is not None:
        tell_lead(case, "The change of lead professional was declined", f"case:{case.pk}:kept:{now:%Y%m%d%H%M%S}", now)
    tell_chairs(case, "An offered family was declined", f"case:{case.pk}:declined:{now:%Y%m%d%H%M%S}", now)
    return {"reason": reason}


@transition(Case, label="Take over", sources=LED, rule="answer_offer")
def take_over(case: Case, *, by: Any, now: datetime) -> dict[str, Any]:
    """A new lead accepts a family that has one: the former lead ends in the same moment."""
    former = case.lead
    allocation = case.allocations.filter(status=AllocationStatus.OFFERED).first()
    if allocation is None:
        raise NotPossible("The offer was withdrawn.")
    hand_to(case, allocation, by=by, now=now)
    keep(case, "D_ACCEPT", now=now)
    notify(
        [former],
        kind=Kind.NEWS,
        title="Another lead professional has taken over",
        reference=case.reference,
        url=case.get_absolute_url(),
        key=f"allocation:{allocation.pk}:succeeded",
        now=now,
    )
    return {"worker": allocation.worker_id, "former": former.pk if former else None}


# --- the work ----------------------------------------------------------------------------------------------------------


@transition(Case, label="Record first contact", sources=[Status.ALLOCATED], target=Status.ASSESSING, rule="lead")
def record_first_contact(case: Case, *, by: Any, now: datetime, met_on: date, who_was_seen: str) -> dict[str, Any]:
    """The lead professional has met the family."""
    if met_on > timezone.localdate(now):
        raise NotPossible("The day on which you met the family cannot be in the future.")
    refuse_before_it_began(case, met_on, field="met_on")
    keep(case, "D_FIRST_CONTACT", now=now)
    return {"met_on": met_on.isoformat(), "reason": who_was_seen}


@transition(Case, label="Complete the assessment", sources=[Status.ASSESSING], target=Status.PLANNING, rule="lead")
def assessment_completed(case: Case, *, by: Any, now: datetime, level_of_need: int) -> dict[str, Any]:
    """The whole family was assessed with them; its own guards are kept where assessments live."""
    case.level_of_need = level_of_need
    keep(case, "D_ASSESS", now=now)
    promise(case, "D_REASSESS", now=now, holder=case.lead, tier=case.tier)
    return {"level_of_need": level_of_need}


@transition(Case, label="Agree the plan", sources=[Status.PLANNING], target=Status.SUPPORTED, rule="lead")
def plan_agreed(case: Case, *, by: Any, now: datetime) -> dict[str, Any]:
    """The plan was agreed with the family at the first TAF meeting: support begins and the first review has its day."""
    keep(case, "D_FIRST_TAF", now=now)
    promise_review(case, now=now, first=True, at_latest=case.next_review_on)
    return {"next_review_on": case.next_review_on.isoformat() if case.next_review_on else None}


@transition(Case, label="Record a review", sources=[Status.SUPPORTED], rule="lead")
def reviewed(case: Case, *, by: Any, now: datetime, held_on: date, decision: str) -> dict[str, Any]:
    """A review was recorded: the promise is kept and the next one made, at the tier's own pace."""
    keep(case, *REVIEWS, now=now)
    promise_review(case, now=now)
    next_on = case.next_review_on.isoformat() if case.next_review_on else None
    return {"held_on": held_on.isoformat(), "decision": decision, "next_review_on": next_on}


# --- more or less than this tier can give --------------------------------------------------------------------------------


@transition(Case, label="Ask for a step", sources=[Status.SUPPORTED], target=Status.STEP_REQUESTED, rule="lead")
def request_step(
    case: Case, *, by: Any, now: datetime, to_tier: int, reason: str, urgent: bool = False
) -> dict[str, Any]:
    """The lead professional asks the hub for more, or for less. Nobody decides their own request."""
    if to_tier == case.tier:
        raise NotPossible("The family is at that tier already.")
    ask_for_step(case, to_tier, now=now, urgent=urgent)
    return {"to_tier": to_tier, "reason": reason}


@transition(Case, label="Approve the step", sources=[Status.STEP_REQUESTED], target=Status.SUPPORTED, rule="decide")
def approve_step(
    case: Case, *, by: Any, now: datetime, to_tier: int, reason: str, reassess: bool = False
) -> dict[str, Any]:
    """Only the hub changes a tier (R6). A review follows six weeks later, and the tier's own dates from then on (T6).

    Whoever was offered the family was offered it at the tier before, and is not any more.
    ``reassess``: the hub orders that the whole family is assessed again; else no assessment is owed by a step (domain.md 7).
    """
    if to_tier not in (Tier.TARGETED, Tier.ENHANCED):
        raise NotPossible("A step below tier 2 closes the case: approve it as a closure (T1).")
    refuse_whoever_asked(case, by)
    refuse_as_sole_plan(case)
    change_tier(case, to_tier, by=by, now=now, reason=reason)
    take_offer_back(case, now=now)
    end_the_timebox(case, now=now)
    keep(case, *OF_A_STEP, now=now)
    promise_review(case, now=now, first=True)
    if reassess:
        promise(case, "D_ASSESS", now=now, holder=case.lead, tier=to_tier, label="Assess the whole family again")
    tell_lead(case, "The step was approved", f"case:{case.pk}:step_approved:{now:%Y%m%d%H%M%S}", now)
    return {"to_tier": to_tier, "reason": reason, "reassess": reassess}


@transition(
    Case, label="Approve the step down and close", sources=[Status.STEP_REQUESTED], target=Status.CLOSING, rule="decide"
)
def approve_step_out(case: Case, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """A step down to tier 1 or 0 is enacted by closing, once each remaining action has a named taker (T1)."""
    refuse_whoever_asked(case, by)
    keep(case, *OF_A_STEP, now=now)
    release(case, now=now, codes=REVIEWS)
    end_the_timebox(case, now=now)
    case.next_review_on, case.closure_approved = None, True
    promise(case, "D_CLOSE", now=now, holder=case.lead, label="Close the case after the step down")
    tell_lead(case, "The step down was approved: close the case", f"case:{case.pk}:step_out:{now:%Y%m%d%H%M%S}", now)
    return {"reason": reason}


@transition(Case, label="Decline the step", sources=[Status.STEP_REQUESTED], target=Status.SUPPORTED, rule="decide")
def decline_step(case: Case, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    refuse_whoever_asked(case, by)
    keep(case, *OF_A_STEP, now=now)
    tell_lead(case, "The step was declined", f"case:{case.pk}:step_declined:{now:%Y%m%d%H%M%S}", now)
    return {"reason": reason}


@transition(
    Case, label="Withdraw the step request", sources=[Status.STEP_REQUESTED], target=Status.SUPPORTED, rule="lead"
)
def withdraw_step(case: Case, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    release(case, now=now, codes=OF_A_STEP)
    return {"reason": reason}


@transition(Case, label="Send the request back", sources=[Status.STEP_REQUESTED], target=Status.SUPPORTED, rule="wait")
def return_step(case: Case, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """EH Access could not put it to the hub as it is: what is missing is said, and the lead asks again (domain.md R7)."""
    keep(case, "D_STEP_CHECK", now=now)
    release(case, now=now, codes=OF_A_STEP)
    tell_lead(case, "EH Access sends a step request back", f"case:{case.pk}:step_back:{now:%Y%m%d%H%M%S}", now)
    return {"reason": reason}


# --- a restricted record has one chair ----------------------------------------------------------------------------------


@transition(Case, label="Name the chair who decides", sources=LIVE, rule="name_chair")
def name_chair(case: Case, *, by: Any, now: datetime, chair: Any, reason: str) -> dict[str, Any]:
    """Whoever keeps restricted records names one chair of the hub, who then sees this record and decides (domain.md 5 d)."""
    if not case.restricted:
        raise NotPossible("This record is not restricted: every chair of its hub may decide.")
    if chair == case.lead:
        raise NotPossible(f"{chair} leads this case, and nobody decides their own request.")
    if not chairs_of(case.area).filter(pk=chair.pk).exists():
        raise NotPossible(f"{chair} chairs no hub of this area.")
    hand_to_chair(case, chair)
    case.named_chair = chair
    tell(case, [chair], "You are asked to decide", f"case:{case.pk}:chair:{now:%Y%m%d%H%M%S}", now)
    return {"chair": chair.pk, "reason": reason}


# --- the end -----------------------------------------------------------------------------------------------------------


@transition(
    Case,
    label="Propose closure",
    sources=[Status.SUPPORTED, Status.ASSESSING, Status.PLANNING],
    target=Status.CLOSING,
    rule="lead",
)
def propose_closure(
    case: Case,
    *,
    by: Any,
    now: datetime,
    end_reason: str,
    summary: str,
    family_views: str,
    follow_up_agreed: bool | None,
) -> dict[str, Any]:
    """The lead professional asks the hub or their manager to agree that the work is done."""
    refuse_if_unfinished(case)
    case.closure_summary, case.follow_up_agreed, case.next_review_on = summary, follow_up_agreed, None
    keep(case, *REVIEWS, now=now)
    end_the_timebox(case, now=now)
    promise(case, "D_CLOSE", now=now, **decider(case))
    return {"proposed": EndReason(end_reason).value, "family_views": family_views}


@transition(Case, label="Close after the step down", sources=[Status.CLOSING], target=Status.CLOSED, rule="lead")
def close_stepped_down(
    case: Case,
    *,
    by: Any,
    now: datetime,
    end_reason: str,
    summary: str,
    family_views: str,
    follow_up_agreed: bool | None,
) -> dict[str, Any]:
    """The hub has approved the step down already: the lead professional hands over what is left and closes."""
    if not case.closure_approved:
        raise NotPossible("The hub or a manager has to ratify this closure.")
    refuse_if_unfinished(case)
    case.closure_summary, case.follow_up_agreed = summary, follow_up_agreed
    change_tier(case, Tier.UNIVERSAL, by=by, now=now, reason=summary)
    close(case, now=now, end_reason=end_reason)
    return {"end_reason": end_reason, "family_views": family_views, "reason": summary}


@transition(Case, label="Ratify the closure", sources=[Status.CLOSING], target=Status.CLOSED, rule="ratify")
def ratify_closure(
    case: Case, *, by: Any, now: datetime, end_reason: str, reason: str, heard: bool = False
) -> dict[str, Any]:
    """The hub or a manager agrees: the episode ends, permissions with it, and a follow-up is promised if the family agreed."""
    if case.closure_approved:
        raise NotPossible("The hub approved the step down: the lead professional closes this case.")
    refuse_to_answer_closure(case, by, heard=heard)
    close(case, now=now, end_reason=end_reason)
    tell_lead(case, "The closure was ratified", f"case:{case.pk}:closed", now)
    return {"reason": reason, "end_reason": end_reason}


@transition(Case, label="Do not agree to the closure", sources=[Status.CLOSING], target=Status.SUPPORTED, rule="ratify")
def refuse_closure(case: Case, *, by: Any, now: datetime, reason: str, heard: bool = False) -> dict[str, Any]:
    """The work goes on from where it stood (domain.md 6.5). A step out that the hub had approved is approved no more."""
    refuse_to_answer_closure(case, by, heard=heard)
    keep(case, "D_CLOSE", now=now)
    case.status = stood_before_closing(case)
    if case.status == Status.SUPPORTED:
        promise_review(case, now=now)
    if case.closure_approved:
        case.closure_approved = False
        closure_refused(case, by=by, now=now)
        key = f"case:{case.pk}:step_out_refused:{now:%Y%m%d%H%M%S}"
        tell_chairs(case, "A step out that the hub had approved is not agreed any more", key, now)
    tell_lead(case, "The closure was not agreed", f"case:{case.pk}:closure_refused:{now:%Y%m%d%H%M%S}", now)
    return {"reason": reason}


@transition(Case, label="The family withdraws", sources=OPEN, target=Status.CLOSED, rule="lead")
def family_withdrew(case: Case, *, by: Any, now: datetime, safeguarding_check: str, reason: str) -> dict[str, Any]:
    """Help is voluntary. Whoever records it asks once more whether anybody is at risk; the hub hears of it."""
    end(case, now=now, reason=EndReason.FAMILY_WITHDREW)
    tell_chairs(case, "A family withdrew", f"case:{case.pk}:withdrew", now)
    return {"reason": reason, "safeguarding_check": safeguarding_check}


@transition(Case, label="Close: social care leads now", sources=OPEN, target=Status.CLOSED, rule="lead")
def stepped_up(case: Case, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Social care accepted the hand-over and early help ends. Where it goes on alongside, the case stays open instead."""
    refuse_if_unfinished(case, social_care_leads=True)
    end(case, now=now, reason=EndReason.STEPPED_UP)
    tell_chairs(case, "A case ended: social care leads now", f"case:{case.pk}:stepped_up", now)
    return {"reason": reason}


@transition(Case, label="Follow-up is due", sources=[Status.CLOSED], target=Status.FOLLOW_UP, rule="follow_up")
def begin_follow_up(case: Case, *, by: Any, now: datetime) -> dict[str, Any]:
    """Six months on, somebody asks whether the change has lasted."""
    keep(case, "D_FOLLOW_UP", now=now)
    promise(case, "D_FOLLOW_UP_ANSWER", now=now, holder=case.lead)
    return {}


@transition(
    Case, label="Record the follow-up", sources=[Status.CLOSED, Status.FOLLOW_UP], target=Status.ENDED, rule="follow_up"
)
def record_follow_up(case: Case, *, by: Any, now: datetime, result: str, note: str) -> dict[str, Any]:
    """What came of it, asked six months after closing and not before (``D_FOLLOW_UP``). A family may say no at any time."""
    if not case.follow_up_agreed:
        raise NotPossible("The family did not agree to be asked later, and is not asked.")
    due_on = follow_up_due(case)
    if due_on and due_on > timezone.localdate(now) and result != FollowUpResult.DECLINED:
        raise NotPossible(f"Ask from {day(due_on)} on: whether the change has lasted shows then.", field="result")
    case.follow_up_result, case.follow_up_note = result, note
    keep(case, "D_FOLLOW_UP", "D_FOLLOW_UP_ANSWER", now=now)
    return {"result": result, "reason": note}
