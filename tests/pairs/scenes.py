"""What is raced: for each kind of record how it comes to a state, and what is done to it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from assessments.services.reviewing import Found, record_review
from earlyhelp.cases.enums import AllocationStatus, Status
from earlyhelp.cases.models import Case
from earlyhelp.deadlines.services import promise
from earlyhelp.families.models import Agreement
from hubs import transitions as hub
from hubs.enums import DecisionKind, ItemKind
from hubs.models import AgendaItem, Attendance, HubDecision, HubMeeting, StepRequest
from hubs.services.steps import request_step
from referrals.enums import LawfulBasis
from referrals.models import Referral, SocialCareHandover
from referrals.transitions import handover as handovers
from referrals.transitions import message as messages
from referrals.transitions import referral as referrals
from tests.cases.journeys import TABLE, Journey, case_in
from tests.factories import MONDAY, AreaFactory, CaseFactory, MemberFactory
from tests.hubs.factories import EVIDENCE, MEETS_AT, HubFactory, ItemFactory, MeetingFactory
from tests.pairs.hub_scenes import HUB_SCENES
from tests.pairs.plan_scenes import PLAN_SCENES
from tests.pairs.racing import Act, Scene
from tests.referrals.factories import handed_over, ready_draft, sent, taken

ASKED = {"preference": "asked", "preference_note": "A woman, local."}
NOW = MEETS_AT + timedelta(minutes=20)

# --- a case, and with it the offers of its allocation ------------------------------------------------------------------


def _of_table(journey: Journey) -> Act:
    flags = ("approved", "boxed", "restricted", "taken")
    offered = (f"offered:{journey.actor}",) if journey.offered else ()
    needs = (*offered, *(flag for flag in flags if getattr(journey, flag)))
    return Act(journey.name, journey.actor, journey.facts, needs)


def _case(people: dict[str, Any], state: str, needs: set[str]) -> Case:
    offered_to = next((need.partition(":")[2] for need in needs if need.startswith("offered")), "")
    flags = {flag: flag in needs for flag in ("approved", "boxed", "restricted", "taken")}
    journey = replace(TABLE[0], actor=offered_to, offered=bool(offered_to), **flags)
    return case_in(Status(state), people, area=people["melton"], journey=journey)


def _review(case: Case, *, by: Any, now: Any) -> Any:
    said = {"risk": "unchanged", "decision": "continue", "summary": "We met.", "no_reading_reason": "Nobody was well."}
    return record_review(case, by=by, now=now, held_on=now.date(), found=Found(), **said)


CASES = Scene(
    Case,
    (*map(_of_table, TABLE), Act("record_review", "worker", deed=_review, sources=(Status.SUPPORTED,))),
    {status.value: status.value for status in Status},
    _case,
    MONDAY,
    beside=lambda case: (
        sorted(case.allocations.values_list("status", "worker", "end_reason")),
        sorted(case.team.current().values_list("user", "role")),
    ),
)

# --- a step request ----------------------------------------------------------------------------------------------------

BELOW = {"taker": "The school.", "contingency": "Ring the school."}


def _step(people: dict[str, Any], state: str, needs: set[str]) -> StepRequest:
    case = CaseFactory.led_by(people["worker"], area=people["melton"])
    more = {"to_tier": 1, **BELOW} if state == "submitted" else {"to_tier": 3, "receiving": people["other_worker"]}
    step = request_step(case, by=people["worker"], now=MONDAY, **EVIDENCE | more)
    if state == "approved":
        StepRequest.objects.filter(pk=step.pk).update(status=state, decided_at=MONDAY)
    elif state == "with_hub":
        hub.pass_on(step, by=people["access"], now=MONDAY, known="Nothing new.")
    return StepRequest.objects.get(pk=step.pk)


STEPS = Scene(
    StepRequest,
    (
        Act("pass_on", "access", {"known": "Nothing new."}),
        Act("send_back", "access", {"reason": "The readings are missing."}),
        Act("put_to_hub", "system"),
        Act("say_ready", "other_worker", {"ready": "yes"}),
        Act("takers_agree", "worker", {"taker": "Ms Ray."}),
        Act("withdraw", "worker", {"reason": "Better."}),
        Act("answer", "chair", {"approved": True, "reason": "Yes."}),
        Act("enact", "system"),
        Act("supersede", "system", {"reason": "A later step takes its place."}),
    ),
    {state: state for state in ("with_access", "with_hub", "submitted", "approved")},
    _step,
    MONDAY,
    beside=lambda step: (step.case.status, sorted(step.case.deadlines.open().values_list("code", flat=True))),
)

# --- one step over its three records: the case, the request, the item --------------------------------------------------


def _asked(people: dict[str, Any], state: str, needs: set[str]) -> Case:
    """Asked for, with EH Access still, and before the hub at the same time."""
    case = CaseFactory.led_by(people["worker"], area=_place(people))
    step = request_step(case, by=people["worker"], now=MONDAY, to_tier=3, receiving=people["other_worker"], **EVIDENCE)
    ItemFactory(meeting=_meeting(people, case.area, "in_meeting"), case=case, step=step, kind=ItemKind.STEP_REQUEST)
    return Case.objects.get(pk=case.pk)


def _on_step(name: str) -> Any:
    return lambda case, **facts: getattr(hub, name)(case.step_requests.latest("pk"), **facts)


def _on_item(name: str) -> Any:
    return lambda case, **facts: getattr(hub, name)(case.agenda_items.latest("pk"), **facts)


APPROVES = {"kind": DecisionKind.APPROVE_STEP, "rationale": "Yes.", "worker": "other_worker"}
APPROVES |= {"no_specialist_reason": "None near.", "over_limit_reason": "All are full.", **ASKED}
WHILE_ASKED = (Status.STEP_REQUESTED,)
A_STEP = Scene(
    Case,
    (
        Act("approve", "chair", APPROVES, deed=_on_item("decide"), sources=WHILE_ASKED),
        Act(
            "decline",
            "chair",
            {"kind": DecisionKind.DECLINE_STEP, "rationale": "No."},
            deed=_on_item("decide"),
            sources=WHILE_ASKED,
        ),
        Act("pass_on", "access", {"known": "Nothing."}, deed=_on_step("pass_on"), sources=WHILE_ASKED),
        Act("send_back", "access", {"reason": "Half of it."}, deed=_on_step("send_back"), sources=WHILE_ASKED),
        Act("say_ready", "other_worker", {"ready": "no"}, deed=_on_step("say_ready"), sources=WHILE_ASKED),
        Act("withdraw_step", "worker", {"reason": "Better."}),
        Act("family_withdrew", "worker", {"safeguarding_check": "No risk.", "reason": "Enough."}),
        Act("return_step", "access", {"reason": "Half of it."}),
        Act("remove", "chair", {"reason": "Twice."}, deed=_on_item("remove"), sources=WHILE_ASKED),
    ),
    {"step_requested": "step_requested"},
    _asked,
    NOW,
    beside=lambda case: (
        list(case.step_requests.values_list("status", flat=True)),
        list(case.agenda_items.values_list("status", flat=True)),
        list(case.hub_decisions.values_list("kind", flat=True)),
        list(case.tier_changes.values_list("to_tier", flat=True)),
    ),
)

# --- an item of the agenda ---------------------------------------------------------------------------------------------


def _place(people: dict[str, Any]) -> Any:
    """A place with a hub of its own, so that no race waits for another's meeting."""
    area = AreaFactory(parent=people["melton"])
    HubFactory(area=area)
    return area


