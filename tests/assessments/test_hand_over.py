"""When another leads, what the former lead had promised the family is theirs in the same moment, and others' stays theirs."""

from datetime import timedelta

import pytest

from assessments.models import PlanAction, PlanActionDeadline
from assessments.services.planning import add_action, add_goal
from assessments.transitions import finish_action, hand_on
from earlyhelp.audit.models import Event
from earlyhelp.cases.offers import offer
from earlyhelp.cases.services import leave_team
from earlyhelp.cases.transitions import take_over
from earlyhelp.core.rights import may
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.models import User
from tests.cases.journeys import ASKED
from tests.factories import MONDAY

FRIDAY = MONDAY.date() + timedelta(days=4)


def again(user):
    return User.objects.get(pk=user.pk)


def action_of(case, by, **owner):
    goal = case.plan.goals.first() if hasattr(case, "plan") else add_goal(case, words="We stay.", by=by, now=MONDAY)
    facts = {"what": "Ring the landlord.", "due_on": FRIDAY, "how_we_will_know": "A letter."}
    return add_action(goal, by=by, now=MONDAY, **facts, **owner)


def succeed(case, other_worker, chair):
    offer(case, worker=other_worker, tier=2, by=chair, now=MONDAY, **ASKED)
    return take_over(case, by=again(other_worker), now=MONDAY)


@pytest.fixture
def actions(supported_case, worker, teammate):
    """One of the lead's, one of the teammate's, one of a grandmother's."""
    case = supported_case
    return {
        "lead": action_of(case, worker, owner=worker),
        "teammate": action_of(case, worker, owner=teammate),
        "nan": action_of(case, worker, owner_name="Nan"),
    }


def test_the_former_leads_open_actions_are_the_new_leads(supported_case, actions, other_worker, chair):
    succeed(supported_case, other_worker, chair)

    action = PlanAction.objects.get(pk=actions["lead"].pk)
    assert (action.owner, action.version) == (other_worker, actions["lead"].version + 1)
    assert may(again(other_worker), "update", action)
    assert Event.objects.get(kind="assessments.planaction.passed_on").subject_id == action.pk


def test_what_somebody_else_said_they_would_do_stays_theirs(supported_case, actions, teammate, other_worker, chair):
    succeed(supported_case, other_worker, chair)

    assert PlanAction.objects.get(pk=actions["teammate"].pk).owner == teammate
    assert PlanAction.objects.get(pk=actions["nan"].pk).owner_name == "Nan"


def test_what_somebody_who_leaves_the_team_said_they_would_do_is_the_leads_who_is_told(
    supported_case, actions, worker, teammate
):
    leave_team(supported_case.team.get(user=teammate), by=worker, now=MONDAY, reason="Changed school.")

    assert PlanAction.objects.get(pk=actions["teammate"].pk).owner == worker
    assert not PlanActionDeadline.objects.open().filter(holder=teammate).exists()
    assert Notice.objects.get(title="Actions of a family are yours now").to == worker
    assert PlanAction.objects.get(pk=actions["nan"].pk).owner_name == "Nan"


def test_no_promise_is_left_with_whoever_led_before(supported_case, actions, worker, teammate, other_worker, chair):
    succeed(supported_case, other_worker, chair)

    held = {each.owner_id: each.holder for each in PlanActionDeadline.objects.open()}
    assert held == {
        actions["lead"].pk: other_worker,
        actions["teammate"].pk: teammate,
        actions["nan"].pk: other_worker,  # the lead professional helps the family to keep theirs
    }
    assert not supported_case.deadlines.open().filter(holder=worker).exists()


def test_the_new_lead_is_told_once_and_without_a_name(supported_case, actions, other_worker, chair):
    action_of(supported_case, supported_case.lead, owner=supported_case.lead)
    succeed(supported_case, other_worker, chair)

    notice = Notice.objects.get(to=other_worker, key__contains="actions_passed")
    assert (notice.title, notice.reference) == ("Actions of a family are yours now", supported_case.reference)


def test_where_nothing_was_owed_nobody_is_told_of_it(supported_case, teammate, worker, other_worker, chair):
    action_of(supported_case, worker, owner=teammate)
    succeed(supported_case, other_worker, chair)

    assert not Notice.objects.filter(key__contains="actions_passed").exists()


def test_what_was_finished_or_handed_on_is_left_as_it_was(supported_case, worker, other_worker, chair):
    done, handed = (action_of(supported_case, worker, owner=worker) for _ in range(2))
    finish_action(done, by=worker, now=MONDAY, came_of_it="Done.")
    hand_on(handed, by=worker, now=MONDAY, handed_to="Riverside Primary")

    succeed(supported_case, other_worker, chair)

    assert {each.owner for each in PlanAction.objects.all()} == {worker}


def test_an_offer_alone_passes_nothing_on(supported_case, actions, worker, other_worker, chair):
    offer(supported_case, worker=other_worker, tier=2, by=chair, now=MONDAY, **ASKED)

    assert PlanAction.objects.get(pk=actions["lead"].pk).owner == worker
    assert PlanActionDeadline.objects.get(owner=actions["lead"]).holder == worker
