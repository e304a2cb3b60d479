"""The daily e-mail: one a person and working day, with counts and links, and nothing where there is nothing to say."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from earlyhelp.notices.models import Kind, Message, Notice
from earlyhelp.notices.services import mark_read, send_owed
from earlyhelp.notices.services import sending as outbox
from tests.factories import MONDAY, UserFactory
from tests.races import together

MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)  # Tuesday's digest falls due
NEXT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
FAMILY_WORDS = ("Consider asking for a step up", "offered", "step")


def test_it_counts_by_kind_and_says_references_and_links_only(asha, owe, settings):
    settings.SITE_URL = "https://earlyhelp.example"
    owe(asha, key="a", title="Consider asking for a step up")
    owe(asha, key="b", kind=Kind.REMINDER, reference="EH-2026-000002", url="/cases/EH-2026-000002/")
    owe(asha, key="c", kind=Kind.REMINDER, reference="EH-2026-000003", url="/cases/EH-2026-000003/")

    assert send_owed(now=MORNING) == 1
    [message] = mail.outbox
    assert message.subject == "3 things in Early Help need you"
    assert "Reminder: 2" in message.body
    assert "Something is asked of you: 1" in message.body
    assert "EH-2026-000002: https://earlyhelp.example/cases/EH-2026-000002/" in message.body
    assert [word for word in ("Asha", *FAMILY_WORDS) if word in message.subject + message.body] == []


def test_one_thing_is_one_thing(asha, owe):
    owe(asha)
    send_owed(now=MORNING)

    assert mail.outbox[0].subject == "1 thing in Early Help needs you"


def test_what_was_read_on_the_page_is_left_out_and_nothing_left_is_no_message(asha, owe):
    owe(asha, key="a")
    owe(asha, key="b", reference="EH-2026-000002", url="/cases/EH-2026-000002/")
    mark_read(asha, now=MONDAY, ids=[Notice.objects.get(key="a").pk])
    send_owed(now=MORNING)
    assert mail.outbox[0].subject == "1 thing in Early Help needs you"
    assert "EH-2026-000001" not in mail.outbox[0].body

    owe(asha, key="c", now=MORNING)
    mark_read(asha, now=MORNING)
    assert send_owed(now=NEXT) == 0


def test_nobody_is_written_to_about_nothing(asha):
    assert send_owed(now=MORNING) == 0
    assert not Message.objects.exists()


def test_five_hundred_notices_are_one_message_that_can_be_read(asha, owe):
    for number in range(500):
        owe(asha, key=str(number), reference=f"EH-{number}", url=f"/cases/EH-{number}/")

    assert send_owed(now=MORNING) == 1
    [message] = mail.outbox
    assert message.subject == "500 things in Early Help need you"
    assert "and 480 more" in message.body
    assert len(message.body) < 3000
    assert not Notice.objects.filter(emailed_at=None).exists()


def test_five_hundred_are_sent_in_as_many_queries_as_one(asha, owe, django_assert_num_queries):
    owe(asha, key="one")
    with CaptureQueriesContext(connection) as for_one:
        send_owed(now=MORNING)
    for number in range(500):
        owe(asha, key=str(number), now=MORNING)
    with django_assert_num_queries(len(for_one)):
        assert send_owed(now=NEXT) == 1


def test_two_reminders_of_one_case_are_counted_twice_and_linked_once(asha, owe):
    owe(asha, key="a", kind=Kind.REMINDER)
    owe(asha, key="b", kind=Kind.REMINDER)
    send_owed(now=MORNING)

    assert "Reminder: 2" in mail.outbox[0].body
    assert mail.outbox[0].body.count("/cases/EH-2026-000001/") == 1


def test_what_comes_too_late_for_todays_waits_for_the_next(asha, owe):
    """Written before eight and seen only after the digest went: a person never gets two in a day."""
    owe(asha, key="a")
    send_owed(now=MORNING)
    owe(asha, key="late")

    assert send_owed(now=MORNING + timedelta(minutes=1)) == 0
    assert Notice.objects.get(key="late").email_after == NEXT
    assert send_owed(now=NEXT) == 1


def test_a_digest_that_could_not_go_before_the_next_is_due_goes_with_it(asha, owe, server):
    owe(asha, key="a")
    server.down = True
    for minute in range(0, 24 * 60, 30):
        send_owed(now=MORNING + timedelta(minutes=minute))
    owe(asha, key="b", now=MORNING)
    server.down = False

    assert send_owed(now=NEXT + timedelta(hours=1)) == 1
    assert mail.outbox[0].subject == "2 things in Early Help need you"


def test_after_the_night_yesterdays_is_still_yesterdays_until_eight(asha, owe, server):
    owe(asha, key="a")
    server.down = True
    send_owed(now=MORNING)
    server.down = False
    assert send_owed(now=MORNING + timedelta(hours=19)) == 1  # three in the morning
    owe(asha, key="b", now=MORNING + timedelta(hours=1))

    assert send_owed(now=NEXT) == 1
    assert [message.extra_headers["Message-ID"].split("@")[0] for message in mail.outbox] == [
        f"<digest-{asha.pk}-20260303",
        f"<digest-{asha.pk}-20260304",
    ]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 27, 15, 0, tzinfo=UTC), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),  # the clocks go forward
        (datetime(2026, 10, 23, 15, 0, tzinfo=UTC), datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),  # and back
        (datetime(2026, 12, 24, 15, 0, tzinfo=UTC), datetime(2026, 12, 29, 8, 0, tzinfo=UTC)),  # over Christmas
    ],
)
def test_it_goes_at_eight_on_the_wall_and_not_a_minute_before(asha, owe, now, due):
    owe(asha, now=now)
    assert send_owed(now=due - timedelta(minutes=1)) == 0
    assert send_owed(now=due) == 1


@pytest.mark.django_db(transaction=True)
def test_killed_between_sending_and_writing_it_down_it_goes_again_as_the_same(asha, owe, monkeypatch):
    owe(asha)

    def killed(*args):
        raise OperationalError("terminating connection")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_went", killed)
        with pytest.raises(OperationalError):
            send_owed(now=MORNING)
    assert not Message.objects.exists()  # nothing half written
    send_owed(now=MORNING)

    first, again = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == again
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_digest_each_person(owe, recipients):
    people = UserFactory.create_batch(8)
    for number in range(20):
        owe(*people, key=str(number))

    together(*[lambda: send_owed(now=MORNING)] * 2)
    send_owed(now=MORNING)  # whatever the two left to each other

    assert recipients() == sorted(person.email for person in people)
    assert {message.subject for message in mail.outbox} == {"20 things in Early Help need you"}
    assert Message.objects.count() == 8