def _meeting(people: dict[str, Any], area: Any, state: str) -> HubMeeting:
    MeetingFactory(hub=area.hub, starts_at=MEETS_AT + timedelta(days=35))
    if state == "in_meeting":
        return MeetingFactory.in_session(hub=area.hub, chair=people["chair"], present=people["members"])
    return MeetingFactory.published(hub=area.hub) if state == "published" else MeetingFactory(hub=area.hub)


ITEM_STATES = {
    "in session": "scheduled",
    "discussed": "discussed",
    "deferred": "deferred",
    "scheduled": "scheduled",
    "queued": "queued",
    "decided alone": "decided_out_of_meeting",
}


def _item(people: dict[str, Any], state: str, needs: set[str]) -> AgendaItem:
    area = _place(people)
    meets = "in_meeting" if state in ("in session", "discussed", "decided alone") else "draft"
    meeting = _meeting(people, area, meets)
    case = CaseFactory(area=area, urgent=True)
    item = ItemFactory(meeting=meeting, case=case, status=ITEM_STATES[state], deferrals=0)
    if state in ("queued", "decided alone"):
        AgendaItem.objects.filter(pk=item.pk).update(meeting=None)
    if state == "decided alone":
        said = {"kind": DecisionKind.NOTE, "rationale": "It could not wait.", "at": MONDAY, "agreed_at": MONDAY}
        who = {"by": people["chair"], "agreed_by": people["members"][0]}
        HubDecision.objects.create(item=item, case=case, hub=area.hub, **said, **who)
    promise(case, "D_MMT_WAIT", now=MONDAY, holder_role="hub_chair")
    return AgendaItem.objects.get(pk=item.pk)


