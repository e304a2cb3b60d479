"""The plan: nothing without an owner and a date, nothing forgotten at the end."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from assessments.enums import ActionStatus, MeetingStatus, PlanStatus
from assessments.models import Attendance, Goal, PlanAction
from assessments.services import planning, reviewing
from assessments.transitions import (
    agree,
    cancel_action,
    cancel_meeting,
    finish_action,
    give_action,
    give_up_action,
    hand_on,
    hold,
    invite,
    not_quorate,
    put_off_action,
)
from earlyhelp.cases.enums import Status
from earlyhelp.cases.services import leave_team
from earlyhelp.cases.transitions import close_stepped_down, family_withdrew, propose_closure
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from tests.assessments.factories import ActionFactory, GoalFactory, MeetingFactory, found, race
from tests.factories import MONDAY

FRIDAY = date(2026, 3, 13)
CLOSURE = {"end_reason": "outcomes_met", "summary": "All well.", "family_views": "“Good.”", "follow_up_agreed": True}


def add(case, by, **facts):
    goal = planning.add_goal(case, words="We stay in our home.", by=by, now=MONDAY)
    what = {"what": "Ring the landlord.", "due_on": FRIDAY, "how_we_will_know": "A letter."}
    return planning.add_action(goal, by=by, now=MONDAY, **{**what, **facts})


# --- goals and actions -----------------------------------------------------------------------------------------------


def test_an_action_is_promised_for_the_close_of_its_day(case, worker, teammate):
    deadline = add(case, worker, owner=teammate).deadlines.get()

    assert (deadline.code, deadline.holder, deadline.due_at.date()) == ("D_ACTION", teammate, FRIDAY)


def test_what_a_family_member_owns_is_held_by_the_lead(case, worker):
    assert add(case, worker, owner_name="Nan").deadlines.get().holder == worker


def test_two_actions_may_be_due_at_once(case, worker):
    add(case, worker, owner=worker)
    add(case, worker, owner=worker)

    assert PlanAction.objects.count() == 2


def test_the_owner_of_a_new_action_is_told_without_a_fact_of_the_case(case, worker, teammate):
    add(case, worker, owner=teammate)

    notice = Notice.objects.get(to=teammate, key__startswith="action:")
    assert (notice.title, notice.reference) == ("An action is yours", case.reference)


@pytest.mark.parametrize("owner", [{"owner": None, "owner_name": ""}, {"owner_name": "Nan"}])
def test_an_action_has_one_owner_and_the_database_knows(case, worker, owner):
    owners = {"owner": worker} | owner if owner.get("owner_name") else owner
    with pytest.raises(IntegrityError):
        ActionFactory(case=case, **owners)


def test_only_somebody_on_the_team_can_own_an_action(case, worker, stranger):
    with pytest.raises(NotPossible, match="not on the team"):
        add(case, worker, owner=stranger)

    assert not PlanAction.objects.exists()


def test_a_member_of_the_team_does_not_add_to_the_plan(case, teammate):
    with pytest.raises(PermissionDenied):
        planning.add_goal(case, words="Mine.", by=teammate, now=MONDAY)

    assert not Goal.objects.exists()


def test_a_closed_case_takes_no_more_actions(case, worker):
    goal = GoalFactory(case=case)
    family_withdrew(case, by=worker, now=MONDAY, safeguarding_check="Considered.", reason="Enough.")

    with pytest.raises((NotPossible, PermissionDenied)):
        planning.add_action(goal, what="x", due_on=FRIDAY, how_we_will_know="y", owner=worker, by=worker, now=MONDAY)

    assert not PlanAction.objects.exists()


# --- how an action goes ----------------------------------------------------------------------------------------------


def test_whoever_owns_an_action_says_that_it_is_done(case, worker, teammate):
    action = add(case, worker, owner=teammate)

    finish_action(action, by=teammate, now=MONDAY, came_of_it="The landlord agreed.")

    action.refresh_from_db()
    assert (action.status, action.deadlines.get().met_at) == (ActionStatus.DONE, MONDAY)


def test_the_lead_says_it_for_the_family(case, worker):
    assert finish_action(add(case, worker, owner_name="Nan"), by=worker, now=MONDAY).status == ActionStatus.DONE


def test_a_member_of_the_team_leaves_the_actions_of_others_alone(case, worker, teammate):
    action = add(case, worker, owner=worker)
    with pytest.raises(PermissionDenied):
        finish_action(action, by=teammate, now=MONDAY)

    action.refresh_from_db()
    assert action.status == ActionStatus.OPEN


def test_who_has_left_the_team_updates_nothing(case, worker, teammate):
    action = add(case, worker, owner=teammate)
    leave_team(case.team.get(user=teammate), by=worker, now=MONDAY, reason="Moved.")

    with pytest.raises(PermissionDenied):
        finish_action(action, by=teammate, now=MONDAY)


def test_an_owner_cannot_cancel_what_the_family_agreed(action, teammate):
    with pytest.raises(PermissionDenied):
        cancel_action(action, by=teammate, now=MONDAY, came_of_it="No time.")

    action.refresh_from_db()
    assert action.status == ActionStatus.OPEN


def test_not_done_says_why(action, teammate):
    with pytest.raises(NotPossible):
        give_up_action(action, by=teammate, now=MONDAY, came_of_it="")

    action.refresh_from_db()
    assert action.status == ActionStatus.OPEN


def test_an_action_that_is_done_stays_done(action, worker, teammate):
    finish_action(action, by=teammate, now=MONDAY)

    with pytest.raises(NotPossible):
        cancel_action(action, by=worker, now=MONDAY, came_of_it="Not wanted.")


def test_another_date_moves_the_promise_and_keeps_the_old_one_in_the_trail(case, worker):
    action = add(case, worker, owner=worker)

    put_off_action(action, by=worker, now=MONDAY, due_on=FRIDAY + timedelta(days=7), reason="The landlord is away.")

    assert action.deadlines.open().get().due_at.date() == FRIDAY + timedelta(days=7)


def test_who_is_given_an_action_holds_its_promise(case, worker, teammate):
    action = add(case, worker, owner=worker)

    give_action(action, by=worker, now=MONDAY, owner=teammate, reason="Knows the landlord.")

    assert action.deadlines.open().get().holder == teammate


@pytest.mark.django_db(transaction=True)
def test_done_and_cancelled_at_once_it_is_one_of_them(action, worker, teammate):
    outcomes = race(
        lambda: finish_action(action, by=teammate, now=MONDAY),
        lambda: cancel_action(action, by=worker, now=MONDAY, came_of_it="Not wanted."),
    )

    assert sorted(outcomes) == ["NotPossible", "done"]


# --- agreeing --------------------------------------------------------------------------------------------------------


def test_a_plan_agreed_with_the_family_begins_the_support(planning_case, worker):
    add(planning_case, worker, owner=worker)
    MeetingFactory(case=planning_case, status=MeetingStatus.HELD, notes="Agreed.")
    parent = planning_case.family.people.get(memberships__role="parent")

    plan = agree(planning_case.plan, by=worker, now=MONDAY, said={parent: "“Yes.”"})

    planning_case.refresh_from_db()
    assert (plan.status, planning_case.status) == (PlanStatus.AGREED, Status.SUPPORTED)
    assert planning_case.next_review_on is not None


def test_a_plan_without_an_action_is_no_plan(planning_case, worker):
    MeetingFactory(case=planning_case, status=MeetingStatus.HELD, notes="Agreed.")
    parent = planning_case.family.people.get(memberships__role="parent")
    with pytest.raises(NotPossible, match="at least one action"):
        agree(planning.plan_of(planning_case), by=worker, now=MONDAY, said={parent: "“Yes.”"})

    planning_case.refresh_from_db()
    assert planning_case.status == Status.PLANNING


def test_a_plan_is_agreed_at_a_meeting(planning_case, worker):
    add(planning_case, worker, owner=worker)
    parent = planning_case.family.people.get(memberships__role="parent")

    with pytest.raises(NotPossible, match="first TAF meeting"):
        agree(planning_case.plan, by=worker, now=MONDAY, said={parent: "“Yes.”"})


def test_a_plan_comes_after_the_assessment(case, worker):
    add(case, worker, owner=worker)
    MeetingFactory(case=case, status=MeetingStatus.HELD, notes="Agreed.")
    parent = case.family.people.get(memberships__role="parent")

    with pytest.raises(NotPossible, match="Complete the assessment"):
        agree(case.plan, by=worker, now=MONDAY, said={parent: "“Yes.”"})


def test_somebody_on_the_team_does_not_agree_the_plan(planning_case, worker, teammate):
    add(planning_case, worker, owner=worker)
    MeetingFactory(case=planning_case, status=MeetingStatus.HELD, notes="Agreed.")
    parent = planning_case.family.people.get(memberships__role="parent")
    with pytest.raises(PermissionDenied):
        agree(planning_case.plan, by=teammate, now=MONDAY, said={parent: "“Yes.”"})

    planning_case.refresh_from_db()
    assert planning_case.status == Status.PLANNING


# --- meetings --------------------------------------------------------------------------------------------------------


def test_a_meeting_with_the_lead_and_the_family_is_held(case, meeting, worker, teammate):
    parent = case.family.people.get(memberships__role="parent")

    hold(meeting, by=worker, now=MONDAY, members=case.team.filter(user=worker), family=[parent], notes="We agreed.")

    assert Attendance.objects.filter(meeting=meeting, present=True).count() == 2
    assert not Attendance.objects.get(meeting=meeting, member__user=teammate).present


def test_the_views_of_a_family_that_could_not_come_are_enough(case, meeting, worker):
    held = hold(
        meeting,
        by=worker,
        now=MONDAY,
        members=list(case.team.all()),
        family=[],
        notes="We agreed.",
        views_brought="“Carry on.”",
    )

    assert held.status == MeetingStatus.HELD


def test_a_meeting_about_a_family_without_it_is_none(case, meeting, worker):
    with pytest.raises(NotPossible, match="Somebody of the family"):
        hold(meeting, by=worker, now=MONDAY, members=list(case.team.all()), family=[], notes="We agreed.")

    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.PLANNED


def test_a_meeting_without_the_lead_is_none(case, meeting, worker, teammate):
    parent = case.family.people.get(memberships__role="parent")
    with pytest.raises(NotPossible, match="lead professional"):
        hold(meeting, by=worker, now=MONDAY, members=list(case.team.filter(user=teammate)), family=[parent], notes="…")

    assert not Attendance.objects.exists()


def test_a_meeting_to_come_cannot_have_been_held(case, worker):
    meeting = MeetingFactory(case=case, at=MONDAY + timedelta(days=1))
    with pytest.raises(NotPossible, match="still to come"):
        hold(meeting, by=worker, now=MONDAY, members=list(case.team.all()), family=[], notes="…", views_brought="…")


def test_a_member_of_the_team_does_not_record_the_meeting(case, meeting, teammate):
    with pytest.raises(PermissionDenied):
        hold(meeting, by=teammate, now=MONDAY, members=list(case.team.all()), family=[], notes="…", views_brought="…")

    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.PLANNED


def test_the_team_is_invited_once(case, meeting, worker, teammate):
    invite(meeting, by=worker, now=MONDAY)

    assert Notice.objects.filter(key__startswith="taf:").values_list("to", flat=True).get() == teammate.pk


@pytest.mark.parametrize("deed", [cancel_meeting, not_quorate])
def test_a_meeting_that_was_not_held_says_why(meeting, worker, deed):
    assert deed(meeting, by=worker, now=MONDAY, why_not="Snow.").why_not == "Snow."


# --- the end ---------------------------------------------------------------------------------------------------------


def test_a_case_does_not_close_over_an_action_that_nobody_carries_on(case, action, worker):
    with pytest.raises(NotPossible, match=r"“Ring the landlord\.” .* is unfinished"):
        propose_closure(case, by=worker, now=MONDAY, **CLOSURE)

    case.refresh_from_db()
    assert case.status == Status.ASSESSING


def test_an_action_handed_on_to_somebody_named_lets_it_close(case, action, worker):
    hand_on(action, by=worker, now=MONDAY, handed_to="Priya Shah, Riverside Primary")

    assert propose_closure(case, by=worker, now=MONDAY, **CLOSURE).status == Status.CLOSING


def test_a_step_down_is_not_enacted_over_an_unfinished_action(case, action, worker):
    type(case).objects.filter(pk=case.pk).update(status=Status.CLOSING, closure_approved=True)
    with pytest.raises(NotPossible, match=r"“Ring the landlord\.” .* is unfinished"):
        close_stepped_down(case, by=worker, now=MONDAY, **CLOSURE)

    case.refresh_from_db()
    assert case.status == Status.CLOSING


def test_only_the_lead_hands_on(case, action, teammate):
    with pytest.raises(PermissionDenied):
        hand_on(action, by=teammate, now=MONDAY, handed_to="Nobody in particular")

    action.refresh_from_db()
    assert action.handed_to == ""


def test_a_case_with_readings_closes_on_a_last_review(supported_case, worker):
    with pytest.raises(NotPossible, match="last review"):
        propose_closure(supported_case, by=worker, now=MONDAY, **CLOSURE)

    reviewing.record_review(
        supported_case,
        held_on=MONDAY.date(),
        risk="lower",
        decision="close",
        summary="Done.",
        found=found(supported_case, readings={"housing": 4}),
        by=worker,
        now=MONDAY,
    )
    assert propose_closure(supported_case, by=worker, now=MONDAY, **CLOSURE).status == Status.CLOSING


def test_a_case_already_closing_can_still_have_its_last_review(supported_case, worker):
    type(supported_case).objects.filter(pk=supported_case.pk).update(status=Status.CLOSING, closure_approved=True)

    reviewing.record_review(
        supported_case,
        held_on=MONDAY.date(),
        risk="lower",
        decision="close",
        summary="Done.",
        found=found(supported_case, readings={"housing": 4}),
        by=worker,
        now=MONDAY,
    )

    assert close_stepped_down(supported_case, by=worker, now=MONDAY, **CLOSURE).status == Status.CLOSED


def test_nobody_is_reminded_of_an_action_after_the_end(case, worker, teammate):
    action = add(case, worker, owner=teammate)

    family_withdrew(case, by=worker, now=MONDAY, safeguarding_check="Considered.", reason="Enough.")

    assert not action.deadlines.open().exists()
