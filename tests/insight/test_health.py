"""Each light is proven red by breaking what it watches."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from earlyhelp.deadlines.services import keep, promise
from earlyhelp.notices.models import Heartbeat, Kind, Notice
from earlyhelp.notices.services import notify
from earlyhelp.notices.tasks import send
from tests.factories import UserFactory


@pytest.fixture
def running(db):
    """The scheduler ran just now, and nothing is owed."""
    send()


def wrong(client):
    answer = client.get("/readyz")
    assert answer.status_code == (503 if answer.json()["wrong"] else 200)
    return answer.json()["wrong"]


def owe(user, *, since):
    notify([user], kind=Kind.NEWS, title="News", reference="", url="/", key="news", now=since, urgent=True)


def test_a_process_that_answers_is_alive_whoever_asks(client):
    assert client.get("/healthz").json() == {"alive": True}


def test_all_is_well_when_all_runs(client, running):
    assert wrong(client) == []


def test_a_scheduler_that_never_ran_is_told(client, db):
    assert wrong(client) == ["scheduler"]


def test_a_scheduler_silent_for_five_minutes_is_told(client, running):
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=5, seconds=1))

    assert wrong(client) == ["scheduler"]


def test_a_deadline_that_should_have_rung_ten_minutes_ago_is_told(client, running, led_case, worker):
    deadline = promise(led_case, "D_REVIEW", now=timezone.now(), holder=worker, tier=2)
    led_case.deadlines.filter(pk=deadline.pk).update(rings_at=timezone.now() - timedelta(minutes=11))

    assert wrong(client) == ["deadlines"]

    keep(led_case, "D_REVIEW", now=timezone.now())
    assert wrong(client) == []


def test_a_message_owed_for_ten_minutes_is_told(client, running):
    owe(UserFactory(), since=timezone.now() - timedelta(minutes=11))

    assert wrong(client) == ["notices"]


def test_a_message_that_will_not_go_is_told(client, running):
    owe(UserFactory(), since=timezone.now())
    Notice.objects.update(attempts=5, email_after=timezone.now() + timedelta(hours=1))

    assert wrong(client) == ["notices"]


def test_a_message_read_meanwhile_or_to_somebody_gone_is_owed_no_more(client, running):
    owe(UserFactory(), since=timezone.now() - timedelta(hours=1))
    Notice.objects.update(read_at=timezone.now())
    gone = UserFactory()
    owe(gone, since=timezone.now() - timedelta(hours=1))
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)

    assert wrong(client) == []


def test_a_database_that_does_not_answer_is_told_and_the_process_is_alive_all_the_same(client, running):
    def broken(*args):
        raise OperationalError("the server closed the connection unexpectedly")

    with connection.execute_wrapper(broken):
        assert wrong(client) == ["database"]
        assert client.get("/healthz").status_code == 200


def test_nothing_of_a_record_is_said(client, running, led_case, worker):
    promise(led_case, "D_REVIEW", now=timezone.now() - timedelta(days=400), holder=worker, tier=2)
    answer = client.get("/readyz")

    assert set(answer.json()) == {"ready", "wrong"}
    assert led_case.reference not in answer.text
