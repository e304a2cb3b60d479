"""The pages of a plan: goals and actions, meetings and reviews, and what each person owes by it (promises P10, P12)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.enums import ActionStatus, MeetingStatus, PlanStatus
from assessments.models import Goal, PlanAction, Review, TafMeeting
from assessments.services import planning
from assessments.todo import my_actions
from earlyhelp.cases.enums import Status
from earlyhelp.cases.services import join_team
from hubs.models import Blockage
from tests.assessments.factories import ActionFactory, MeetingFactory
from tests.assessments.pages import TOKEN, url
from tests.factories import MONDAY, CaseFactory

# --- the plan --------------------------------------------------------------------------------------------------------


def test_a_goal_and_an_action_are_added(as_worker, case, worker):
    as_worker.post(url("add_goal", case), {"token": TOKEN, "words": "We stay in our home."})
    due = (timezone.localdate() + timedelta(days=14)).isoformat()
    facts = {
        "token": TOKEN.replace("0b", "1b"),
        "what": "Ring.",
        "owner": worker.pk,
        "due_on": due,
        "how_we_will_know": "A letter.",
    }
    as_worker.post(url("add_action", case, Goal.objects.get().pk), facts)

    assert PlanAction.objects.get().deadlines.open().count() == 1


def test_an_action_without_an_owner_or_with_two_is_refused(as_worker, case, worker):
    goal = planning.add_goal(case, words="Home.", by=worker, now=MONDAY)
    facts = {"token": TOKEN, "what": "Ring.", "due_on": "2099-01-01", "how_we_will_know": "A letter."}

    assert as_worker.post(url("add_action", case, goal.pk), facts).status_code == 422
    assert (
        as_worker.post(url("add_action", case, goal.pk), facts | {"owner": worker.pk, "owner_name": "Nan"}).status_code
        == 422
    )
    assert not PlanAction.objects.exists()


def test_a_member_of_the_team_updates_their_own_action(as_teammate, case, action):
    address = url("action", case, action.pk, "update")
    assert as_teammate.get(address).status_code == 200

    as_teammate.post(address, {"status": "done", "came_of_it": "They agreed."})

    action.refresh_from_db()
    assert action.status == ActionStatus.DONE


@pytest.mark.parametrize("name", ["date", "owner", "hand-on"])
def test_a_member_of_the_team_changes_nothing_else_of_it(as_teammate, case, action, name):
    assert as_teammate.get(url("action", case, action.pk, name)).status_code == 404


def test_a_member_of_the_team_may_not_choose_to_cancel(as_teammate, case, action):
    assert (
        as_teammate.post(
            url("action", case, action.pk, "update"), {"status": "cancelled", "came_of_it": "x"}
        ).status_code
        == 422
    )


def test_the_action_of_another_is_missing(as_teammate, case, worker):
    other = ActionFactory(case=case, owner=worker)

    assert as_teammate.get(url("action", case, other.pk, "update")).status_code == 404


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("date", {"due_on": "2099-01-01", "reason": "Snow."}),
        ("owner", {"owner_name": "Nan", "reason": "She offered."}),
        ("hand-on", {"handed_to": "Riverside Primary"}),
    ],
)
def test_the_lead_moves_gives_and_hands_on_an_action(as_worker, case, action, name, facts):
    assert as_worker.get(url("action", case, action.pk, name)).status_code == 200
    assert as_worker.post(url("action", case, action.pk, name), facts).status_code == 302


def test_the_plan_is_agreed_on_its_page(as_worker, planning_case, worker):
    ActionFactory(case=planning_case, owner=worker)
    MeetingFactory(case=planning_case, status=MeetingStatus.HELD, notes="Agreed.")
    parent = planning_case.family.people.get(memberships__role="parent")

    as_worker.post(url("agree", planning_case), {"token": TOKEN, "agreed": [parent.pk], f"words_{parent.pk}": "“Yes.”"})

    planning_case.refresh_from_db()
    assert (planning_case.plan.status, planning_case.status) == (PlanStatus.AGREED, Status.SUPPORTED)


def test_the_family_gets_the_plan_in_plain_words(as_teammate, case, action):
    body = as_teammate.get(url("print_plan", case)).content.decode()

    assert "Our plan" in body
    assert action.what in body


# --- meetings and reviews --------------------------------------------------------------------------------------------


def test_a_meeting_is_planned_and_the_team_invited(as_worker, case, teammate):
    facts = {
        "token": TOKEN,
        "at": "2099-03-09T14:00",
        "where": "The village hall",
        "remote": "no",
        "invite_team": "yes",
    }
    as_worker.post(url("plan_meeting", case), facts)

    assert TafMeeting.objects.get().status == MeetingStatus.INVITED


def test_a_meeting_is_recorded(as_worker, case, meeting):
    parent = case.family.people.get(memberships__role="parent")
    facts = {"token": TOKEN, "members": [case.team.get().pk], "family": [parent.pk], "notes": "We agreed."}
    as_worker.post(url("record_meeting", case, meeting.pk), facts)

    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.HELD


@pytest.mark.parametrize("name", ["cancel", "too-few"])
def test_a_meeting_is_called_off(as_worker, case, meeting, name):
    as_worker.post(url("meeting_not_held", case, meeting.pk, name), {"why_not": "Snow."})

    meeting.refresh_from_db()
    assert not meeting.is_ahead


def _review(case, **facts):
    child = case.family.people.get(memberships__role="child")
    told = {f"how_{child.pk}": "words", f"words_{child.pk}": "“Calmer.”"}
    return (
        {
            "token": TOKEN,
            "held_on": "2026-03-02",
            "risk": "lower",
            "decision": "continue",
            "summary": "Better.",
            "reading_housing": "2",
        }
        | told
        | facts
    )


def test_a_review_asks_after_every_action_need_and_child(as_worker, supported_case, worker):
    action = ActionFactory(case=supported_case, owner=worker)
    child = supported_case.family.people.get(memberships__role="child")

    body = as_worker.get(url("review", supported_case)).content.decode()

    assert all(f'name="{name}"' in body for name in (f"progress_{action.pk}", "reading_housing", f"how_{child.pk}"))
    assert as_worker.post(url("review", supported_case), _review(supported_case)).status_code == 422


def test_a_review_is_recorded_and_can_be_read(as_worker, supported_case):
    as_worker.post(url("review", supported_case), _review(supported_case))

    review = Review.objects.get()
    assert "“Calmer.”" in as_worker.get(url("shown_review", supported_case, review.pk)).content.decode()


def test_a_decision_to_close_leads_to_the_page_that_proposes_it(as_worker, supported_case):
    answer = as_worker.post(url("review", supported_case), _review(supported_case, decision="close"))

    assert answer.url == reverse("cases:move", args=[supported_case.reference, "propose_closure"])


RAISED = {"blockage": "The list is shut.", "blockage_since_on": "2026-02-02", "blockage_tried": "Rang three times."}


def test_what_stops_the_plan_is_raised_with_the_review_and_leads_to_the_blockages(as_worker, supported_case):
    answer = as_worker.post(url("review", supported_case), _review(supported_case, **RAISED))

    assert answer.url == f"{supported_case.get_absolute_url()}blockages/"
    assert (Blockage.objects.get().what, Review.objects.get().blockage) == ("The list is shut.", "The list is shut.")
    page = as_worker.get(url("shown_review", supported_case, Review.objects.get().pk)).content.decode()
    assert "Raised as a blockage" in page


@pytest.mark.parametrize("missing", RAISED)
def test_half_a_blockage_is_asked_for_whole_and_nothing_is_recorded(as_worker, supported_case, missing):
    half = RAISED | {missing: ""}

    assert as_worker.post(url("review", supported_case), _review(supported_case, **half)).status_code == 422
    assert not Blockage.objects.exists()
    assert not Review.objects.exists()


def test_a_decision_to_step_up_leads_to_the_hubs_page(as_worker, supported_case):
    answer = as_worker.post(url("review", supported_case), _review(supported_case, decision="step_up"))

    assert answer.url == reverse("hubs:request_step", args=[supported_case.reference])


# --- my actions ------------------------------------------------------------------------------------------------------


def test_my_actions_are_mine_and_open_and_of_families_i_work_with(as_teammate, case, action, worker, teammate):
    ActionFactory(case=case, owner=worker, what="Of another.")
    ActionFactory(case=case, owner=teammate, what="Finished.", status=ActionStatus.DONE, ended_at=MONDAY)
    ActionFactory(case=CaseFactory(), owner=teammate, what="Of a family I have left.")

    body = as_teammate.get(reverse("assessments:my_actions")).content.decode()

    assert action.what in body
    assert not any(text in body for text in ("Of another.", "Finished.", "Of a family I have left."))


def test_what_i_owe_this_week_is_among_what_needs_me_today(case, action, teammate):
    action.due_on = MONDAY.date() + timedelta(days=3)
    action.save()

    assert [each.url for each in my_actions(teammate, MONDAY)] == [url("action", case, action.pk, "update")]
    assert not list(my_actions(case.lead, MONDAY))


@pytest.mark.parametrize("rows", [1, 20])
def test_my_actions_cost_the_same_queries_however_many(client, practitioner, melton, worker, rows):
    for _ in range(rows):
        case = CaseFactory.led_by(worker, area=melton)
        join_team(case, role="member", user=practitioner, by=worker, now=MONDAY)
        ActionFactory(case=case, owner=practitioner)
    client.force_login(practitioner)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(reverse("assessments:my_actions")).status_code == 200

    assert len(queries) <= 7
