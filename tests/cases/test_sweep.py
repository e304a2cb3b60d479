"""What time alone brings about."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings

from earlyhelp.audit.models import Event
from earlyhelp.cases import sweep
from earlyhelp.cases import transitions as moves
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.celery import app
from earlyhelp.core.calendar import LONDON
from earlyhelp.deadlines.services import promise
from earlyhelp.deadlines.sweep import kinds, ring
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from tests.cases.journeys import CLOSURE
from tests.factories import MONDAY

SIX_MONTHS = MONDAY + timedelta(days=185)


@pytest.fixture
def closed_case(led_case, worker, chair):
    case = moves.propose_closure(led_case, by=worker, now=MONDAY, **CLOSURE)
    return moves.ratify_closure(case, by=chair, now=MONDAY, end_reason="outcomes_met", reason="Agreed.")


def test_a_follow_up_begins_by_itself_six_months_after_closing(closed_case):
    assert sweep.begin_follow_ups(now=MONDAY + timedelta(days=100)) == 0
    assert sweep.begin_follow_ups(now=SIX_MONTHS) == 1

    case = Case.objects.get()
    assert case.status == Status.FOLLOW_UP
    assert case.deadlines.open().get().code == "D_FOLLOW_UP_ANSWER"
    assert Event.objects.get(kind="cases.case.begin_follow_up").actor is None


def test_it_begins_on_its_day_and_so_in_time(closed_case):
    """Six months after 2 March is 2 September; what is promised for a day is owed until its close."""
    promised = closed_case.deadlines.get(code="D_FOLLOW_UP")
    assert promised.due_at == datetime(2026, 9, 2, 17, 0, tzinfo=LONDON)
    assert sweep.begin_follow_ups(now=datetime(2026, 9, 1, 23, 30, tzinfo=LONDON)) == 0

    morning = datetime(2026, 9, 2, 0, 30, tzinfo=LONDON)
    assert sweep.begin_follow_ups(now=morning) == 1

    promised.refresh_from_db()
    assert promised.met_at == morning < promised.due_at
    assert not CaseDeadline.objects.overdue(morning).exists()


def test_whoever_asks_has_twenty_working_days_from_that_day(closed_case):
    sweep.begin_follow_ups(now=datetime(2026, 9, 2, 0, 30, tzinfo=LONDON))

    answer = closed_case.deadlines.open().get()
    assert (answer.code, answer.due_at.date().isoformat()) == ("D_FOLLOW_UP_ANSWER", "2026-09-30")
    assert answer.holder == closed_case.lead


def test_that_it_is_coming_is_seen_and_told_before(closed_case, worker):
    promised = closed_case.deadlines.get(code="D_FOLLOW_UP")
    assert list(CaseDeadline.objects.for_user(worker).open()) == [promised]

    ring(now=promised.rungs[0])

    assert promised.rungs[0].date().isoformat() == "2026-08-24"
    assert Notice.objects.get(to=worker, key__endswith=":1").title == "Check that the change lasted: due soon"


def test_of_a_day_that_is_no_working_day_the_next_is_meant(led_case, worker, chair):
    friday = datetime(2026, 3, 6, 9, 0, tzinfo=LONDON)  # six months on is a Sunday
    case = moves.propose_closure(led_case, by=worker, now=friday, **CLOSURE)
    moves.ratify_closure(case, by=chair, now=friday, end_reason="outcomes_met", reason="Agreed.")

    assert sweep.begin_follow_ups(now=datetime(2026, 9, 6, 12, 0, tzinfo=LONDON)) == 0
    assert sweep.begin_follow_ups(now=datetime(2026, 9, 7, 8, 0, tzinfo=LONDON)) == 1


def test_it_begins_once(closed_case):
    assert [sweep.begin_follow_ups(now=SIX_MONTHS) for _ in range(2)] == [1, 0]


def test_a_family_that_did_not_agree_to_be_asked_is_left_in_peace(closed_case):
    Case.objects.update(follow_up_agreed=False)

    assert sweep.begin_follow_ups(now=SIX_MONTHS) == 0
    assert Case.objects.get().status == Status.CLOSED


def test_every_task_of_ours_is_on_the_schedule_and_every_entry_is_a_task():
    """A sweep that nobody wakes is a promise that nobody keeps."""
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}

    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} == ours


@pytest.fixture
def overdue_for_all(led_case, worker, coordinator, manager, service_manager, ig_lead):
    """A promise of the lead, late by so much that everybody on the ladder is to hear; and who stands on it."""
    promised = promise(led_case, "D_URGENT_HUB", now=MONDAY, holder=worker)
    Notice.objects.all().delete()
    return promised, {worker, coordinator, service_manager}


def heard(promised):
    ring(now=promised.rungs[-1])
    return {notice.to for notice in Notice.objects.filter(kind="reminder", reference=promised.reference)}


def test_everybody_on_the_ladder_hears_of_what_is_very_late(overdue_for_all, ig_lead):
    promised, everybody = overdue_for_all

    assert everybody <= heard(promised)
    assert ig_lead not in heard(promised)


def test_of_a_restricted_record_its_holder_hears_and_whoever_keeps_it_safe_and_nobody_else(
    overdue_for_all, led_case, worker, ig_lead
):
    promised, _ = overdue_for_all
    Case.objects.filter(pk=led_case.pk).update(restricted=True)

    assert heard(promised) == {worker, ig_lead}


def test_a_promise_of_a_role_about_a_restricted_record_is_told_to_whoever_keeps_it_safe(led_case, chair, ig_lead):
    promised = promise(led_case, "D_URGENT_HUB", now=MONDAY, holder_role=Role.HUB_CHAIR)
    Case.objects.filter(pk=led_case.pk).update(restricted=True)
    Notice.objects.all().delete()

    assert heard(promised) == {ig_lead}


def test_every_kind_of_promise_says_which_of_them_are_about_a_restricted_record(db):
    for kind in kinds():
        assert not kind.objects.filter(kind.RESTRICTED).exists()
