from datetime import UTC, date, datetime, timedelta

import pytest

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import CaseDeadline
from earlyhelp.deadlines import services, sweep
from earlyhelp.deadlines.models import ServiceStandard
from earlyhelp.deadlines.services import keep, ladder, promise, release
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from earlyhelp.partnership.services import leave
from tests.factories import MONDAY, PostFactory
from tests.lac.factories import IntroductionFactory


@pytest.fixture
def review(led_case, worker):
    return promise(led_case, "D_REVIEW", now=MONDAY, holder=worker, tier=2)


def told(deadline):
    return {
        (notice.to, notice.key.rpartition(":")[2]) for notice in Notice.objects.filter(reference=deadline.reference)
    }


def test_the_ladder_is_amber_due_and_one_five_and_ten_working_days_after(review):
    amber, due, *after = review.rungs

    assert MONDAY < amber < due == review.due_at
    assert [moment.date().isoformat() for moment in after] == ["2026-05-27", "2026-06-02", "2026-06-09"]
    assert review.due_at.date().isoformat() == "2026-05-26"  # the Monday is a bank holiday


def test_a_standard_for_the_tier_is_taken_before_the_one_for_all(led_case, worker):
    tier_3 = promise(led_case, "D_REVIEW", now=MONDAY, holder=worker, tier=3)

    assert tier_3.due_at.date().isoformat() == "2026-04-13"


def test_a_changed_standard_reaches_future_deadlines_only(review, led_case, worker):
    before = review.due_at
    ServiceStandard.objects.filter(code="D_REVIEW", tier=2).update(amount=4)

    review.refresh_from_db()
    assert review.due_at == before
    assert promise(led_case, "D_REVIEW", now=MONDAY, holder=worker, tier=2).due_at < before


def test_a_deadline_without_a_standard_is_refused(led_case, worker):
    with pytest.raises(LookupError):
        promise(led_case, "D_NOTHING", now=MONDAY, holder=worker)


def test_promising_again_replaces_what_was_owed(review, led_case, worker):
    again = promise(led_case, "D_REVIEW", now=MONDAY, holder=worker, tier=2)

    assert list(led_case.deadlines.open()) == [again]


def test_nothing_rings_before_the_amber_point(review):
    assert sweep.ring(now=review.rungs[0] - timedelta(seconds=1)) == (0, 0)
    assert not Notice.objects.exists()


def test_amber_and_due_tell_the_holder_alone(review, worker, manager, coordinator):
    sweep.ring(now=review.rungs[0])
    sweep.ring(now=review.rungs[1])

    assert told(review) == {(worker, "1"), (worker, "2")}


def test_a_working_day_late_tells_the_manager_too(review, worker, manager, coordinator):
    sweep.ring(now=review.rungs[2])

    assert told(review) == {(worker, "3"), (manager, "3")}


def test_just_after_midnight_in_summer_whoever_begins_that_day_is_told(review, manager):
    Post.objects.filter(user=manager).update(from_on=date(2026, 7, 7))
    sweep.ring(now=datetime(2026, 7, 6, 23, 30, tzinfo=UTC))  # half past midnight, here

    assert (manager, "5") in told(review)


def test_five_working_days_late_tells_the_coordinator_of_that_area_only(
    review, worker, manager, coordinator, charnwood
):
    elsewhere = PostFactory(role=Role.HUB_COORDINATOR, area=charnwood).user
    sweep.ring(now=review.rungs[3])

    assert told(review) == {(worker, "4"), (manager, "4"), (coordinator, "4")}
    assert not Notice.objects.filter(to=elsewhere).exists()


def test_a_late_first_contact_of_local_area_coordination_goes_to_its_lead_and_not_to_the_hub(
    melton, charnwood, coordinator
):
    """The hub does not know these people, and may not open what it would be told of."""
    lead, elsewhere = (PostFactory(role=Role.LAC_LEAD, area=area).user for area in (melton, charnwood))
    deadline = promise(IntroductionFactory(area=melton), "D_LAC_CONTACT", now=MONDAY, holder_role=Role.LAC_COORDINATOR)
    sweep.ring(now=deadline.rungs[3])

    assert told(deadline) == {(lead, "4")}
    assert not Notice.objects.filter(to__in=[coordinator, elsewhere]).exists()


