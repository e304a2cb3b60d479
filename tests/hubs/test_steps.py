"""A step: asked for with its evidence, decided by the hub, in place when the new lead has the family (domain.md 8)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import Preference, Status, Tier
from earlyhelp.cases.models import Case
from earlyhelp.cases.offers import offer
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import DecisionKind, ItemKind, StepStatus
from hubs.models import StepRequest
from hubs.services.steps import follow_up_steps, request_step
from hubs.transitions import decide
from tests.factories import MONDAY, PostFactory, ServiceFactory, WorkerFactory
from tests.hubs.factories import EVIDENCE, MEETS_AT, ItemFactory, MeetingFactory

NOW = MEETS_AT + timedelta(minutes=20)
ASKED = {"preference": Preference.ASKED, "preference_note": "A woman, local."}


def ask(case, worker, to_tier, **evidence):
    return request_step(case, by=worker, now=MONDAY, to_tier=to_tier, **EVIDENCE | evidence)


def heard(case, step, meeting):
    return ItemFactory(meeting=meeting, case=case, step=step, kind=ItemKind.STEP_REQUEST)


def test_only_the_lead_asks_for_a_step(led_case, other_worker):
    with pytest.raises(PermissionDenied):
        ask(led_case, other_worker, 3)
    led_case.refresh_from_db()
    assert led_case.status == Status.SUPPORTED
    assert not led_case.step_requests.exists()


def test_a_step_below_tier_2_names_who_carries_on(led_case, worker):
    with pytest.raises(NotPossible, match="named taker"):
        ask(led_case, worker, 1)
    assert not led_case.step_requests.exists()


def test_a_step_up_keeps_the_old_lead_until_the_new_one_accepts(led_case, worker, other_worker, meeting, chair):
    step = ask(led_case, worker, 3)
    item = heard(led_case, step, meeting)
    decide(
        item,
        by=chair,
        now=NOW,
        kind=DecisionKind.APPROVE_STEP,
        rationale="Coordination is not enough.",
        worker=other_worker,
        specialists=[ServiceFactory()],
        **ASKED,
    )
    led_case.refresh_from_db()
    step.refresh_from_db()
    assert (led_case.tier, led_case.status, led_case.lead) == (3, Status.SUPPORTED, worker)
    assert (step.status, step.new_lead) == (StepStatus.APPROVED, other_worker)

    cases.take_over(led_case, by=other_worker, now=NOW + timedelta(days=1))
    follow_up_steps(now=NOW + timedelta(days=1))
    step.refresh_from_db()
    led_case.refresh_from_db()
    assert (led_case.lead, step.status) == (other_worker, StepStatus.ENACTED)


def test_a_step_is_in_place_with_another_than_the_first_who_was_asked(
    led_case, worker, other_worker, meeting, chair, melton
):
    step = ask(led_case, worker, 3)
    facts = {"rationale": "More.", "worker": other_worker, "specialists": [ServiceFactory()], **ASKED}
    decide(heard(led_case, step, meeting), by=chair, now=NOW, kind=DecisionKind.APPROVE_STEP, **facts)
    cases.decline(led_case, by=other_worker, now=NOW, reason="Full.")
    assert follow_up_steps(now=NOW) == 0
    third = PostFactory(user=WorkerFactory(intensive=True), area=melton).user
    offer(Case.objects.get(), worker=third, tier=3, by=chair, now=NOW, **ASKED)
    cases.take_over(Case.objects.get(), by=third, now=NOW)

    assert follow_up_steps(now=NOW) == 1
    step.refresh_from_db()
    assert step.status == StepStatus.ENACTED


def test_a_step_that_is_not_in_place_when_another_is_approved_is_so_no_more(
    led_case, worker, other_worker, meeting, chair
):
    Case.objects.filter(pk=led_case.pk).update(tier=3)
    down = ask(Case.objects.get(), worker, 2, receiving=other_worker)
    facts = {"rationale": "Less.", "not_awaited_reason": "She rang.", **ASKED}
    decide(heard(Case.objects.get(), down, meeting), by=chair, now=NOW, kind=DecisionKind.APPROVE_STEP, **facts)
    down.refresh_from_db()
    assert down.status == StepStatus.APPROVED

    up = ask(Case.objects.get(), worker, 3, urgent_why="He is back.")
    facts = {"rationale": "More.", "specialists": [ServiceFactory()], **ASKED}
    decide(heard(Case.objects.get(), up, meeting), by=chair, now=NOW, kind=DecisionKind.APPROVE_STEP, **facts)

    down.refresh_from_db()
    assert down.status == StepStatus.WITHDRAWN
    assert (Case.objects.get().tier, Case.objects.get().lead) == (3, worker)
    assert not Case.objects.get().allocations.filter(status="offered").exists()
    assert follow_up_steps(now=NOW) == 0


def test_a_step_out_that_is_not_agreed_after_all_is_approved_no_more(led_case, worker, meeting, chair, manager):
    taken = {"taker": "School family worker.", "contingency": "Ring the school.", "takers_agree": True}
    step = ask(led_case, worker, Tier.UNIVERSAL, **taken)
    decide(
        heard(led_case, step, meeting),
        by=chair,
        now=NOW,
        kind=DecisionKind.APPROVE_STEP,
        rationale="The goals are met.",
    )
    cases.refuse_closure(Case.objects.get(), by=manager, now=NOW, reason="He is back.")

    step.refresh_from_db()
    assert step.status == StepStatus.WITHDRAWN


def test_tier_3_needs_an_intensive_worker_and_a_specialist(led_case, worker, meeting, chair):
    worker.intensive = False
    worker.save()
    item = heard(led_case, ask(led_case, worker, 3), meeting)
    with pytest.raises(NotPossible, match="intensive"):
        decide(item, by=chair, now=NOW, kind=DecisionKind.APPROVE_STEP, rationale="Yes.")
    worker.intensive = True
    worker.save()
    with pytest.raises(NotPossible, match="specialist"):
        decide(item, by=chair, now=NOW, kind=DecisionKind.APPROVE_STEP, rationale="Yes.")
    led_case.refresh_from_db()
    assert (led_case.tier, led_case.status) == (2, Status.STEP_REQUESTED)


def test_a_step_to_universal_services_is_enacted_by_closing(led_case, worker, meeting, chair):
    step = ask(
        led_case,
        worker,
        Tier.UNIVERSAL,
        taker="School family worker: breakfast club.",
        contingency="Ring the school.",
        takers_agree=True,
    )
    decide(
        heard(led_case, step, meeting),
        by=chair,
        now=NOW,
        kind=DecisionKind.APPROVE_STEP,
        rationale="The goals are met.",
    )
    led_case.refresh_from_db()
    step.refresh_from_db()
    assert (led_case.status, led_case.closure_approved, step.status) == (Status.CLOSING, True, StepStatus.APPROVED)


def test_a_declined_step_leaves_the_tier_as_it_was(led_case, worker, meeting, chair):
    step = ask(led_case, worker, 3)
    decide(
        heard(led_case, step, meeting),
        by=chair,
        now=NOW,
        kind=DecisionKind.DECLINE_STEP,
        rationale="Try the group first.",
    )
    led_case.refresh_from_db()
    step.refresh_from_db()
    assert (led_case.status, led_case.tier, step.status) == (Status.SUPPORTED, 2, StepStatus.DECLINED)


def test_a_lead_who_chairs_does_not_decide_their_own_request(led_case, worker, meeting, melton):
    step = ask(led_case, worker, 3)
    PostFactory(user=worker, role=Role.HUB_CHAIR, area=melton)
    item = heard(led_case, step, meeting)
    with pytest.raises(PermissionDenied):
        decide(item, by=worker, now=NOW, kind=DecisionKind.APPROVE_STEP, rationale="Mine.")


def test_the_lead_asks_for_a_step_on_its_page(sign_in, led_case, worker, stranger):
    url = f"/hubs/steps/{led_case.reference}/"
    client = sign_in(worker)
    page = client.get(url)
    assert page.status_code == 200
    assert (
        client.post(url, EVIDENCE | {"token": page.context["form"]["token"].value(), "to_tier": "3"}).status_code == 302
    )
    assert StepRequest.objects.get().to_tier == 3
    assert sign_in(stranger).get(url).status_code == 404


# --- when another is to lead from then on --------------------------------------------------------------------------------


HANDED_ON = {"handover_note": "Breakfast with him works.", "joint_visit": "On Tuesday after school."}


def sent(client, url, **answers):
    return client.post(url, EVIDENCE | {"token": client.get(url).context["form"]["token"].value()} | answers)


def test_whoever_may_not_lead_at_the_tier_asked_for_says_what_the_next_lead_needs_to_know(sign_in, led_case, worker):
    type(worker).objects.filter(pk=worker.pk).update(intensive=False)
    client, url = sign_in(worker), f"/hubs/steps/{led_case.reference}/"
    refused = sent(client, url, to_tier="3")
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == set(HANDED_ON)
    assert not StepRequest.objects.exists()
    assert sent(client, url, to_tier="3", **HANDED_ON).status_code == 302


def test_so_does_whoever_names_who_is_ready_to_lead(sign_in, led_case, worker, other_worker):
    client, url = sign_in(worker), f"/hubs/steps/{led_case.reference}/"
    assert set(sent(client, url, to_tier="3", receiving=other_worker.pk).context["form"].errors) == set(HANDED_ON)
    assert not StepRequest.objects.exists()


def test_the_new_lead_reads_it_before_they_answer(sign_in, led_case, worker, other_worker, meeting, chair):
    item = heard(led_case, ask(led_case, worker, 3, **HANDED_ON), meeting)
    decided = {"rationale": "Yes.", "worker": other_worker, "specialists": [ServiceFactory()], **ASKED}
    decide(item, by=chair, now=NOW, kind=DecisionKind.APPROVE_STEP, **decided)
    page = sign_in(other_worker).get(f"/cases/{led_case.reference}/do/take_over/").content.decode()
    assert "Breakfast with him works. Visiting together: On Tuesday after school." in page


# --- a family that does not agree ----------------------------------------------------------------------------------------


NO = {"agreement": "not_agreed", "agreement_note": "Mum wants nobody new in the house."}
SAID_NO = "Does not agree to the step"


def test_the_page_says_what_follows_if_the_family_does_not_agree(sign_in, led_case, worker):
    page = sign_in(worker).get(f"/hubs/steps/{led_case.reference}/").content.decode()
    assert "The hub hears the request all the same" in page
    assert "record that the family withdraws" in page


def test_a_family_that_does_not_agree_keeps_the_help_it_has_until_the_hub_decides(led_case, worker):
    step = ask(led_case, worker, 3, **NO)
    led_case.refresh_from_db()
    assert (led_case.status, led_case.tier, led_case.lead) == (Status.STEP_REQUESTED, 2, worker)
    assert step.doubt == SAID_NO
    assert not led_case.allocations.filter(status="offered").exists()


def test_the_hub_reads_of_a_no_on_the_agenda_and_before_it_decides(sign_in, hub, led_case, worker, chair):
    item = heard(led_case, ask(led_case, worker, 3, **NO), MeetingFactory(hub=hub))
    client = sign_in(chair)
    for url in (item.meeting.get_absolute_url(), item.get_absolute_url()):
        assert SAID_NO in client.get(url).content.decode()

    decides = client.get(f"/hubs/chairs-action/{led_case.reference}/").content.decode()
    assert "Mum wants nobody new in the house." in decides
    assert "how you weighed what they said" in decides


def test_a_family_that_agrees_is_not_doubted(sign_in, hub, led_case, worker, chair):
    item = heard(led_case, ask(led_case, worker, 3), MeetingFactory(hub=hub))
    client = sign_in(chair)
    for url in (item.meeting.get_absolute_url(), f"/hubs/chairs-action/{led_case.reference}/"):
        page = client.get(url).content.decode()
        assert SAID_NO not in page
        assert "how you weighed" not in page


def test_a_family_that_was_not_asked_is_told_apart_from_one_that_said_no(led_case, worker):
    assert ask(led_case, worker, 3, agreement="not_sought").doubt == "Not asked about the step"


# --- the request itself, for whoever has to look at it (domain.md R7) ------------------------------------------------------


def test_eh_access_finds_it_on_its_first_page_reads_it_and_passes_it_on(sign_in, led_case, worker, access_worker):
    step = ask(led_case, worker, 3)
    client = sign_in(access_worker)
    assert f"Check a request for a step up: {led_case.reference}" in client.get("/").content.decode()

    page = client.get(step.get_absolute_url()).content.decode()
    assert EVIDENCE["what_changed"] in page
    url = f"{step.get_absolute_url()}do/pass_on/"
    assert client.post(url, {"known": ""}).status_code == 422
    assert client.post(url, {"known": "Nothing new."}).status_code == 302
    step.refresh_from_db()
    assert (step.status, step.known, step.checked_by) == (StepStatus.WITH_HUB, "Nothing new.", access_worker)
    assert "Check a request" not in client.get("/").content.decode()


def test_whoever_reads_a_request_is_offered_only_what_they_may_do(sign_in, led_case, worker, chair):
    step = ask(led_case, worker, 3)
    for who in (worker, chair):
        page = sign_in(who).get(step.get_absolute_url()).content.decode()
        assert "do/pass_on/" not in page
        assert sign_in(who).get(f"{step.get_absolute_url()}do/pass_on/").status_code == 404


def test_the_lead_says_on_a_page_that_all_who_carry_on_have_said_yes(sign_in, led_case, worker):
    step = ask(led_case, worker, Tier.UNIVERSAL, taker="The school.", contingency="Ring the school.")
    client = sign_in(worker)
    url = f"{step.get_absolute_url()}do/takers_agree/"
    assert url in client.get(step.get_absolute_url()).content.decode()

    assert client.post(url, {"taker": "Ms Ray, the school."}).status_code == 302
    step.refresh_from_db()
    assert (step.takers_agree, step.taker) == (True, "Ms Ray, the school.")
    assert url not in client.get(step.get_absolute_url()).content.decode()


def test_a_request_is_read_in_few_queries(sign_in, led_case, worker, django_assert_max_num_queries):
    step = ask(led_case, worker, 3)
    client = sign_in(worker)
    client.get(step.get_absolute_url())
    with django_assert_max_num_queries(7):
        assert client.get(step.get_absolute_url()).status_code == 200
