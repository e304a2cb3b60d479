"""What was offered, approved or proposed holds no longer than what it was about (domain.md 6.5)."""

import pytest
from django.db import DatabaseError, transaction

from earlyhelp.cases import transitions as moves
from earlyhelp.cases.enums import AllocationStatus, Status
from earlyhelp.cases.models import Case
from earlyhelp.cases.offers import offer
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from tests.cases.journeys import ASKED, CLOSURE
from tests.cases.test_journey import again
from tests.factories import MONDAY, CaseFactory

TAKEN_BACK = "A family that was offered to you is not offered to you any more"
HANDED_ON = {"because": "manage_caseload", "handover_note": "Knock twice.", "joint_visit": "On Friday."}


def told_of_it():
    return [notice.to for notice in Notice.objects.filter(title=TAKEN_BACK)]


@pytest.fixture
def not_intensive(other_worker):
    other_worker.intensive = False
    other_worker.save()
    return other_worker


@pytest.fixture
def offered(led_case, not_intensive, chair):
    """Led at tier 2, and offered to another who may lead at tier 2 only."""
    offer(led_case, worker=not_intensive, tier=2, by=chair, now=MONDAY, **ASKED, **HANDED_ON)
    return led_case


# --- an offer ----------------------------------------------------------------------------------------------------------


def test_a_family_that_steps_up_is_not_led_by_somebody_to_whom_it_was_offered_before(
    offered, worker, not_intensive, chair
):
    moves.request_step(offered, by=worker, now=MONDAY, to_tier=3, reason="He hit her.", urgent=True)
    case = moves.approve_step(offered, by=chair, now=MONDAY, to_tier=3, reason="Agreed.")

    assert case.allocations.get(worker=not_intensive).status == AllocationStatus.WITHDRAWN
    assert not case.deadlines.open().filter(code="D_ACCEPT").exists()
    assert told_of_it() == [not_intensive]


def test_nobody_takes_over_at_a_tier_at_which_they_may_not_lead(offered, not_intensive):
    Case.objects.filter(pk=offered.pk).update(tier=3)

    with pytest.raises(NotPossible, match="intensive family worker"):
        moves.take_over(Case.objects.get(), by=again(not_intensive), now=MONDAY)
    assert Case.objects.get().lead != not_intensive


def test_whoever_is_asked_no_longer_hears_of_it(offered, worker, not_intensive, chair, manager):
    offer(offered, worker=manager_who_leads(manager), tier=2, by=chair, now=MONDAY, **ASKED, **HANDED_ON)

    assert told_of_it() == [not_intensive]


def test_so_they_do_where_the_case_ends(offered, worker, not_intensive):
    moves.family_withdrew(offered, by=worker, now=MONDAY, safeguarding_check="No risk.", reason="Enough.")

    assert told_of_it() == [not_intensive]


def manager_who_leads(manager):
    manager.takes_cases = True
    manager.save()
    return manager


# --- a closure that is not agreed --------------------------------------------------------------------------------------


def stepped_out(case, worker, chair):
    moves.request_step(case, by=worker, now=MONDAY, to_tier=1, reason="All goals met.")
    return moves.approve_step_out(case, by=chair, now=MONDAY, reason="The school carries on.")


def test_a_step_out_that_is_not_agreed_after_all_leaves_nothing_approved(led_case, worker, chair, manager):
    case = moves.refuse_closure(stepped_out(led_case, worker, chair), by=manager, now=MONDAY, reason="He is back.")

    assert (case.status, case.closure_approved) == (Status.SUPPORTED, False)
    assert Notice.objects.filter(to=chair, title__startswith="A step out that the hub had approved").exists()
    proposed = moves.propose_closure(case, by=again(worker), now=MONDAY, **CLOSURE)
    with pytest.raises(NotPossible, match="ratify"):
        moves.close_stepped_down(proposed, by=again(worker), now=MONDAY, **CLOSURE)


def test_the_database_knows_no_approved_step_out_of_a_case_that_goes_on(led_case):
    with pytest.raises(DatabaseError, match="case_step_out_is_closing"), transaction.atomic():
        Case.objects.filter(pk=led_case.pk).update(closure_approved=True)


@pytest.mark.parametrize("status", [Status.ASSESSING, Status.PLANNING])
def test_a_family_that_has_no_plan_yet_goes_on_towards_one(worker, chair, melton, status):
    case = CaseFactory.led_by(worker, area=melton, status=status)
    proposed = moves.propose_closure(case, by=worker, now=MONDAY, **CLOSURE)

    case = moves.refuse_closure(proposed, by=chair, now=MONDAY, reason="Too early.")

    assert (case.status, case.next_review_on) == (status, None)
    assert not case.deadlines.open().filter(code__startswith="D_REVIEW").exists()


# --- a follow-up -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("agreed", [False, None])
def test_a_family_that_did_not_agree_to_it_is_not_asked_later(led_case, worker, chair, manager, agreed, client):
    proposed = moves.propose_closure(led_case, by=worker, now=MONDAY, **CLOSURE | {"follow_up_agreed": agreed})
    closed = moves.ratify_closure(proposed, by=chair, now=MONDAY, end_reason="outcomes_met", reason="Agreed.")

    with pytest.raises(NotPossible, match="did not agree"):
        moves.record_follow_up(closed, by=again(manager), now=MONDAY, result="sustained", note="-")
    client.force_login(manager)
    assert client.get(closed.get_absolute_url()).status_code == 200
    assert "record_follow_up" not in client.get(closed.get_absolute_url()).content.decode()
