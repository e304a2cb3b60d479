"""Reviews: an approach that makes no difference is changed, on evidence (domain.md R11)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from assessments.models import ActionProgress, OutcomeReading, Review
from assessments.queries import Occasion, distances, is_stuck, made_progress
from assessments.services.reviewing import Found, Stopped, record_review
from earlyhelp.cases.enums import Status
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from hubs.models import Blockage
from tests.assessments.factories import ActionFactory, found
from tests.factories import MONDAY

STOPPED = Stopped("The waiting list is shut.", MONDAY.date(), "Rang three times; nobody rings back.")


def review(case, by, *, week=0, value=1, **facts):
    """A review so many weeks on, housing read as ``value``; what a test says, it says instead."""
    now = MONDAY + timedelta(weeks=week)
    given = {
        "held_on": now.date(),
        "risk": "unchanged",
        "decision": "continue",
        "summary": "We met.",
        "by": by,
        "now": now,
    }
    given["found"] = found(case, readings={"housing": value})
    return record_review(case, **{**given, **facts})


# --- what a review needs ---------------------------------------------------------------------------------------------


def test_a_review_keeps_its_promise_and_makes_the_next(supported_case, worker):
    review(supported_case, worker, week=6)

    supported_case.refresh_from_db()
    assert supported_case.next_review_on == (MONDAY + timedelta(weeks=18)).date()
    assert supported_case.deadlines.open().filter(code="D_REVIEW").count() == 1


def test_a_review_takes_readings(supported_case, worker):
    review(supported_case, worker, value=3)

    assert OutcomeReading.objects.get(review__isnull=False).value == 3


def test_a_reason_stands_for_readings(supported_case, worker):
    review(supported_case, worker, found=found(supported_case), no_reading_reason="Dawn was too ill to talk.")

    assert Review.objects.count() == 1


def test_neither_readings_nor_a_reason_is_no_review(supported_case, worker):
    with pytest.raises(NotPossible, match="reading"):
        review(supported_case, worker, found=found(supported_case))

    assert not Review.objects.exists()


def test_each_open_action_is_spoken_of(supported_case, worker):
    ActionFactory(case=supported_case, owner=worker)
    spoken = found(supported_case, readings={"housing": 2})
    with pytest.raises(NotPossible, match="each open action"):
        review(supported_case, worker, found=Found(readings=spoken.readings, voices=spoken.voices))

    review(supported_case, worker, found=spoken)
    assert ActionProgress.objects.count() == 1


def test_each_child_is_heard_again(supported_case, worker):
    with pytest.raises(NotPossible, match="each child"):
        review(supported_case, worker, found=Found(readings={"housing": 2}))

    assert not Review.objects.exists()


def test_a_review_is_not_recorded_before_it_is_held(supported_case, worker):
    with pytest.raises(NotPossible, match="future"):
        review(supported_case, worker, held_on=(MONDAY + timedelta(days=1)).date())


def test_somebody_on_the_team_does_not_record_a_review(supported_case, teammate):
    with pytest.raises(PermissionDenied):
        review(supported_case, teammate)

    assert not Review.objects.exists()


def test_there_is_nothing_to_review_before_the_plan(planning_case, worker):
    with pytest.raises(NotPossible):
        review(planning_case, worker)

    assert not Review.objects.exists()


# --- R11 -------------------------------------------------------------------------------------------------------------


def test_the_first_unchanged_reading_may_be_waited_out(supported_case, worker):
    review(supported_case, worker, week=6, value=1)

    assert Review.objects.count() == 1


def test_after_two_unchanged_readings_a_bare_continue_is_refused(supported_case, worker):
    review(supported_case, worker, week=6, value=1)
    with pytest.raises(NotPossible, match="Two readings"):
        review(supported_case, worker, week=18, value=1)

    supported_case.refresh_from_db()
    assert Review.objects.count() == 1
    assert supported_case.next_review_on == (MONDAY + timedelta(weeks=18)).date()


@pytest.mark.parametrize(
    "way",
    [
        {"decision": "change_plan"},
        {"decision": "step_up"},
        {"continue_reason": "The move is next week."},
        {"stopped": STOPPED},
    ],
    ids=["the plan is changed", "a step is asked for", "a reason", "a blockage is raised"],
)
def test_changing_something_or_saying_why_not_is_accepted(supported_case, worker, way):
    review(supported_case, worker, week=6, value=1)

    review(supported_case, worker, week=18, value=1, **way)

    assert Review.objects.count() == 2


def test_what_stops_the_plan_is_raised_in_the_same_step_and_somebody_owes_a_name(supported_case, worker):
    review(supported_case, worker, week=6, value=1)
    recorded = review(supported_case, worker, week=18, value=1, stopped=STOPPED)

    blockage = Blockage.objects.get()
    assert (blockage.case, blockage.what, blockage.raised_by) == (supported_case, STOPPED.what, worker)
    assert blockage.deadlines.open().get().code == "D_BLOCKAGE_OWNER"
    assert recorded.blockage == STOPPED.what


def test_a_review_that_is_refused_raises_no_blockage(supported_case, worker):
    with pytest.raises(NotPossible, match="each child"):
        review(supported_case, worker, stopped=STOPPED, found=Found(readings={"housing": 2}))

    assert not Blockage.objects.exists()


def test_a_review_at_which_nothing_stops_the_plan_raises_nothing(supported_case, worker):
    review(supported_case, worker, week=6, value=1)

    assert not Blockage.objects.exists()


def test_a_step_up_still_has_a_next_review(supported_case, worker):
    review(supported_case, worker, decision="step_up")

    supported_case.refresh_from_db()
    assert supported_case.status == Status.SUPPORTED
    assert supported_case.next_review_on


# --- what counts as progress -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "progress"),
    [
        ({"housing": 2, "money": 1, "health": 3}, True),
        ({"housing": 1, "money": 1, "health": 3}, False),
        ({"housing": 2, "money": 1, "health": 1}, False),
        ({"housing": 2, "money": 0, "health": 3}, True),
        ({"housing": 1, "money": 1, "health": 4}, False),
    ],
    ids=[
        "one need better",
        "nothing moved",
        "a fall of two elsewhere",
        "a fall of one elsewhere",
        "better where no need was",
    ],
)
def test_progress_is_one_better_under_a_need_and_nowhere_two_worse(after, progress):
    before = Occasion(MONDAY.date(), {"housing": 1, "money": 1, "health": 3})

    assert made_progress(before, Occasion(MONDAY.date(), after), ["housing", "money"]) is progress


def test_no_needs_are_never_stuck():
    assert not is_stuck([Occasion(MONDAY.date(), {"housing": 1})] * 3, [])


def test_distance_is_counted_from_the_first_reading_to_the_last():
    taken = [Occasion(MONDAY.date(), {"housing": value}) for value in (1, 0, 3)]

    assert [(each.then, each.now, each.words) for each in distances(taken, ["housing", "money"])] == [
        (1, 3, "2 better")
    ]


def test_with_one_reading_there_is_no_now_and_no_change():
    [row] = distances([Occasion(MONDAY.date(), {"housing": 2})], ["housing"])

    assert (row.then, row.now, row.change, row.words) == (2, None, None, "One reading so far")


# --- reminders of a step ---------------------------------------------------------------------------------------------


def test_stuck_the_lead_and_their_manager_are_told_to_consider_a_step_up(supported_case, worker, manager):
    review(supported_case, worker, week=6, value=1)
    review(supported_case, worker, week=18, value=1, decision="change_plan")

    told = Notice.objects.filter(title="Consider asking for a step up")
    assert set(told.values_list("to", flat=True)) == {worker.pk, manager.pk}


def test_three_calmer_reviews_with_nothing_left_to_do_suggest_a_step_down(supported_case, worker, manager):
    for number, week in enumerate((6, 18, 30), start=2):
        review(supported_case, worker, week=week, value=number, risk="lower")

    told = Notice.objects.filter(title="Consider asking for a step down")
    assert set(told.values_list("to", flat=True)) == {worker.pk, manager.pk}


def test_an_action_left_to_do_suggests_none(supported_case, worker):
    ActionFactory(case=supported_case, owner=worker)
    for number, week in enumerate((6, 18, 30), start=2):
        review(supported_case, worker, week=week, value=number, risk="lower")

    assert not Notice.objects.filter(title="Consider asking for a step down").exists()


def test_wanting_another_lead_reaches_the_chair(supported_case, worker, chair):
    review(supported_case, worker, decision="change_lead")

    assert Notice.objects.filter(to=chair, title="Another lead professional is asked for").count() == 1