def _next(item: AgendaItem) -> HubMeeting:
    return item.hub.meetings.get(starts_at=MEETS_AT + timedelta(days=35))


ALLOCATES = {"kind": DecisionKind.ALLOCATE, "rationale": "Near.", "tier": 2, "worker": "worker", **ASKED}
ALLOCATES |= {"over_limit_reason": "All are full."}
ITEMS = Scene(
    AgendaItem,
    (
        Act("schedule", "coordinator", {"meeting": _next, "late_reason": "They cannot wait."}),
        Act("leave_for_later", "coordinator", {"reason": "The school is away."}),
        Act("hear_without_agreement", "chair", {"purpose": "safeguarding", "reason": "The child is not safe."}),
        Act("move", "coordinator", {"up": True}),
        Act("record_preference", "coordinator", ASKED),
        Act("remove", "coordinator", {"reason": "Withdrawn."}),
        Act("hear", "chair"),
        Act("discuss", "chair"),
        Act("decide", "chair", ALLOCATES),
        Act("defer", "chair", {"rationale": "Not yet.", "needed": "The school."}),
        Act("decide_out_of_meeting", "chair", {**ALLOCATES, "agreed_by": "member"}),
        Act("ratify", "chair"),
        Act("not_ratify", "chair", {"reason": "The school had offered the same."}),
    ),
    ITEM_STATES,
    _item,
    NOW,
    beside=lambda item: (
        item.case.status,
        sorted(item.case.deadlines.open().values_list("code", flat=True)),
        [
            (each.kind, bool(each.ratified_in_id), bool(each.not_ratified_in_id))
            for each in item.decisions.order_by("pk")
        ],
        item.case.allocations.filter(status=AllocationStatus.OFFERED).count(),
    ),
    left_out={
        "name_chair": "it needs a meeting in which no chair may hear the family: nothing else here is legal then",
        "defer_unheard": "closing a meeting does it, and that is raced over the meeting",
        "add_papers": "the sweep does it of a family kept back from papers that are out, and changes only that",
        "find_nobody": "the sweep does it once all who run the hub declared an interest, and changes only who is asked",
        "find_somebody": "the sweep does it once one of them may hear it again, and changes only that",
    },
)

# --- a meeting ---------------------------------------------------------------------------------------------------------