def test_a_late_first_contact_reaches_the_service_manager_at_ten_days_as_every_promise_does(melton, service_manager):
    deadline = promise(IntroductionFactory(area=melton), "D_LAC_CONTACT", now=MONDAY, holder_role=Role.LAC_COORDINATOR)
    sweep.ring(now=deadline.rungs[4])

    assert told(deadline) == {(service_manager, "5")}


def test_what_is_set_by_hand_may_warn_a_set_time_before_its_end(led_case, worker):
    end = MONDAY + timedelta(weeks=4)
    deadline = promise(led_case, "D_TIMEBOX", now=MONDAY, holder=worker, due_at=end, warn=timedelta(weeks=2))

    assert deadline.rings_at == deadline.rungs[0] == end - timedelta(weeks=2)


def test_a_warning_that_would_have_been_before_the_promise_is_given_at_once(led_case, worker):
    end = MONDAY + timedelta(days=3)
    deadline = promise(led_case, "D_TIMEBOX", now=MONDAY, holder=worker, due_at=end, warn=timedelta(weeks=2))

    assert deadline.rungs[0] == MONDAY


def test_ten_working_days_late_tells_the_service_manager(review, worker, service_manager):
    sweep.ring(now=review.rungs[4])

    assert told(review) == {(worker, "5"), (service_manager, "5")}


def test_a_missed_month_owes_one_notice_each_and_not_five(review, worker):
    late = review.rungs[4] + timedelta(days=30)

    assert sweep.ring(now=late) == (1, 1)
    assert sweep.ring(now=late) == (0, 0)


def test_a_holder_who_has_left_is_not_told_and_the_manager_is(review, worker, manager):
    leave(worker, on=MONDAY.date())
    sweep.ring(now=review.rungs[0])

    assert told(review) == {(manager, "1")}


def test_a_promise_held_by_a_role_tells_everybody_in_that_post_there(waiting_case, chair, stranger):
    deadline = promise(waiting_case, "D_MMT_WAIT", now=MONDAY, holder_role=Role.HUB_CHAIR)
    sweep.ring(now=deadline.rungs[0])

    assert told(deadline) == {(chair, "1")}
    assert not Notice.objects.filter(to=stranger).exists()


@pytest.mark.parametrize("end", [keep, lambda owner, code, now: release(owner, now=now, codes=(code,))])
def test_what_is_kept_or_released_never_rings(review, led_case, end):
    end(led_case, "D_REVIEW", now=MONDAY)

    assert sweep.ring(now=review.rungs[4]) == (0, 0)
    assert CaseDeadline.objects.get().rings_at is None


def test_moving_a_deadline_is_written_down_with_its_reason(review, worker):
    was = review.due_at
    services.move(review, to=was + timedelta(days=7), by=worker, now=MONDAY, reason="School holidays.")

    event = Event.objects.get(kind="deadline.move")
    assert (event.actor, event.reason) == (worker, "School holidays.")
    assert event.facts["was_due"] == was.isoformat()


def test_a_notice_says_neither_name_nor_reason(review, led_case):
    sweep.ring(now=review.rungs[2])

    notice = Notice.objects.filter(to=led_case.lead).get()
    assert (notice.title, notice.reference, notice.url) == (
        "Review: overdue",
        led_case.reference,
        led_case.get_absolute_url(),
    )
    assert led_case.family.name not in notice.title + notice.url


def test_an_hour_long_promise_rings_its_amber_before_its_due():
    from earlyhelp.core.calendar import Unit, due

    end = due(MONDAY, 4, Unit.WORKING_HOURS)
    rungs = ladder(MONDAY, end, 75)
    assert rungs == sorted(rungs)
    assert rungs[0] == MONDAY + timedelta(hours=3)
