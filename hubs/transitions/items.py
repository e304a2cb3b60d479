"""One family before the hub: heard, decided once, in a meeting or between two (domain.md 6.4). Read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from earlyhelp.core import dates
from earlyhelp.core.composed import PlannedOnce, held
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, transition
from hubs.enums import LIVE_ITEM, ON_AGENDA, AnswerStatus, DecisionKind, ItemKind, ItemStatus
from hubs.models import AgendaItem, ChairsRequest, Conflict, HubDecision, HubMeeting, ServiceGap, StepRequest
from hubs.queries import next_meeting
from hubs.queries.interests import chairs_here
from hubs.services import hearing
from hubs.services.actions import undertake
from hubs.services.blockages import heard
from hubs.services.outcomes import carry_out
from hubs.transitions.agenda import goes_on_to
from hubs.transitions.sitting import sitting
from hubs.transitions.steps import answer

UNHEARD = "Nobody who was here could hear this family in the chair’s place: the chair has declared an interest in it."
UNHEARD_ALL_THE_SAME = (
    "The chair has declared an interest in this family. {} could have heard it, and the meeting closed before."
)
DEFERRED_LATE = "Deferred by the meeting before, after these papers had gone out."
NEEDS_A_CHAIR = (
    "Another chair at the next meeting, or somebody who hears it in the chair’s place. The coordinator sees to it."
)
NEEDS_SOMEBODY = "Somebody who hears it in the chair’s place. A service manager says who."

# --- in the meeting ----------------------------------------------------------------------------------------------------


@transition(AgendaItem, label="Hear this family now", sources=ON_AGENDA, rule="decide")
def hear(item: AgendaItem, *, by: Any, now: datetime) -> dict[str, Any]:
    """Out of turn: everybody who follows the meeting sees this family from now on, and its time begins."""
    sitting(_meets_now(item), by)
    hearing.hear(item, now=now)
    return {}


@transition(
    AgendaItem,
    label="Park: come back to it",
    sources=[ItemStatus.SCHEDULED, ItemStatus.DEFERRED],
    target=ItemStatus.DISCUSSED,
    rule="decide",
)
def discuss(item: AgendaItem, *, by: Any, now: datetime) -> dict[str, Any]:
    """Talked over and not decided yet: the meeting comes back to it."""
    _in_session(item, by)
    return {}


@transition(AgendaItem, label="Record the decision", sources=ON_AGENDA, target=ItemStatus.DECIDED)
def decide(
    item: AgendaItem,
    *,
    by: Any,
    now: datetime,
    kind: str,
    rationale: str,
    actions: Iterable[dict[str, Any]] = (),
    **facts: Any,
) -> dict[str, Any]:
    """The hub decides, and the decision is carried out on the case in the same moment or not at all (promise P10)."""
    _as_it_stands(item)
    _in_session(item, by)
    _refuse_unasked(item, kind)
    _write(item, by=by, now=now, kind=kind, rationale=rationale, actions=actions, facts=facts, meeting=item.meeting)
    return {"decided": kind, "reason": rationale}


@transition(AgendaItem, label="Defer to the next meeting", sources=ON_AGENDA, target=ItemStatus.DEFERRED, rule="decide")
def defer(
    item: AgendaItem,
    *,
    by: Any,
    now: datetime,
    rationale: str,
    needed: str,
    manager: Any = None,
    chaired_by: Any = None,
) -> dict[str, Any]:
    """Not decided today: what is needed, and from whom. A second deferral takes a manager's name (domain.md 6.4)."""
    if by is not SYSTEM:  # a meeting that closes, or is called off, defers what is left
        sitting(_meets_now(item), by)
    if item.deferrals and not _manages(manager):
        raise NotPossible(f"{item} was deferred before: a second deferral needs a manager’s name.")
    later = next_meeting(item.hub, after=item.meeting)
    if later is None:
        raise NotPossible("This hub has no next meeting in the diary: add one first.")
    _deferral(item, rationale=rationale, needed=needed, manager=manager, by=chaired_by or by, now=now)
    item.deferrals, item.heard_by = item.deferrals + 1, _hears_on(item)
    goes_on_to(item, later, by=by, now=now, late=DEFERRED_LATE)
    return {"reason": rationale, "to_meeting": later.pk}


@transition(
    AgendaItem, label="Defer: nobody here could hear it", sources=ON_AGENDA, target=ItemStatus.DEFERRED, rule="decide"
)
def defer_unheard(item: AgendaItem, *, by: Any, now: datetime, closed_by: Any) -> dict[str, Any]:
    """Whoever closed the meeting may not hear of this family: it is deferred on record, and they are told nothing of it.

    No manager is asked: nobody put it off. With no later meeting in the diary it waits for the next that is planned.
    """
    assert item.meeting is not None
    could = ", ".join(map(str, chairs_here(item)))
    rationale = UNHEARD_ALL_THE_SAME.format(could) if could else UNHEARD
    _deferral(
        item,
        rationale=rationale,
        needed=NEEDS_SOMEBODY if item.nobody_hears_since else NEEDS_A_CHAIR,
        by=closed_by,
        now=now,
    )
    later = next_meeting(item.hub, after=item.meeting)
    item.deferrals, item.heard_by = item.deferrals + 1, _hears_on(item)
    goes_on_to(item, later, by=by, now=now, late=DEFERRED_LATE)
    item.status = ItemStatus.DEFERRED if later else ItemStatus.QUEUED
    return {"reason": rationale, "to_meeting": later.pk if later else None}


