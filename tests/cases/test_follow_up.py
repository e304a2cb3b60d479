"""Six months after closing somebody asks whether the change has lasted: not before, nor of a family that says no."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.cases import sweep
from earlyhelp.cases import transitions as moves
from earlyhelp.cases.enums import Status
from earlyhelp.core import dates
from earlyhelp.workflow.transitions import NotPossible
from tests.cases.journeys import CLOSURE
from tests.cases.test_journey import again

NOW = timezone.now()
LASTED = {"result": "sustained", "note": "Still at home."}


@pytest.fixture
def closed(led_case, worker, chair):
    case = moves.propose_closure(led_case, by=worker, now=NOW, **CLOSURE)
    return moves.ratify_closure(case, by=chair, now=NOW, end_reason="outcomes_met", reason="Agreed.")


@pytest.fixture
def due_on(closed):
    return timezone.localdate(closed.deadlines.open().get().due_at)


@pytest.fixture
def page(closed, worker, client):
    client.force_login(worker)
    return f"/cases/{closed.reference}/do/record_follow_up/"


@pytest.mark.parametrize("result", ["sustained", "not_sustained", "unable_to_contact"])
def test_nobody_can_know_before_six_months_whether_it_lasted(closed, due_on, worker, result):
    with pytest.raises(NotPossible, match=f"Ask from {dates.day(due_on)} on"):
        moves.record_follow_up(closed, by=again(worker), now=NOW + timedelta(days=30), result=result, note="-")

    closed.refresh_from_db()
    assert (closed.status, closed.follow_up_result) == (Status.CLOSED, "")
    assert closed.deadlines.open().get().code == "D_FOLLOW_UP"


def test_a_family_that_wants_no_follow_up_says_so_at_any_time(closed, worker):
    ended = moves.record_follow_up(closed, by=again(worker), now=NOW, result="declined", note="Leave us alone.")

    assert (ended.status, ended.follow_up_result) == (Status.ENDED, "declined")
    assert not ended.deadlines.open().exists()


@pytest.mark.parametrize("begun", [True, False])
def test_on_its_day_it_is_recorded_whether_or_not_a_sweep_has_passed(closed, due_on, worker, begun):
    then = NOW + (due_on - timezone.localdate(NOW))
    if begun:
        assert sweep.begin_follow_ups(now=then) == 1
    ended = moves.record_follow_up(type(closed).objects.get(), by=again(worker), now=then, **LASTED)

    assert (ended.status, ended.follow_up_result) == (Status.ENDED, "sustained")


def test_the_page_says_when_it_is_due_before_anybody_types_and_beside_the_answer_after(closed, due_on, page, client):
    assert f"The follow-up is due on {dates.day(due_on)}." in client.get(page).text

    refused = client.post(page, LASTED)
    assert refused.status_code == 409
    assert refused.context["form"].errors["result"] == [
        f"Ask from {dates.day(due_on)} on: whether the change has lasted shows then."
    ]
    assert LASTED["note"] in refused.text
