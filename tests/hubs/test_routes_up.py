"""The six routes up, each from request to enactment, with what is refused on the way (domain.md 8.1, 8.2, 8.5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import Status, Tier
from earlyhelp.cases.models import Case, TierChange
from earlyhelp.core.rights import may
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Cover
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import DecisionKind, ItemKind, ItemStatus, StepStatus
from hubs.models import AgendaItem, HubDecision, StepRequest
from hubs.services.agenda import gather, live_item
from hubs.services.blockages import raise_blockage
from hubs.services.steps import EVIDENCE as ASKED_FOR
from hubs.services.steps import follow_up_steps, request_step
from hubs.transitions import decide, decide_out_of_meeting, pass_on, send_back
from hubs.transitions.blockages import escalate
from referrals.enums import HandoverStatus, Safeguarding
from referrals.enums import Status as ReferralStatus
from referrals.models import Advice, SocialCareHandover
from referrals.services.contacts import record_contact
from referrals.transitions.contact import advise
from referrals.transitions.contact import hand_over as hand_over_contact
from referrals.transitions.handover import accepted, acknowledge
from referrals.transitions.referral import accept as accept_referral
from referrals.transitions.referral import confirm, step_up, submit, take
from tests.disagreements.factories import disagreed
from tests.factories import MONDAY, CaseFactory, PostFactory, ServiceFactory, UserFactory, WorkerFactory
from tests.hubs.factories import EVIDENCE, MEETS_AT, agree, arrives
from tests.hubs.routes import ASKED, again, before_the_hub, held_by, owed, waits
from tests.referrals.factories import handed_over, ready_draft, sent, taken

NOW = MEETS_AT + timedelta(minutes=20)
TO_HUB = {"level_of_need": 3, "proposed_tier": 2, "urgent": False, "reason": "Two agencies.", "message": "m"}
KNOWN = "The school and the police know of nothing new."
SIX_WEEKS_ON = timezone.localdate(NOW + timedelta(weeks=6))


@pytest.fixture
def intensive(melton, family_team):
    """An intensive family worker who leads nobody yet."""
    return PostFactory(user=WorkerFactory(agency=family_team.agency, team=family_team), area=melton).user


def ask(case, by, to_tier=3, now=MONDAY, **evidence):
    return request_step(case, by=again(by), now=now, to_tier=to_tier, **EVIDENCE | evidence)


def approved(item, chair, worker, **facts):
    given = {"worker": worker, "specialists": [ServiceFactory()], **ASKED} | facts
    said = {"kind": DecisionKind.APPROVE_STEP, "rationale": "Coordination is not enough."}
    return decide(item, by=again(chair), now=NOW, **said, **given)


def nothing_changed(case):
    case = Case.objects.get(pk=case.pk)
    return (case.status, case.tier) == (Status.STEP_REQUESTED, 2) and not TierChange.objects.filter(case=case).exists()


# --- U1: from tier 0 or 1 to 2, by a referral --------------------------------------------------------------------------


def test_u1_from_a_referral_to_a_lead_professional(meeting, melton, practitioner, access_worker, chair, worker):
    referral = taken(area=melton, author=practitioner, by=access_worker)
    case = accept_referral(referral, by=access_worker, now=MONDAY, **TO_HUB).case
    assert (case.status, case.tier, case.opened_on) == (Status.AWAITING_DECISION, None, None)
    assert held_by(case) == "EH Access"
    assert owed(case) == {"D_MMT_WAIT"}

    item = before_the_hub(case, meeting, now=MONDAY)
    given = {"tier": 2, "worker": worker, **ASKED}
    decide(item, by=chair, now=NOW, kind=DecisionKind.ALLOCATE, rationale="Best placed.", **given)
    assert held_by(case) == "EH Access"
    assert owed(case) == {"D_ACCEPT", "D_FIRST_TAF"}

    cases.accept(Case.objects.get(pk=case.pk), by=again(worker), now=NOW)
    assert held_by(case) == str(worker)
    assert owed(case) == {"D_FIRST_CONTACT", "D_ASSESS", "D_FIRST_TAF"}


def test_u1_nobody_is_sent_to_the_hub_who_has_not_agreed(melton, practitioner, access_worker):
    why = {"no_agreement_reason": "They could not be reached."}
    draft = ready_draft(area=melton, author=practitioner, agree=False, **why)
    referral = take(submit(draft, by=practitioner, now=MONDAY), by=access_worker, now=MONDAY)

    with pytest.raises(NotPossible, match="agreed"):
        accept_referral(referral, by=access_worker, now=MONDAY, **TO_HUB)
    assert not Case.objects.exists()


@pytest.mark.parametrize("who", ["access_worker", "worker", "member", "coordinator", "manager", "stranger"])
def test_u1_nobody_but_a_chair_of_this_hub_allocates(request, item, worker, who):
    given = {"tier": 2, "worker": worker, **ASKED}
    with pytest.raises(PermissionDenied):
        decide(
            item,
            by=request.getfixturevalue(who),
            now=NOW,
            kind=DecisionKind.ALLOCATE,
            rationale="Mine.",
            **given,
        )

    assert Case.objects.get(pk=item.case_id).status == Status.AWAITING_DECISION
    assert not HubDecision.objects.exists()
    assert not may(again(worker), "view", item.case)


# --- U2: from tier 2 to 3 ----------------------------------------------------------------------------------------------


def test_u2_from_the_lead_by_way_of_eh_access_to_an_intensive_worker(
    meeting, led_case, worker, access_worker, chair, intensive
):
    step = ask(led_case, worker)
    assert (step.status, owed(led_case)) == (StepStatus.WITH_ACCESS, {"D_STEP", "D_STEP_CHECK"})
    assert led_case.deadlines.open().get(code="D_STEP_CHECK").holder_role == Role.EH_ACCESS
    gather(now=MONDAY)
    assert not waits(led_case)

    pass_on(step, by=again(access_worker), now=MONDAY, known=KNOWN)
    assert owed(led_case) == {"D_STEP"}
    item = before_the_hub(led_case, meeting, now=MONDAY)
    assert item.step.known == KNOWN
    assert held_by(led_case) == str(worker)

    approved(item, chair, intensive)
    case = Case.objects.get(pk=led_case.pk)
    assert (case.status, case.tier, case.next_review_on) == (Status.SUPPORTED, 3, SIX_WEEKS_ON)
    assert held_by(case) == str(worker)  # until the other accepts
    assert StepRequest.objects.get().status == StepStatus.APPROVED
    assert owed(case) == {"D_REVIEW_FIRST", "D_ACCEPT"}

    cases.take_over(case, by=again(intensive), now=NOW)
    assert held_by(case) == str(intensive)
    follow_up_steps(now=NOW)
    assert StepRequest.objects.get().status == StepStatus.ENACTED
    assert owed(case) == {"D_REVIEW_FIRST"}  # and no assessment: none was ordered


def test_u2_a_reassessment_is_owed_where_the_hub_orders_it_and_passes_to_the_new_lead(
    meeting, led_case, worker, chair, intensive
):
    ask(led_case, worker)
    approved(before_the_hub(led_case, meeting, now=NOW), chair, intensive, reassess=True)
    assert led_case.deadlines.open().get(code="D_ASSESS").holder == worker

    case = cases.take_over(Case.objects.get(pk=led_case.pk), by=again(intensive), now=NOW)

    assert case.deadlines.open().get(code="D_ASSESS").holder == intensive
    assert StepRequest.objects.get().reassess


@pytest.mark.parametrize("missing", ASKED_FOR)
def test_u2_without_its_evidence_it_is_not_sent(led_case, worker, missing):
    with pytest.raises(NotPossible) as refused:
        ask(led_case, worker, **{missing: ""})

    assert (refused.value.field, str(refused.value)) == (missing, ASKED_FOR[missing])
    assert Case.objects.get(pk=led_case.pk).status == Status.SUPPORTED
    assert not StepRequest.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("who", ["other_worker", "chair", "manager", "access_worker", "practitioner", "stranger"])
def test_u2_only_the_lead_asks(request, led_case, who):
    with pytest.raises(PermissionDenied):
        ask(led_case, request.getfixturevalue(who))
    assert not StepRequest.objects.exists()


@pytest.mark.parametrize(
    "who", ["worker", "other_worker", "access_worker", "member", "coordinator", "manager", "stranger"]
)
def test_u2_nobody_but_a_chair_approves(request, meeting, led_case, worker, intensive, who):
    ask(led_case, worker)
    item = before_the_hub(led_case, meeting, now=NOW)
    with pytest.raises(PermissionDenied):
        approved(item, request.getfixturevalue(who), intensive)
    assert nothing_changed(led_case)


def test_u2_a_lead_who_chairs_does_not_approve_what_they_ask(meeting, melton, led_case, worker, intensive):
    PostFactory(user=worker, role=Role.HUB_CHAIR, area=melton)
    ask(led_case, worker)
    item = before_the_hub(led_case, meeting, now=NOW)
    with pytest.raises(PermissionDenied):
        approved(item, worker, intensive)
    assert nothing_changed(led_case)


def test_u2_a_chair_who_asked_while_they_covered_for_the_lead_does_not_approve_it_after(
    meeting, melton, led_case, worker, other_worker, intensive
):
    PostFactory(user=other_worker, role=Role.HUB_CHAIR, area=melton)
    arrives(meeting, other_worker)
    today = {"from_on": timezone.localdate(), "until_on": timezone.localdate(), "reason": "On leave."}
    cover = Cover.objects.create(person=worker, colleague=other_worker, made_by=worker, made_at=MONDAY, **today)
    ask(led_case, other_worker)
    cover.delete()
    item = before_the_hub(led_case, meeting, now=NOW)
    with pytest.raises(NotPossible, match="somebody else has to decide"):
        approved(item, other_worker, intensive)
    assert nothing_changed(led_case)


@pytest.mark.parametrize("who", ["worker", "chair", "manager", "member", "stranger"])
def test_u2_nobody_but_eh_access_passes_it_on_or_sends_it_back(request, led_case, worker, who):
    step, by = ask(led_case, worker), again(request.getfixturevalue(who))
    with pytest.raises(PermissionDenied):
        pass_on(step, by=by, now=MONDAY, known=KNOWN)
    with pytest.raises(PermissionDenied):
        send_back(step, by=by, now=MONDAY, reason="-")
    assert StepRequest.objects.get().status == StepStatus.WITH_ACCESS


def test_u2_what_is_not_whole_goes_back_to_the_lead_and_nothing_changes_for_the_family(
    led_case, worker, access_worker, chair
):
    step = ask(led_case, worker)
    send_back(step, by=again(access_worker), now=MONDAY, reason="The readings are from last year.")

    case = Case.objects.get(pk=led_case.pk)
    assert (case.status, case.tier, held_by(case)) == (Status.SUPPORTED, 2, str(worker))
    assert StepRequest.objects.get().status == StepStatus.RETURNED
    assert not owed(case) & {"D_STEP", "D_STEP_CHECK"}
    notice = Notice.objects.get(to=worker)
    assert "readings" not in notice.title + notice.url
    gather(now=NOW)
    assert not waits(case)
    ask(case, worker)  # and they may ask again


def test_u2_eh_access_that_does_not_look_in_its_working_day_keeps_nobody_waiting(led_case, worker, hub):
    ask(led_case, worker)
    due_at = led_case.deadlines.get(code="D_STEP_CHECK").due_at
    gather(now=due_at - timedelta(minutes=1))
    assert not waits(led_case)

    gather(now=due_at + timedelta(minutes=1))
    assert AgendaItem.objects.live().get(case=led_case).step.status == StepStatus.WITH_HUB
    assert "D_STEP_CHECK" in owed(led_case)  # and it is still chased


def test_u2_what_stops_the_family_besides_does_not_bring_it_before_the_hub_unlooked_at(led_case, worker, hub):
    case = Case.objects.get(pk=led_case.pk)
    said = {"what": "No place at the nursery.", "tried": "Rang round.", "since_on": MONDAY.date()}
    stopped = raise_blockage(case, by=worker, now=MONDAY, **said)
    escalate(stopped, by=again(worker), now=MONDAY, reason="Nobody else can.")
    step = ask(led_case, worker)
    gather(now=MONDAY)
    assert StepRequest.objects.get(pk=step.pk).status == StepStatus.WITH_ACCESS
    assert not waits(led_case)


def test_u2_of_a_restricted_record_eh_access_is_not_asked(led_case, worker, chair, access_worker):
    Case.objects.update(restricted=True, named_chair=chair)
    step = ask(Case.objects.get(), worker)

    assert (step.status, owed(led_case)) == (StepStatus.SUBMITTED, {"D_STEP"})
    assert not Notice.objects.filter(to=access_worker).exists()
    assert not StepRequest.objects.for_user(access_worker).exists()


def test_u2_an_urgent_one_is_decided_between_meetings_with_another_agency(
    led_case, worker, chair, hub, member, intensive
):
    ask(led_case, worker, urgent_why="They are to be evicted on Friday.")
    due_at = led_case.deadlines.get(code="D_STEP").due_at
    assert timezone.localdate(due_at) == (MONDAY + timedelta(days=2)).date()
    gather(now=MONDAY)
    item = AgendaItem.objects.live().get(case=led_case)
    assert item.urgent

    given = {"kind": DecisionKind.APPROVE_STEP, "rationale": "At once.", "worker": intensive}
    given |= {"specialists": [ServiceFactory()], **ASKED}
    with pytest.raises(NotPossible, match="another agency"):
        decide_out_of_meeting(item, by=again(chair), now=MONDAY, agreed_by=UserFactory(agency=chair.agency), **given)
    assert nothing_changed(led_case)
    decide_out_of_meeting(item, by=again(chair), now=MONDAY, agreed_by=member, **given)

    assert (Case.objects.get(pk=led_case.pk).tier, held_by(led_case)) == (3, str(worker))
    assert HubDecision.objects.get().ratified_in is None  # the next meeting is asked to


def test_u2_one_that_can_wait_is_not_decided_between_meetings(led_case, worker, chair, hub, member, intensive, later):
    from tests.hubs.factories import MeetingFactory

    MeetingFactory(hub=hub)
    ask(led_case, worker)
    with pytest.raises(NotPossible, match="can wait"):
        decide_out_of_meeting(
            live_item(Case.objects.get(pk=led_case.pk), now=MONDAY),
            by=again(chair),
            now=MONDAY,
            kind=DecisionKind.APPROVE_STEP,
            rationale="Sooner.",
            agreed_by=member,
            worker=intensive,
            **ASKED,
        )
    assert nothing_changed(led_case)


# --- U3: from tier 3 to social care, planned ---------------------------------------------------------------------------


@pytest.fixture
def enhanced_case(melton, intensive):
    return CaseFactory.led_by(intensive, area=melton, tier=3)


def test_u3_the_intensive_worker_refers_and_early_help_ends_only_when_social_care_accepts(
    meeting, enhanced_case, intensive, chair
):
    handover = handed_over(by=intensive, case=enhanced_case, now=MONDAY)
    assert held_by(enhanced_case) == str(intensive)
    with pytest.raises(NotPossible, match="has not accepted"):
        cases.stepped_up(enhanced_case, by=again(intensive), now=MONDAY, reason="Social care leads now.")

    acknowledge(handover, by=again(intensive), now=MONDAY, spoken_to="Duty worker")
    accepted(handover, by=again(intensive), now=MONDAY, answer="A child in need assessment.")
    assert held_by(enhanced_case) == str(intensive)  # it may run alongside

    item = before_the_hub(enhanced_case, meeting, now=NOW)
    assert item.kind == ItemKind.HANDOVER
    decide(item, by=again(chair), now=NOW, kind=DecisionKind.NOTE, rationale="The hub agrees.")

    case = cases.stepped_up(enhanced_case, by=again(intensive), now=NOW, reason="Social care leads now.")
    assert (case.status, case.end_reason, owed(case)) == (Status.CLOSED, "stepped_up", set())
    gather(now=NOW)
    assert not waits(case)  # noted once, and over


def test_u3_a_hand_over_that_was_not_accepted_ends_nothing(enhanced_case, intensive, other_worker):
    handed_over(by=intensive, case=enhanced_case)
    for by, refused in ((intensive, NotPossible), (other_worker, PermissionDenied)):
        with pytest.raises(refused):
            cases.stepped_up(enhanced_case, by=again(by), now=MONDAY, reason="-")
    assert held_by(enhanced_case) == str(intensive)


# --- U4: immediate risk, from anywhere ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.AWAITING_DECISION, Status.SUPPORTED, Status.STEP_REQUESTED])
def test_u4_anybody_hands_over_at_once_and_nobody_approves(melton, worker, status):
    case = CaseFactory.led_by(worker, area=melton, status=status) if status != Status.AWAITING_DECISION else None
    case = case or CaseFactory(area=melton)
    passer_by = UserFactory(agency=None)

    handover = handed_over(by=passer_by, case=case)

    assert handover.status == HandoverStatus.SENT
    assert Case.objects.get(pk=case.pk).status == status  # nothing waits, and nobody lets go of the family
    assert held_by(case)
    assert not may(again(passer_by), "view", case)


def test_u4_the_hub_notes_it_at_its_next_meeting_and_decides_nothing_else(meeting, led_case, practitioner, chair):
    handed_over(by=practitioner, case=led_case)
    item = before_the_hub(led_case, meeting, now=NOW)
    assert item.kind == ItemKind.HANDOVER
    for kind in set(DecisionKind) - {DecisionKind.NOTE, DecisionKind.DEFER}:
        with pytest.raises(NotPossible):
            decide(item, by=again(chair), now=NOW, kind=kind, rationale="-")

    decide(item, by=again(chair), now=NOW, kind=DecisionKind.NOTE, rationale="Noted.")
    gather(now=NOW + timedelta(days=1))
    assert not waits(led_case)
    handed_over(by=practitioner, case=led_case, now=NOW + timedelta(days=2))
    gather(now=NOW + timedelta(days=2))
    assert waits(led_case)  # another one is heard again


def test_u4_of_a_family_without_a_case_no_hub_hears(hub, melton, practitioner):
    handed_over(by=practitioner, area=melton)
    assert gather(now=NOW) == 0
    assert not AgendaItem.objects.exists()


# --- U5: from triage to social care ------------------------------------------------------------------------------------


def test_u5_eh_access_steps_up_at_once_and_a_manager_looks_afterwards(
    melton, practitioner, access_worker, manager, chair
):
    referral = sent(area=melton, author=practitioner)
    said = {"reason": "Bruises.", "message": "m", "family_told": True}
    decided = step_up(referral, by=access_worker, now=MONDAY, **said)

    assert decided.status == ReferralStatus.STEPPED_UP
    assert SocialCareHandover.objects.get().referral == decided  # it is sent: nobody's agreement was waited for
    assert "D_SECOND_LOOK" in owed(decided)
    with pytest.raises(PermissionDenied):
        confirm(decided, by=access_worker, now=MONDAY, reason="I agree with myself.")
    confirm(decided, by=manager, now=MONDAY, reason="Right.")
    assert "D_SECOND_LOOK" not in owed(decided)
    assert not Case.objects.exists()


def test_u5_only_eh_access_steps_a_referral_up(melton, practitioner, chair, worker):
    referral = sent(area=melton, author=practitioner)
    for who in (practitioner, chair, worker):
        with pytest.raises(PermissionDenied):
            step_up(referral, by=again(who), now=MONDAY, reason="-", message="-", family_told=True)
    assert not SocialCareHandover.objects.exists()


# --- U6: from a universal service to the area team, or to social care --------------------------------------------------


@pytest.fixture
def question(melton, practitioner, access_worker):
    """A school asks the area team."""
    asked = {"received_at": MONDAY, "channel": "phone", "source_kind": "school", "caller_name": "Ms Ray"}
    asked |= {"caller_phone": "01632 960 123", "said": "He is late each day.", "safeguarding": Safeguarding.NO}
    return record_contact(by=practitioner, now=MONDAY, area=melton, **asked)


def test_u6_a_universal_service_asks_and_the_advice_is_kept(question, access_worker):
    done = advise(question, by=access_worker, now=MONDAY, advice="Ask the school nurse to meet them.")

    assert (done.status, Advice.objects.get().text) == ("advised", "Ask the school nurse to meet them.")
    assert not Case.objects.exists()
    assert not SocialCareHandover.objects.exists()


def test_u6_or_hands_over_with_no_advice_waited_for(question, practitioner):
    done = hand_over_contact(
        question, by=again(practitioner), now=MONDAY, about="A boy", concern="Bruises.", family_told=False
    )

    assert (done.status, SocialCareHandover.objects.get().author) == ("handed_over", practitioner)


def test_u6_whoever_asked_does_not_advise_themselves(question, stranger):
    with pytest.raises(PermissionDenied):
        advise(question, by=stranger, now=MONDAY, advice="-")
    assert not Advice.objects.exists()


# --- whoever disagrees (8.5) -------------------------------------------------------------------------------------------


def test_whoever_disagrees_with_a_step_is_heard_in_stages_and_the_step_stands_meanwhile(
    meeting, led_case, worker, chair, intensive
):
    ask(led_case, worker)
    item = before_the_hub(led_case, meeting, now=NOW)
    decide(item, by=again(chair), now=NOW, kind=DecisionKind.DECLINE_STEP, rationale="Try the group first.")
    raised = disagreed(by=worker, record=Case.objects.get(pk=led_case.pk))

    assert raised.meanwhile  # the safest option applies
    assert owed(raised) == {"D_DISAGREE"}
    assert (Case.objects.get(pk=led_case.pk).tier, held_by(led_case)) == (Tier.TARGETED, str(worker))
    assert AgendaItem.objects.get().status == ItemStatus.DECIDED
    assert not Disagreement.objects.for_user(again(intensive)).exists()


def test_a_family_that_agreed_once_is_not_taken_to_agree_to_the_step(led_case, worker):
    agree(led_case)
    assert ask(led_case, worker, agreement="not_sought", agreement_note="Not asked.").doubt