# --- between meetings --------------------------------------------------------------------------------------------------


@transition(
    AgendaItem, label="Chair’s action", sources=LIVE_ITEM, target=ItemStatus.DECIDED_OUT_OF_MEETING, rule="decide"
)
def decide_out_of_meeting(
    item: AgendaItem,
    *,
    by: Any,
    now: datetime,
    kind: str,
    rationale: str,
    agreed_by: Any,
    agreed_at: datetime | None = None,
    actions: Iterable[dict[str, Any]] = (),
    **facts: Any,
) -> dict[str, Any]:
    """The chair and one other agency decide what cannot wait; the next meeting ratifies it (domain.md 9.4)."""
    _as_it_stands(item)
    may_decide_alone(item)
    may_agree(item, by, agreed_by)
    agreed = _agreement(item, agreed_by, agreed_at or now, now)
    made = _write(item, by=by, now=now, kind=kind, rationale=rationale, actions=actions, facts=facts, **agreed)
    if not made.agreed_themselves:
        _tell_who_agreed(made, now=now)
    return {"decided": kind, "reason": rationale, "agreed_by": agreed_by.pk}


def may_decide_alone(item: AgendaItem) -> None:
    """Raises ``NotPossible`` for what the meeting hears now, or in time."""
    if item.meeting is not None and item.meeting.in_session:
        raise NotPossible("The hub is meeting now: decide it there.")
    if not can_not_wait(item):
        raise NotPossible(
            "This can wait for the meeting: chair’s action is for what is urgent, or would wait past the standard."
        )


def _agreement(item: AgendaItem, agreed_by: Any, spoken_at: datetime, now: datetime) -> dict[str, Any]:
    """Their own answer, if they were asked and said yes; else what the chair says that they said, and when.

    Nobody agreed in the future, nor before there was a family to agree about.
    """
    if spoken_at > now:
        raise NotPossible("They cannot have agreed in the future.", field="agreed_at")
    came_at = item.case.accepted_at
    if spoken_at < came_at.replace(second=0, microsecond=0):  # nobody types seconds
        raise NotPossible(
            f"They cannot have agreed before the family came to early help, {dates.moment(came_at)}.", field="agreed_at"
        )
    last = ChairsRequest.objects.filter(item=item, asked=agreed_by).order_by("-asked_at", "-pk").first()
    if last is not None and last.status == AnswerStatus.NOT_AGREED:
        raise NotPossible(f"{agreed_by} was asked, and does not agree: {last.answer}", field="agreed_by")
    if last is not None and last.status == AnswerStatus.AGREED:
        return {"agreed_by": agreed_by, "agreed_at": last.answered_at, "agreed_themselves": True}
    return {"agreed_by": agreed_by, "agreed_at": spoken_at}


def can_not_wait(item: AgendaItem) -> bool:
    """Urgent; or the next meeting comes after the day by which a decision is owed; or a step down to which all have said yes."""
    if item.urgent or item.case.urgent or (item.step is not None and not item.step.is_up and not item.step.waits_for()):
        return True
    due_at = AgendaItem.objects.with_due().values_list("due_at", flat=True).get(pk=item.pk)
    meeting = item.meeting or next_meeting(item.hub)
    return meeting is None or (due_at is not None and due_at < meeting.starts_at)


def _hears_on(item: AgendaItem) -> Any:
    """Named for one meeting, they hear it no more; where nobody who runs the hub may, they do until it is decided."""
    return item.heard_by if item.nobody_hears_since else None


def _deferral(item: AgendaItem, *, now: datetime, **said: Any) -> None:
    """On record, where the meeting was that put it off."""
    where = {"item": item, "case": item.case, "hub": item.hub, "meeting": item.meeting}
    HubDecision.objects.create(kind=DecisionKind.DEFER, at=now, **where, **said)


# --- what these share --------------------------------------------------------------------------------------------------


def _as_it_stands(item: AgendaItem) -> None:
    """What a decision asks of the meeting, the hub and the case, read in one query now that the item is held.

    Its step is held before that, and so before the case, as EH Access does: neither waits for the other.
    """
    if item.step_id:
        item.step = held(StepRequest, item.step_id)
    (now,) = _AROUND(None, pk=item.pk)
    item.meeting, item.hub, item.case = now.meeting, now.hub, now.case


@PlannedOnce
def _AROUND(nobody: None, pk: Any) -> Any:
    return AgendaItem.objects.select_related("meeting__hub", "hub__area", "case__area").filter(pk=pk)


