"""When the next review is, and what it is called (domain.md 7, D_REVIEW)."""

import pytest

from earlyhelp.cases import transitions as moves
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from tests.cases.test_journey import again
from tests.factories import MONDAY


@pytest.fixture
def planned(led_case):
    """Before the plan is agreed: no review is owed yet."""
    Case.objects.update(status=Status.PLANNING)
    return Case.objects.get()


def review(case, worker):
    return moves.reviewed(case, by=again(worker), now=MONDAY, held_on=MONDAY.date(), decision="continue")


def step_up(case, worker, chair):
    case = moves.request_step(case, by=again(worker), now=MONDAY, to_tier=3, reason="No progress.")
    return moves.approve_step(case, by=chair, now=MONDAY, to_tier=3, reason="Agreed.")


def promised(case):
    return case.deadlines.open().get(code__startswith="D_REVIEW")


def test_the_first_review_is_six_weeks_on_and_the_next_twelve_at_tier_2(planned, worker):
    case = moves.plan_agreed(planned, by=worker, now=MONDAY)
    assert case.next_review_on.isoformat() == "2026-04-13"

    case = review(case, worker)
    assert case.next_review_on.isoformat() == "2026-05-26"
    assert case.deadlines.open().filter(code__startswith="D_REVIEW").count() == 1


def test_a_step_up_to_tier_3_shortens_the_reviews(led_case, worker, chair):
    case = review(step_up(led_case, worker, chair), worker)

    assert (case.tier, case.next_review_on.isoformat()) == (3, "2026-04-13")
    assert [(change.from_tier, change.to_tier, change.decided_by) for change in case.tier_changes.all()] == [
        (2, 3, chair)
    ]


def test_after_a_review_the_one_that_follows_a_step_is_the_next_and_not_the_first(planned, worker, chair):
    case = moves.plan_agreed(planned, by=worker, now=MONDAY)
    assert promised(case).label == "First review"

    case = step_up(review(case, worker), worker, chair)
    assert (promised(case).label, promised(case).due_at.date().isoformat()) == ("Next review", "2026-04-13")


def test_a_step_before_any_review_still_promises_the_first(planned, worker, chair):
    case = step_up(moves.plan_agreed(planned, by=worker, now=MONDAY), worker, chair)

    assert promised(case).label == "First review"
