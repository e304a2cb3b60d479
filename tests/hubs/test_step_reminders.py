"""The six reminders of a step (domain.md 7). Of the third and the fourth, which a review sends, see ``test_review``."""

from datetime import timedelta

import pytest

from earlyhelp.cases.models import Case
from earlyhelp.deadlines.sweep import ring
from earlyhelp.notices.models import Notice
from hubs.enums import DecisionKind, Readiness
from hubs.services.interests import declare
from hubs.services.steps import follow_up_steps, request_step
from hubs.transitions import decide, say_ready
from tests.factories import MONDAY, CaseFactory, ServiceFactory
from tests.hubs.factories import EVIDENCE, MEETS_AT
from tests.hubs.routes import ASKED, again, before_the_hub

NOW = MEETS_AT + timedelta(minutes=20)
UP, DOWN = "An approved step is not in place yet", "A step down is not confirmed by who receives it"


def ask(case, by, to_tier, **facts):
    return request_step(case, by=again(by), now=MONDAY, to_tier=to_tier, **EVIDENCE | facts)


def approve(case, meeting, chair, **facts):
    item = before_the_hub(case, meeting, now=NOW)
    given = {"specialists": [ServiceFactory()], **ASKED} | facts
    decide(item, by=again(chair), now=NOW, kind=DecisionKind.APPROVE_STEP, rationale="Yes.", **given)


def told(title):
    return {notice.to for notice in Notice.objects.filter(title=title)}


def rung(now):
    Notice.objects.all().delete()
    ring(now=now)
    return {(notice.to, notice.reference) for notice in Notice.objects.all()}


def test_1_a_request_that_waits_for_the_hub_reminds_the_chair_from_its_amber_point_on(
    led_case, worker, chair, stranger
):
    ask(led_case, worker, 1, taker="The school.", contingency="Ring the school.")
    owed = led_case.deadlines.get(code="D_STEP")

    assert rung(MONDAY + timedelta(days=1)) == set()
    for moment in owed.rungs[:2]:
        assert (chair, led_case.reference) in rung(moment)
        assert stranger not in {person for person, _ in rung(moment)}


def test_1_a_request_for_more_reminds_eh_access_first(led_case, worker, access_worker):
    ask(led_case, worker, 3)
    owed = led_case.deadlines.get(code="D_STEP_CHECK")

    assert (access_worker, led_case.reference) in rung(owed.due_at)


def test_2_a_step_up_that_nobody_put_in_place_is_chased_after_ten_working_days(
    meeting, led_case, worker, other_worker, chair, coordinator
):
    ask(led_case, worker, 3)
    approve(led_case, meeting, chair, worker=other_worker)
    follow_up_steps(now=NOW + timedelta(days=13))
    assert told(UP) == set()

    for days in (16, 17):
        follow_up_steps(now=NOW + timedelta(days=days))
    assert told(UP) == {worker, other_worker, chair, coordinator}
    assert Notice.objects.filter(title=UP).count() == 4  # once each


def test_5_a_step_down_that_the_receiving_lead_has_not_confirmed_is_chased(
    meeting, melton, worker, other_worker, chair, coordinator
):
    case = CaseFactory.led_by(worker, area=melton, tier=3)
    say_ready(ask(case, worker, 2, receiving=other_worker), by=again(other_worker), now=MONDAY, ready=Readiness.YES)
    approve(case, meeting, chair)

    follow_up_steps(now=NOW + timedelta(days=16))
    assert told(DOWN) == {worker, other_worker, chair, coordinator}
    assert told(UP) == set()


def test_5_a_step_below_tier_2_that_nobody_closed_is_chased(meeting, led_case, worker, chair, coordinator):
    ask(led_case, worker, 1, taker="The school.", contingency="Ring the school.", takers_agree=True)
    item = before_the_hub(led_case, meeting, now=NOW)
    decide(item, by=again(chair), now=NOW, kind=DecisionKind.APPROVE_STEP, rationale="Yes.")

    follow_up_steps(now=NOW + timedelta(days=16))
    assert told(DOWN) == {worker, chair, coordinator}


@pytest.mark.parametrize("restricted", [False, True])
def test_6_a_year_at_tier_3_asks_the_lead_and_who_decides_once_a_year(worker, chair, stranger, melton, restricted):
    case = CaseFactory.led_by(worker, area=melton, tier=3)
    follow_up_steps(now=MONDAY + timedelta(days=364))
    assert not Notice.objects.exists()

    Case.objects.update(restricted=restricted)
    for days in (367, 380):
        follow_up_steps(now=MONDAY + timedelta(days=days))
    people = [notice.to for notice in Notice.objects.filter(reference=case.reference)]
    assert (
        people == [worker] if restricted else set(people) == {worker, chair}
    )  # of a restricted one no chair was named


def test_who_declared_an_interest_is_reminded_of_no_step(meeting, led_case, worker, other_worker, chair, coordinator):
    ask(led_case, worker, 3)
    approve(led_case, meeting, chair, worker=other_worker)
    declare(led_case, user=coordinator, by=coordinator, now=NOW)

    follow_up_steps(now=NOW + timedelta(days=16))
    assert told(UP) == {worker, other_worker, chair}


def test_where_nobody_who_runs_the_hub_may_hear_a_manager_is_reminded(
    meeting, led_case, worker, other_worker, chair, coordinator, service_manager
):
    ask(led_case, worker, 3)
    approve(led_case, meeting, chair, worker=other_worker)
    for user in (chair, coordinator):
        declare(led_case, user=user, by=user, now=NOW)

    follow_up_steps(now=NOW + timedelta(days=16))
    assert told(UP) == {worker, other_worker, service_manager}


def test_of_a_restricted_record_no_reminder_reaches_who_was_not_named_for_it(
    meeting, led_case, worker, other_worker, chair, coordinator
):
    ask(led_case, worker, 3)
    approve(led_case, meeting, chair, worker=other_worker)
    Case.objects.update(restricted=True, named_chair=chair)

    follow_up_steps(now=NOW + timedelta(days=16))
    assert told(UP) == {worker, other_worker, chair}
    assert coordinator not in told(UP)
