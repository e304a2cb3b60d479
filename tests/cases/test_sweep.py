"""What time alone brings about."""

from datetime import timedelta

import pytest
from django.conf import settings

from earlyhelp.audit.models import Event
from earlyhelp.cases import sweep
from earlyhelp.cases import transitions as moves
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from earlyhelp.celery import app
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
