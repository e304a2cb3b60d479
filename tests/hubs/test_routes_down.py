"""The four routes down, each from request to enactment, with what is refused on the way (domain.md 8.3, 8.4)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import EndReason, Status
from earlyhelp.cases.models import Case
from earlyhelp.core.rights import may
from earlyhelp.families.enums import StatutoryKind
from earlyhelp.families.services import record_statutory_status
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import DecisionKind, Readiness, StepStatus
from hubs.models import AgendaItem, HubDecision, StepRequest
from hubs.services.agenda import gather, live_item
from hubs.services.steps import follow_up_steps, request_step
from hubs.transitions import decide, decide_out_of_meeting, say_ready, takers_agree
from referrals.enums import LawfulBasis
from referrals.models import Referral
from referrals.progress import keep_open
from referrals.transitions.referral import ask_agencies, submit, take
from referrals.transitions.request import nothing_held
from referrals.transitions.step_down import pass_step_down
from tests.assessments.factories import ActionFactory
from tests.cases.journeys import CLOSURE
from tests.factories import MONDAY, AgencyFactory, CaseFactory, MemberFactory, PostFactory, UserFactory
from tests.hubs.factories import EVIDENCE, MEETS_AT
from tests.hubs.factories import MeetingFactory as HubMeetingFactory
from tests.hubs.routes import ASKED, again, before_the_hub, held_by, owed
from tests.referrals.factories import ready_draft

NOW = MEETS_AT + timedelta(minutes=20)
SIX_WEEKS_ON = timezone.localdate(NOW + timedelta(weeks=6))
BELOW = {
    "taker": "School family worker: breakfast club.",
    "contingency": "Ring the school; Ms Ray knows them.",
}


@pytest.fixture
def enhanced_case(melton, worker):
    """Supported at tier 3, led by the worker."""
    return CaseFactory.led_by(worker, area=melton, tier=3)


def ask(case, by, to_tier, **evidence):
    return request_step(case, by=again(by), now=MONDAY, to_tier=to_tier, **EVIDENCE | evidence)


def approve(item, chair, **facts):
    said = {"kind": DecisionKind.APPROVE_STEP, "rationale": "The goals are met."}
    return decide(item, by=again(chair), now=NOW, **said, **facts)


def by_chairs_action(case, chair, agreed_by, **facts):
    said = {"kind": DecisionKind.APPROVE_STEP, "rationale": "All have said yes."}
    item = live_item(Case.objects.get(pk=case.pk), now=MONDAY)
    return decide_out_of_meeting(item, by=again(chair), now=MONDAY, agreed_by=agreed_by, **said, **facts)


def still_asked(case, tier):
    case = Case.objects.get(pk=case.pk)
    return (case.status, case.tier) == (Status.STEP_REQUESTED, tier)


# --- D1: from tier 3 to 2 ----------------------------------------------------------------------------------------------


def test_d1_the_receiving_lead_says_yes_the_hub_agrees_and_there_is_no_gap(
    meeting, enhanced_case, worker, other_worker, chair
):
    step = ask(enhanced_case, worker, 2, receiving=other_worker)
    assert step.status == StepStatus.SUBMITTED  # going down asks nothing of EH Access
    assert not may(again(other_worker), "view", enhanced_case)
    say_ready(step, by=again(other_worker), now=MONDAY, ready=Readiness.YES)

    approve(before_the_hub(enhanced_case, meeting, now=NOW), chair, **ASKED)
    case = Case.objects.get(pk=enhanced_case.pk)
    assert (case.tier, case.next_review_on, held_by(case)) == (2, SIX_WEEKS_ON, str(worker))
    assert owed(case) == {"D_REVIEW_FIRST", "D_ACCEPT"}  # and no assessment
    assert StepRequest.objects.get().status == StepStatus.APPROVED

    cases.take_over(case, by=again(other_worker), now=NOW)
    follow_up_steps(now=NOW)
    assert held_by(case) == str(other_worker)
    assert case.allocations.get(worker=worker).end_reason == "tier_change"
    assert StepRequest.objects.get().status == StepStatus.ENACTED


def test_d1_is_not_in_place_where_the_receiving_lead_declines(meeting, enhanced_case, worker, other_worker, chair):
    ask(enhanced_case, worker, 2, receiving=other_worker)
    why = {"not_awaited_reason": "She is on leave, and back tomorrow."}
    approve(before_the_hub(enhanced_case, meeting, now=NOW), chair, **ASKED, **why)
    cases.decline(Case.objects.get(pk=enhanced_case.pk), by=again(other_worker), now=NOW, reason="On leave.")
    follow_up_steps(now=NOW)

    assert held_by(enhanced_case) == str(worker)
    assert StepRequest.objects.get().status == StepStatus.APPROVED


@pytest.mark.parametrize("said", ["", Readiness.NO])
def test_d1_in_a_meeting_it_is_not_approved_over_the_receiving_lead_unless_the_hub_says_why(
    meeting, enhanced_case, worker, other_worker, chair, said
):
    step = ask(enhanced_case, worker, 2, receiving=other_worker)
    if said:
        say_ready(step, by=again(other_worker), now=MONDAY, ready=said)
    item = before_the_hub(enhanced_case, meeting, now=NOW)
    with pytest.raises(NotPossible, match="is approved once") as problem:
        approve(item, chair, **ASKED)
    assert problem.value.field == "not_awaited_reason"
    assert still_asked(enhanced_case, 3)
    assert not HubDecision.objects.exists()

    approve(AgendaItem.objects.get(pk=item.pk), chair, **ASKED, not_awaited_reason="She reads it tonight.")
    assert HubDecision.objects.get().not_awaited_reason == "She reads it tonight."
    assert (Case.objects.get(pk=enhanced_case.pk).tier, held_by(enhanced_case)) == (2, str(worker))


def test_d1_no_reason_is_kept_where_nobody_was_waited_for(meeting, enhanced_case, worker, other_worker, chair):
    step = ask(enhanced_case, worker, 2, receiving=other_worker)
    say_ready(step, by=again(other_worker), now=MONDAY, ready=Readiness.YES)
    approve(before_the_hub(enhanced_case, meeting, now=NOW), chair, **ASKED, not_awaited_reason="Just so.")
    assert HubDecision.objects.get().not_awaited_reason == ""


def test_a_step_up_waits_for_nobody_to_say_yes(meeting, led_case, worker, other_worker, chair):
    other_worker.intensive = True
    other_worker.save()
    ask(led_case, worker, 3, receiving=other_worker)
    more = {"no_specialist_reason": "None near.", "over_limit_reason": "All are full."}
    approve(before_the_hub(led_case, meeting, now=NOW), chair, **ASKED, **more)
    assert HubDecision.objects.get().not_awaited_reason == ""


def test_the_chair_is_asked_why_only_where_somebody_has_not_said_yes(
    sign_in, meeting, enhanced_case, worker, other_worker, chair
):
    step = ask(enhanced_case, worker, 2, receiving=other_worker)
    item = before_the_hub(enhanced_case, meeting, now=NOW)
    client = sign_in(again(chair))
    page = client.get(item.get_absolute_url())
    assert "not_awaited_reason" in page.content.decode()

    form = page.context["form"]
    sent = {"token": form["token"].value(), "decision": "approve_step", "rationale": "The goals are met.", **ASKED}
    refused = client.post(item.get_absolute_url(), sent)
    assert "not_awaited_reason" in refused.context["form"].errors
    assert still_asked(enhanced_case, 3)

    say_ready(step, by=again(other_worker), now=MONDAY, ready=Readiness.YES)
    assert "not_awaited_reason" not in client.get(item.get_absolute_url()).content.decode()
    assert client.post(item.get_absolute_url(), sent).status_code == 302
    assert HubDecision.objects.get().not_awaited_reason == ""


def test_d1_a_chair_approves_between_meetings_only_once_the_receiving_lead_said_yes(
    hub, enhanced_case, worker, other_worker, chair, member, later
):
    HubMeetingFactory(hub=hub)
    step = ask(enhanced_case, worker, 2, receiving=other_worker)
    with pytest.raises(NotPossible):
        by_chairs_action(enhanced_case, chair, member, **ASKED)
    say_ready(step, by=again(other_worker), now=MONDAY, ready=Readiness.NO)
    with pytest.raises(NotPossible):
        by_chairs_action(enhanced_case, chair, member, **ASKED)
    assert still_asked(enhanced_case, 3)

    say_ready(step, by=again(other_worker), now=MONDAY, ready=Readiness.YES)
    by_chairs_action(enhanced_case, chair, member, **ASKED)
    assert (Case.objects.get(pk=enhanced_case.pk).tier, held_by(enhanced_case)) == (2, str(worker))


def test_d1_between_meetings_nobody_else_is_put_in_the_place_of_who_said_yes(
    hub, melton, family_team, enhanced_case, worker, other_worker, chair, member
):
    step = ask(enhanced_case, worker, 2, receiving=other_worker)
    say_ready(step, by=again(other_worker), now=MONDAY, ready=Readiness.YES)
    third = PostFactory(user=UserFactory(agency=family_team.agency, takes_cases=True), area=melton).user

    with pytest.raises(NotPossible, match="said yes"):
        by_chairs_action(enhanced_case, chair, member, worker=third, **ASKED)
    assert still_asked(enhanced_case, 3)


@pytest.mark.parametrize("who", ["worker", "chair", "access_worker", "practitioner", "stranger"])
def test_d1_nobody_says_yes_in_anothers_place(request, enhanced_case, worker, other_worker, who):
    step = ask(enhanced_case, worker, 2, receiving=other_worker)
    with pytest.raises(PermissionDenied):
        say_ready(step, by=again(request.getfixturevalue(who)), now=MONDAY, ready=Readiness.YES)
    assert StepRequest.objects.get().receiving_says == ""


def test_d1_whoever_is_named_reads_the_number_of_the_case_and_nothing_of_the_family(
    sign_in, enhanced_case, worker, other_worker
):
    step = ask(enhanced_case, worker, 2, receiving=other_worker)
    notice = Notice.objects.get(to=other_worker)
    assert (notice.reference, notice.url) == (enhanced_case.reference, step.get_absolute_url())

    client = sign_in(again(other_worker))
    page = client.get(step.get_absolute_url()).content.decode()
    assert enhanced_case.reference in page
    for secret in (enhanced_case.family.name, EVIDENCE["what_changed"], EVIDENCE["views"], EVIDENCE["wanted"]):
        assert secret not in page
    assert client.get(enhanced_case.get_absolute_url()).status_code == 404
    assert "ready to lead" in client.get("/").content.decode()

    assert client.post(f"{step.get_absolute_url()}do/say_ready/", {"ready": "yes"}).status_code == 302
    assert StepRequest.objects.get().receiving_says == Readiness.YES


@pytest.mark.parametrize("who", ["practitioner", "stranger"])
def test_d1_nobody_else_reads_the_request(request, sign_in, enhanced_case, worker, other_worker, who):
    step = ask(enhanced_case, worker, 2, receiving=other_worker)
    assert sign_in(request.getfixturevalue(who)).get(step.get_absolute_url()).status_code == 404


# --- D2: to tier 1, by closing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", [3, 2])
def test_d2_closes_once_each_remaining_action_has_a_taker(meeting, melton, worker, chair, tier):
    case = CaseFactory.led_by(worker, area=melton, tier=tier)  # a step may skip a tier (T4)
    ask(case, worker, 1, **BELOW, takers_agree=True)
    approve(before_the_hub(case, meeting, now=NOW), chair)
    assert (Case.objects.get(pk=case.pk).status, held_by(case)) == (Status.CLOSING, str(worker))
    assert owed(case) == {"D_CLOSE"}

    left = ActionFactory(case=Case.objects.get(pk=case.pk), owner=worker)
    with pytest.raises(NotPossible, match="unfinished"):
        cases.close_stepped_down(Case.objects.get(pk=case.pk), by=again(worker), now=NOW, **CLOSURE)
    assert held_by(case) == str(worker)

    type(left).objects.filter(pk=left.pk).update(handed_to="Ms Ray, Forest Way", handed_on_at=NOW)
    closing = CLOSURE | {"end_reason": EndReason.STEPPED_DOWN_UNIVERSAL}
    done = cases.close_stepped_down(Case.objects.get(pk=case.pk), by=again(worker), now=NOW, **closing)
    follow_up_steps(now=NOW)
    assert (done.status, done.end_reason, done.tier) == (Status.CLOSED, "stepped_down_universal", 1)
    assert owed(done) == {"D_FOLLOW_UP"}
    assert StepRequest.objects.get().status == StepStatus.ENACTED
    assert not done.allocations.filter(status__in=("offered", "accepted")).exists()


def test_d2_in_a_meeting_it_is_not_approved_before_all_who_carry_on_said_yes_unless_the_hub_says_why(
    meeting, led_case, worker, chair
):
    ask(led_case, worker, 1, **BELOW)
    item = before_the_hub(led_case, meeting, now=NOW)
    with pytest.raises(NotPossible, match="those who carry on"):
        approve(item, chair)
    assert still_asked(led_case, 2)

    approve(AgendaItem.objects.get(pk=item.pk), chair, not_awaited_reason="The school is asked tomorrow.")
    assert HubDecision.objects.get().not_awaited_reason == "The school is asked tomorrow."


def test_d2_approved_all_the_same_it_does_not_close_before_all_who_carry_on_said_yes(
    sign_in, meeting, led_case, worker, other_worker, chair
):
    step = ask(led_case, worker, 1, **BELOW)
    why = {"not_awaited_reason": "The school is asked tomorrow."}
    approve(before_the_hub(led_case, meeting, now=NOW), chair, **why)
    with pytest.raises(NotPossible, match="said yes"):
        cases.close_stepped_down(Case.objects.get(pk=led_case.pk), by=again(worker), now=NOW, **CLOSURE)
    assert (Case.objects.get(pk=led_case.pk).status, held_by(led_case)) == (Status.CLOSING, str(worker))

    client = sign_in(again(worker))
    says_so = f"{step.get_absolute_url()}do/takers_agree/"
    assert says_so in client.get(f"{led_case.get_absolute_url()}do/close_stepped_down/").content.decode()
    assert client.get(says_so).status_code == 200
    for who in (other_worker, chair):
        with pytest.raises(PermissionDenied):
            takers_agree(step, by=again(who), now=NOW, taker="Anybody")
    assert client.post(says_so, {"taker": "Ms Ray, breakfast club."}).status_code == 302
    closed = cases.close_stepped_down(Case.objects.get(pk=led_case.pk), by=again(worker), now=NOW, **CLOSURE)
    assert closed.status == Status.CLOSED


@pytest.mark.parametrize("missing", BELOW)
def test_d2_names_who_carries_on_and_what_the_family_does_if_it_gets_hard(led_case, worker, missing):
    with pytest.raises(NotPossible, match="named taker"):
        ask(led_case, worker, 1, **BELOW | {missing: ""})
    assert not StepRequest.objects.exists()


def test_d2_a_chair_approves_between_meetings_only_once_all_who_carry_on_said_yes(
    hub, led_case, worker, chair, member, later
):
    HubMeetingFactory(hub=hub)
    step = ask(led_case, worker, 1, **BELOW)
    with pytest.raises(NotPossible):
        by_chairs_action(led_case, chair, member)
    with pytest.raises(PermissionDenied):
        takers_agree(step, by=again(chair), now=MONDAY, taker="Anybody")
    assert still_asked(led_case, 2)

    takers_agree(step, by=again(worker), now=MONDAY, taker="School family worker: breakfast club. She agrees.")
    by_chairs_action(led_case, chair, member)
    assert (Case.objects.get(pk=led_case.pk).status, held_by(led_case)) == (Status.CLOSING, str(worker))


def test_d2_even_past_its_day_a_step_down_is_not_approved_between_meetings_over_the_receivers(
    hub, led_case, worker, chair, member
):
    ask(led_case, worker, 1, **BELOW)  # no meeting is in the diary, so that it can not wait
    with pytest.raises(NotPossible, match="those who carry on"):
        by_chairs_action(led_case, chair, member)
    assert still_asked(led_case, 2)


def test_d2_the_lead_does_not_approve_it_and_does_not_close_before_the_hub_did(led_case, worker):
    ask(led_case, worker, 1, **BELOW)
    case = Case.objects.get(pk=led_case.pk)
    with pytest.raises(PermissionDenied):
        cases.approve_step_out(case, by=again(worker), now=MONDAY, reason="Mine.")
    with pytest.raises(NotPossible):
        cases.close_stepped_down(case, by=again(worker), now=MONDAY, **CLOSURE)
    assert still_asked(led_case, 2)


# --- D3: from tier 2 or 3 to the end -----------------------------------------------------------------------------------


def test_d3_the_lead_proposes_and_the_hub_ratifies(meeting, led_case, worker, chair):
    cases.propose_closure(led_case, by=again(worker), now=MONDAY, **CLOSURE)
    assert (held_by(led_case), owed(led_case)) == (str(worker), {"D_CLOSE"})

    item = before_the_hub(led_case, meeting, now=NOW)
    said = {"kind": DecisionKind.RATIFY_CLOSURE, "rationale": "Agreed.", "end_reason": "outcomes_met"}
    decide(item, by=again(chair), now=NOW, **said)
    assert (Case.objects.get(pk=led_case.pk).status, owed(led_case)) == (Status.CLOSED, {"D_FOLLOW_UP"})
    assert may(again(worker), "follow_up", led_case)


def test_d3_nobody_ratifies_their_own_closure_and_an_unfinished_action_stands_in_its_way(led_case, worker):
    ActionFactory(case=led_case, owner=worker)
    with pytest.raises(NotPossible, match="unfinished"):
        cases.propose_closure(led_case, by=again(worker), now=MONDAY, **CLOSURE)
    led_case.actions.update(handed_to="Ms Ray, Forest Way", handed_on_at=MONDAY)
    case = cases.propose_closure(led_case, by=again(worker), now=MONDAY, **CLOSURE)
    with pytest.raises(PermissionDenied):
        cases.ratify_closure(case, by=again(worker), now=MONDAY, end_reason="outcomes_met", reason="Mine.")
    assert held_by(led_case) == str(worker)


# --- D4: from social care to early help --------------------------------------------------------------------------------


@pytest.fixture
def social_worker(melton):
    social_care = AgencyFactory(name="County social care", kind="social_care")
    return PostFactory(user=UserFactory(agency=social_care, phone="01632 960 190"), area=melton).user


@pytest.fixture
def step_down(melton, social_worker):
    """As a social worker fills it; not sent yet."""
    said = {"closing_summary": "A child in need plan; it is safe now.", "plan_ahead": "Mornings, with the school."}
    draft = ready_draft(
        area=melton, author=social_worker, source_kind="social_care", step_down=True, why_now="", tried="", **said
    )
    return Referral.objects.get(pk=draft.pk)


TO_HUB = {"reason": "The school knows of nothing new.", "message": "m", "proposed_tier": 2, "urgent": False}


def asked(referral, access_worker):
    """EH Access asked an agency, which knows of nothing."""
    school = AgencyFactory(kind="school")
    answers = PostFactory(user=UserFactory(agency=school), role="agency_contact", area=referral.area).user
    about = {"question": "What do you know?", "lawful_basis": LawfulBasis.AGREED}
    ask_agencies(referral, by=access_worker, now=MONDAY, agencies=[school], **about)
    nothing_held(referral.requests.get(), by=answers, now=MONDAY)
    return Referral.objects.get(pk=referral.pk)


def test_d4_by_way_of_eh_access_and_the_hub_and_social_care_closes_last(
    meeting, step_down, social_worker, access_worker, chair, worker
):
    referral = take(submit(step_down, by=social_worker, now=MONDAY), by=access_worker, now=MONDAY)
    with pytest.raises(NotPossible, match="Ask at least one agency"):
        pass_step_down(referral, by=access_worker, now=MONDAY, **TO_HUB)
    referral = pass_step_down(asked(referral, access_worker), by=access_worker, now=MONDAY, **TO_HUB)
    case = referral.case
    assert (held_by(case), keep_open(referral).may_close) == ("EH Access", False)

    given = {"tier": 2, "worker": worker, **ASKED}
    item = before_the_hub(case, meeting, now=MONDAY)
    decide(item, by=again(chair), now=NOW, kind=DecisionKind.ALLOCATE, rationale="Near.", **given)
    assert not keep_open(Referral.objects.get()).may_close
    assert not Notice.objects.filter(to=social_worker, title__startswith="A lead professional has accepted").exists()

    cases.accept(Case.objects.get(pk=case.pk), by=again(worker), now=NOW)
    assert (held_by(case), keep_open(Referral.objects.get()).may_close) == (str(worker), True)
    assert "with social care" in case.deadlines.open().get(code="D_FIRST_TAF").label
    assert case.team.current().filter(user=social_worker).exists()


def test_d4_there_is_none_straight_from_a_child_protection_plan(step_down, social_worker, access_worker):
    child = step_down.family.memberships.get(role="child").person
    plan = {"status": StatutoryKind.CHILD_PROTECTION, "social_worker": "Ms Ito", "source": "Ms Ito"}
    record_statutory_status(child, by=social_worker, now=MONDAY, from_on=MONDAY.date(), **plan)

    with pytest.raises(NotPossible, match="child protection plan"):
        submit(step_down, by=social_worker, now=MONDAY)
    assert not Case.objects.exists()


def test_no_step_either_way_is_approved_alone_under_a_child_protection_plan(
    meeting, enhanced_case, worker, other_worker, chair
):
    child = MemberFactory(family=enhanced_case.family).person
    ask(enhanced_case, worker, 2)
    record_statutory_status(
        child, status=StatutoryKind.CHILD_PROTECTION, from_on=MONDAY.date(), source="Ms Ito", by=worker, now=MONDAY
    )

    with pytest.raises(NotPossible, match="T5"):
        approve(before_the_hub(enhanced_case, meeting, now=NOW), chair)
    assert still_asked(enhanced_case, 3)
    assert AgendaItem.objects.live().exists()


@pytest.mark.parametrize("who", ["practitioner", "worker", "chair", "social_worker"])
def test_d4_only_eh_access_passes_it_to_the_hub(request, step_down, social_worker, access_worker, who):
    referral = asked(take(submit(step_down, by=social_worker, now=MONDAY), by=access_worker, now=MONDAY), access_worker)
    with pytest.raises(PermissionDenied):
        pass_step_down(referral, by=request.getfixturevalue(who), now=MONDAY, **TO_HUB)
    assert not Case.objects.exists()


def test_a_step_that_was_not_decided_is_on_the_agenda_once_however_often_it_is_looked_for(hub, led_case, worker):
    ask(led_case, worker, 1, **BELOW)
    assert (gather(now=NOW), gather(now=NOW)) == (1, 0)