def _write(
    item: AgendaItem,
    *,
    by: Any,
    now: datetime,
    kind: str,
    rationale: str,
    actions: Iterable[dict[str, Any]],
    facts: dict[str, Any],
    **where: Any,
) -> HubDecision:
    """Carry the decision out and write it down, with its actions and whatever gap it shows."""
    gap = {name: facts.pop(name, "") for name in ("missing_need",)}
    not_recommended = facts.pop("not_recommended_reason", "")
    if "agreed_by" in where:
        _refuse_before_receivers_agree(item, kind, facts.get("worker"))
    kept = carry_out(item, kind, by=by, now=now, rationale=rationale, **facts)
    decision = HubDecision.objects.create(
        item=item,
        case=item.case,
        hub=item.hub,
        kind=kind,
        rationale=rationale,
        not_recommended_reason=not_recommended,
        by=by,
        at=now,
        **kept,
        **where,
    )
    if facts.get("missing_provision"):
        _gap(decision, tier=kept["tier"], need=gap["missing_need"], note=facts["missing_provision"], now=now)
    if item.kind == ItemKind.STEP_REQUEST and item.step is not None:
        answer(
            item.step,
            by=by,
            now=now,
            approved=kind == DecisionKind.APPROVE_STEP,
            reason=rationale,
            new_lead=decision.worker,
            reassess=facts.get("reassess", False),
        )
    undertaken = [
        undertake(item.hub, now=now, meeting=where.get("meeting"), decision=decision, **action) for action in actions
    ]
    heard(item.case, by=by, now=now, kind=kind, actions=undertaken)
    return decision


def _gap(decision: HubDecision, *, tier: int, need: str, note: str, now: datetime) -> None:
    case = decision.case
    ServiceGap.objects.create(
        area_id=case.area_id,
        need=need,
        note=note,
        tier=tier,
        level_of_need=case.level_of_need,
        decision=decision,
        raised_at=now,
    )


def _meets_now(item: AgendaItem) -> HubMeeting:
    if item.meeting is None or not item.meeting.in_session:
        raise NotPossible("The meeting is not in session: start it first, or take a chair’s action.")
    return item.meeting


def _in_session(item: AgendaItem, by: Any) -> None:
    """By somebody who is there; and quorate for this family: whoever has an interest in it does not count (domain.md 9.2)."""
    here = sitting(_meets_now(item), by, item.case_id)
    if here.missing_at_all:
        raise NotPossible(
            f"The hub is not quorate: {here.missing_at_all} more needed. Close the meeting to defer what is left."
        )
    if here.missing:
        raise NotPossible(
            f"Not quorate for this family: {here.missing} more needed, for whoever has an interest in it does not count."
        )


def _refuse_unasked(item: AgendaItem, kind: str) -> None:
    """Early help needs the family's yes, or it is written down what allows the hub to hear of them without (domain.md 16).

    A request for a step says itself what the family thinks of it.
    """
    if kind == DecisionKind.ALLOCATE and not any(each.may_be_heard for each in _HAS_SAID(None, pk=item.pk)):
        raise NotPossible(
            "Nobody of this family has agreed to early help. Say first why the hub hears of them without it, on the page of "
            "the meeting; or decide otherwise."
        )


@PlannedOnce
def _HAS_SAID(nobody: None, pk: Any) -> Any:
    return AgendaItem.objects.with_agreement().filter(pk=pk)


def may_agree(item: AgendaItem, by: Any, agreed_by: Any) -> None:
    if agreed_by.agency_id is None or agreed_by.agency_id == by.agency_id or not agreed_by.is_active:
        raise NotPossible("A chair’s action needs the agreement of somebody from another agency.")
    if agreed_by.pk in (item.case.lead_id, item.step and item.step.requested_by_id):
        raise NotPossible(f"{agreed_by} asked for this, or leads the family: ask somebody else.")
    if Conflict.objects.standing().filter(case=item.case_id, user=agreed_by).exists():
        raise NotPossible(f"{agreed_by} has declared an interest in this family: ask somebody else.")


def _refuse_before_receivers_agree(item: AgendaItem, kind: str, lead: Any) -> None:
    """Between meetings a step down is approved only once everybody who receives the family has said yes (domain.md 8.3)."""
    if kind != DecisionKind.APPROVE_STEP or item.step is None or item.step.is_up:
        return
    if waits_for := item.step.waits_for(lead):
        raise NotPossible(f"A step down is approved between meetings once {waits_for} said yes: ask first, or wait.")


def _tell_who_agreed(decision: HubDecision, *, now: datetime) -> None:
    """Nobody is named as agreeing without hearing of it: whoever did not agree says so before the meeting ratifies it."""
    notify(
        [decision.agreed_by],
        kind=Kind.NEWS,
        title="A chair’s action says that you agreed to it",
        reference=decision.case.reference,
        url=decision.hub.get_absolute_url(),
        key=f"decision:{decision.pk}:agreed",
        now=now,
    )


def _manages(manager: Any) -> bool:
    roles = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    return (
        manager is not None and Post.objects.current(timezone.localdate()).filter(user=manager, role__in=roles).exists()
    )