def _hub_meeting(people: dict[str, Any], state: str, needs: set[str]) -> HubMeeting:
    area = _place(people)
    meeting = _meeting(people, area, state if state in ("published", "in_meeting") else "draft")
    case = CaseFactory(area=area)
    person = MemberFactory(family=case.family).person
    Agreement.objects.create(family=case.family, person=person, status="given", recorded_at=MONDAY)
    ItemFactory(meeting=meeting, case=case)
    if state == "closed":
        until = meeting.last_day_for_members()
        facts = {"published_at": MONDAY, "opened_at": MEETS_AT, "closed_at": MEETS_AT, "members_until": until}
        HubMeeting.objects.filter(pk=meeting.pk).update(status=state, **facts)
        after = area.hub.meetings.exclude(pk=meeting.pk)
        after.update(status="in_meeting", opened_at=NOW, published_at=MONDAY, members_until=until)
    return HubMeeting.objects.get(pk=meeting.pk)


MEETINGS = Scene(
    HubMeeting,
    (
        Act("publish", "coordinator", {"despite": "The school answers on the day."}),
        Act(
            "reschedule",
            "coordinator",
            {"starts_at": NOW + timedelta(days=3), "place": "The hall", "remote": False, "reason": "Snow."},
        ),
        Act("restore_order", "coordinator"),
        Act("name_stand_in", "coordinator", {"away": "chair", "user": "other_worker"}),
        Act("start", "chair", {"present": "members"}),
        Act("take_attendance", "coordinator", {"present": "members"}),
        Act("close", "chair", {"reason": "Out of time."}),
        Act("confirm_minutes", "chair"),
        Act("correct_minutes", "coordinator", {"text": "The day was the 5th."}),
    ),
    {state: state for state in ("draft", "published", "in_meeting", "closed")},
    _hub_meeting,
    NOW,
    left_out={"ask_agencies_again": "it writes to agencies, and changes nothing of the meeting"},
    beside=lambda meeting: (
        sorted(meeting.items.values_list("status", flat=True)),
        Attendance.objects.filter(meeting=meeting).count(),
        sorted(meeting.hub.items.values_list("status", "deferrals")),
    ),
)

# --- a referral --------------------------------------------------------------------------------------------------------

SAID = {"reason": "Several needs.", "message": "We look at it."}
HUB = {**SAID, "level_of_need": 3, "proposed_tier": 2, "urgent": False}


def _referral(people: dict[str, Any], state: str, needs: set[str]) -> Referral:
    who = {"area": people["melton"], "author": people["practitioner"]}
    if state == "draft":
        return Referral.objects.get(pk=ready_draft(**who).pk)
    access = people["access"]
    referral = sent(**who) if state == "submitted" else taken(**who, by=access)
    messages.write(referral, by=people["practitioner"], now=MONDAY, text="They moved.")
    referral = Referral.objects.get(pk=referral.pk)
    decided = {
        "info_requested": lambda: _ask(referral, people),
        "accepted": lambda: referrals.accept(referral, by=access, now=MONDAY, **HUB),
        "signposted": lambda: referrals.signpost(
            referral, by=access, now=MONDAY, **SAID, level_of_need=3, services=[people["service"]]
        ),
        "stepped_up_to_social_care": lambda: referrals.step_up(
            referral, by=access, now=MONDAY, **SAID, family_told=True
        ),
    }
    if state in decided:
        decided[state]()
    return Referral.objects.get(pk=referral.pk)


def _ask(referral: Referral, people: dict[str, Any]) -> Referral:
    about = {"question": "What do you know?", "lawful_basis": LawfulBasis.AGREED}
    return referrals.ask_agencies(referral, by=people["access"], now=MONDAY, agencies=[people["school"]], **about)


