"""Each agrees to the plan for themselves; what is missing is said before anybody types; a copy is asked about when it is true."""

import pytest

from assessments.models import Assessment, PlanAgreement
from assessments.services.planning import plan_of
from assessments.transitions import agree, complete
from earlyhelp.cases.enums import Status
from earlyhelp.cases.panels import next_steps, with_facts
from earlyhelp.workflow.transitions import NotPossible
from tests.assessments.factories import ActionFactory, MeetingFactory, write_all
from tests.assessments.pages import TOKEN, section, url
from tests.factories import MONDAY, MemberFactory


@pytest.fixture
def ready(planning_case, worker):
    """Its first TAF meeting was held, and there is an action: the family may agree."""
    ActionFactory(case=planning_case, owner=worker)
    MeetingFactory(case=planning_case, status="held", notes="Agreed.")
    return planning_case


def people(case):
    return (case.family.people.get(memberships__role=role) for role in ("parent", "child"))


def test_several_agree_and_each_is_written_down_with_their_own_words(ready, worker):
    parent, child = people(ready)
    plan = agree(ready.plan, by=worker, now=MONDAY, said={parent: "“Yes, all of it.”", child: "“I want my own room.”"})

    said = {each.person: each.words for each in PlanAgreement.objects.filter(plan=plan)}
    assert said == {parent: "“Yes, all of it.”", child: "“I want my own room.”"}
    assert {each.recorded_by for each in PlanAgreement.objects.all()} == {worker}


def test_a_childs_agreement_does_not_stand_for_a_parents(ready, worker):
    _, child = people(ready)
    with pytest.raises(NotPossible, match="parent or carer"):
        agree(ready.plan, by=worker, now=MONDAY, said={child: "“Yes.”"})

    ready.refresh_from_db()
    assert (ready.status, PlanAgreement.objects.count()) == (Status.PLANNING, 0)


def test_another_relatives_agreement_does_not_stand_for_a_parents_either(ready, worker):
    aunt = MemberFactory(family=ready.family, role="relative").person

    with pytest.raises(NotPossible, match="parent or carer"):
        agree(ready.plan, by=worker, now=MONDAY, said={aunt: "“Yes.”"})


@pytest.mark.parametrize("role", ["relative", "child"])
def test_where_there_is_no_parent_those_who_are_there_agree_for_themselves(ready, worker, role):
    ready.family.memberships.all().delete()
    alone = MemberFactory(family=ready.family, role=role).person

    agree(ready.plan, by=worker, now=MONDAY, said={alone: "“Yes.”"})

    assert PlanAgreement.objects.get().person == alone


def test_nobody_of_another_family_agrees(ready, worker):
    parent, _ = people(ready)
    stranger = MemberFactory().person

    with pytest.raises(NotPossible, match="not in the family"):
        agree(ready.plan, by=worker, now=MONDAY, said={parent: "“Yes.”", stranger: "“Yes.”"})


def test_the_page_asks_each_for_their_words_and_shows_them_on_the_plan(as_worker, ready):
    parent, child = people(ready)
    page = as_worker.get(url("agree", ready)).content.decode()
    assert f"{parent.name}, parent" in page
    assert f"What did {child.called} say?" in page

    facts = {"agreed": [parent.pk, child.pk], f"words_{parent.pk}": "“Yes.”", f"words_{child.pk}": "“My own room.”"}
    assert as_worker.post(url("agree", ready), facts | {"token": TOKEN}).status_code == 302

    plan = as_worker.get(section(ready, "plan")).content.decode()
    assert f"<strong>{child.name}</strong>: “My own room.”" in plan


@pytest.mark.parametrize("left_out", ["the words", "the parent"])
def test_the_page_refuses_what_the_plan_refuses_and_keeps_what_was_typed(as_worker, ready, left_out):
    parent, child = people(ready)
    facts = {"agreed": [child.pk], f"words_{child.pk}": "“My own room.”", "token": TOKEN}
    facts |= {"agreed": [parent.pk, child.pk]} if left_out == "the words" else {}

    response = as_worker.post(url("agree", ready), facts)

    assert response.status_code == 422
    assert "“My own room.”" in response.content.decode()
    assert not PlanAgreement.objects.exists()


# --- what is missing is said before ----------------------------------------------------------------------------------


def test_the_page_says_what_is_missing_with_the_way_to_it_and_shows_no_form(as_worker, planning_case):
    plan_of(planning_case)
    page = as_worker.get(url("agree", planning_case)).content.decode()

    assert f'href="{section(planning_case, "meetings")}"' in page
    assert "at least one action" in page
    assert "The plan is agreed" not in page


def test_the_plan_offers_to_be_agreed_only_when_it_can_be(as_worker, planning_case, worker):
    ActionFactory(case=planning_case, owner=worker)
    before = as_worker.get(section(planning_case, "plan")).content.decode()
    assert "Record the first TAF meeting before you agree the plan" in before
    assert url("agree", planning_case) not in before

    MeetingFactory(case=planning_case, status="held", notes="Agreed.")
    assert url("agree", planning_case) in as_worker.get(section(planning_case, "plan")).content.decode()


def test_proposing_closure_names_each_unfinished_action_before_anything_is_typed(
    as_worker,
    supported_case,
    worker,
):
    action = ActionFactory(case=supported_case, owner=worker)
    page = as_worker.get(f"/cases/{supported_case.reference}/do/propose_closure/").content.decode()

    assert f'href="{url("action", supported_case, action.pk, "update")}"' in page
    assert f'href="{url("review", supported_case)}"' in page
    assert "What has changed" not in page


def test_what_was_typed_is_kept_where_something_came_between(as_worker, supported_case, worker):
    ActionFactory(case=supported_case, owner=worker)
    facts = {"end_reason": "outcomes_met", "summary": "Zqtyped", "family_views": "Good.", "follow_up_agreed": "yes"}
    response = as_worker.post(f"/cases/{supported_case.reference}/do/propose_closure/", facts)

    assert response.status_code == 409
    assert "Zqtyped" in response.content.decode()


# --- a copy of the assessment ----------------------------------------------------------------------------------------


def test_whether_the_family_has_a_copy_is_asked_with_the_completion_and_not_before(
    as_worker,
    case,
    assessment,
    worker,
):
    write_all(assessment, by=worker)
    assert "have a copy" not in as_worker.get(url("analysis", case)).content.decode()
    assert "Does the family have a copy" in as_worker.get(url("complete", case)).content.decode()

    assert as_worker.post(url("complete", case), {"token": TOKEN}).status_code == 422
    with pytest.raises(NotPossible, match="copy"):
        complete(assessment, by=worker, now=MONDAY)


def test_a_copy_still_to_be_given_is_a_next_step_until_it_is(as_worker, case, assessment, worker):
    def suggested():
        row = with_facts(type(case).objects.with_rights(worker)).get(pk=case.pk)
        return [step.text for step in next_steps(row, worker)]

    write_all(assessment, by=worker)
    complete(assessment, by=worker, now=MONDAY, family_has_copy="not_yet")
    assert "Give the family their copy of the assessment" in suggested()
    page = as_worker.get(section(case, "assessment")).content.decode()
    assert "Record whether the family has its copy" in page
    assert "The family has its copy" not in page  # nobody has said so yet

    as_worker.post(url("move", case, "give-copy"), {"family_has_copy": "yes"})

    assert Assessment.objects.get().family_has_copy == "yes"
    assert "Give the family their copy of the assessment" not in suggested()