ASKS = {"agencies": "schools", "question": "What do you know?", "lawful_basis": LawfulBasis.AGREED}
REFERRALS = Scene(
    Referral,
    (
        Act("submit", "practitioner"),
        Act("take", "access"),
        Act("ask_agencies", "access", ASKS),
        Act("replies_in", "system"),
        Act("stop_waiting", "access", {"reason": "It cannot wait."}),
        Act("accept", "access", HUB),
        Act("step_up", "access", {**SAID, "family_told": True}),
        Act("signpost", "access", {**SAID, "level_of_need": 3, "services": "services"}),
        Act("advise", "access", {**SAID, "level_of_need": 1, "advice": "Ask the nurse."}),
        Act("tell_family", "access", {"how": "I rang them."}),
        Act("confirm", "manager", {"reason": "Right."}),
        Act("reconsider", "manager", {"reason": "Two agencies cannot do this alone."}),
        Act("return_from_hub", "system"),
        Act("withdraw", "practitioner", {"withdrawn_by": "referrer", "reason": "They moved.", "risk_noted": False}),
        Act("assign", "access", {"worker": "second_access"}),
        Act("not_taken_by_social_care", "system", {"handover": "H-T-1"}),
        Act("write", "practitioner", {"text": "Both children are at home now."}),
        Act("read", "access"),
        Act("entered_in_error", "practitioner", {"message": lambda referral: referral.messages.get().pk}),
    ),
    {
        state: state
        for state in (
            "draft",
            "submitted",
            "in_triage",
            "info_requested",
            "accepted",
            "signposted",
            "stepped_up_to_social_care",
        )
    },
    _referral,
    MONDAY,
    left_out={
        "vouch": "only of what came from outside: see test_asking_in_triage",
        "place": "only of a place that nobody knows",
        "entrust": "only of a restricted record",
        "link": "only of a family with an open case",
        "chase_replies": "it writes to agencies, and changes nothing of the referral",
        "direct": "makes a record of another kind: see test_directing",
        "pass_step_down": "only of a step-down: see test_step_down",
        "not_opened_by_hub": "follows a decision of the hub: see test_from_the_hub",
        "offer_again": "eight weeks later: see test_offering",
    },
    beside=lambda referral: (
        referral.decisions.count(),
        sorted(referral.handovers.values_list("status", flat=True)),
        Case.objects.filter(family=referral.family).count(),
        sorted(referral.requests.values_list("status", flat=True)),
        sorted(referral.messages.values_list("text", flat=True)),
    ),
)

# --- a hand-over to social care ----------------------------------------------------------------------------------------


def _handover(people: dict[str, Any], state: str, needs: set[str]) -> SocialCareHandover:
    case = CaseFactory.led_by(people["worker"], area=people["melton"])
    by = people["practitioner"]
    row = handed_over(by=by, case=case)
    if state != "sent":
        row = handovers.acknowledge(row, by=by, now=MONDAY, spoken_to="Duty")
    if state in ("accepted", "not_accepted"):
        getattr(handovers, state)(row, by=by, now=MONDAY, answer="So it is.")
    return SocialCareHandover.objects.get(pk=row.pk)


HANDOVERS = Scene(
    SocialCareHandover,
    (
        Act("acknowledge", "practitioner", {"spoken_to": "Duty worker"}),
        Act("call", "practitioner", {"said": "Nobody answers."}),
        Act("accepted", "practitioner", {"answer": "A visit today."}),
        Act("not_accepted", "practitioner", {"answer": "Below the threshold."}),
        Act("chase", "system"),
        Act("returned", "access", {"closing_summary": "Done; they agree."}),
        Act("settle", "access", {"reason": "The hub hears them."}),
    ),
    {state: state for state in ("sent", "acknowledged", "accepted", "not_accepted")},
    _handover,
    MONDAY,
    beside=lambda row: row.calls.count(),
)

SCENES = {
    "cases and their allocations": CASES,
    "step requests": STEPS,
    "a step over its records": A_STEP,
    "agenda items": ITEMS,
    "hub meetings": MEETINGS,
    "referrals": REFERRALS,
    "hand-overs": HANDOVERS,
    **PLAN_SCENES,
    **HUB_SCENES,
}
