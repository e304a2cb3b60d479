from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import next_digest, send_owed
from tests.factories import MONDAY, UserFactory
from tests.races import together

MORNING = datetime(2026, 3, 3, 8, 1, tzinfo=UTC)  # the digest after MONDAY has just fallen due


def test_telling_twice_makes_one_notice(asha, owe):
    owe(asha, asha)
    owe(asha)

    assert Notice.objects.count() == 1


def test_somebody_who_has_left_is_never_told(asha, owe):
    asha.is_active = False
    asha.save()
    owe(asha, None)

    assert not Notice.objects.exists()


def test_somebody_who_leaves_meanwhile_gets_no_message(asha, owe):
    owe(asha)
    asha.is_active = False
    asha.save()

    assert send_owed(now=MORNING) == 0
    assert mail.outbox == []


def test_urgent_goes_at_once_and_the_rest_in_the_digest_of_the_morning(asha, owe):
    owe(asha, key="a")
    owe(asha, key="b", urgent=True, title="Decide today")
    owe(asha, key="c")

    assert send_owed(now=MONDAY) == 1
    assert [message.subject for message in mail.outbox] == ["Decide today"]
    assert send_owed(now=MONDAY + timedelta(hours=12)) == 0
    assert send_owed(now=MORNING) == 1
    assert mail.outbox[1].subject == "2 things in Early Help need you"
    assert send_owed(now=MORNING) == 0


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (datetime(2026, 3, 2, 7, 59, tzinfo=UTC), datetime(2026, 3, 2, 8, 0, tzinfo=UTC)),
        (datetime(2026, 3, 2, 8, 0, tzinfo=UTC), datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        (datetime(2026, 3, 6, 17, 0, tzinfo=UTC), datetime(2026, 3, 9, 8, 0, tzinfo=UTC)),  # over a weekend
        (datetime(2026, 3, 27, 12, 0, tzinfo=UTC), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),  # the clocks went forward
        (
            datetime(2026, 4, 2, 12, 0, tzinfo=UTC),
            datetime(2026, 4, 7, 7, 0, tzinfo=UTC),
        ),  # Good Friday to Easter Monday
        (datetime(2026, 10, 23, 12, 0, tzinfo=UTC), datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),  # the clocks went back
    ],
)
def test_the_digest_is_at_eight_by_the_clock_on_the_wall_of_a_working_day(now, then):
    assert next_digest(now) == then


def test_a_message_says_a_reference_and_a_link_and_no_name(asha, settings, owe):
    settings.SITE_URL = "https://earlyhelp.example"
    owe(asha, urgent=True)
    send_owed(now=MONDAY)

    [message] = mail.outbox
    assert "https://earlyhelp.example/cases/EH-2026-000001/" in message.body
    assert "EH-2026-000001" in message.body
    assert "Asha" not in message.subject + message.body


def test_what_was_read_on_the_page_is_not_sent_as_well(asha, owe):
    owe(asha)
    Notice.objects.update(read_at=MONDAY)

    assert send_owed(now=MORNING) == 0


def test_while_the_server_is_down_nothing_is_lost_and_it_is_tried_again(asha, server, owe):
    owe(asha, urgent=True)
    server.down = True
    assert send_owed(now=MONDAY) == 0
    assert Notice.objects.get().attempts == 1
    assert send_owed(now=MONDAY + timedelta(seconds=30)) == 0
    assert Notice.objects.get().attempts == 1  # not yet time

    server.down = False
    assert send_owed(now=MONDAY + timedelta(minutes=2)) == 1
    assert len(mail.outbox) == 1


def test_the_longer_it_fails_the_longer_it_waits_and_it_never_gives_up(asha, server, owe):
    owe(asha, urgent=True)
    server.down = True
    now, waits = MONDAY, []
    for _ in range(6):
        send_owed(now=now)
        waits.append(Notice.objects.get().email_after - now)
        now = Notice.objects.get().email_after

    assert [wait.seconds // 60 for wait in waits] == [1, 5, 15, 60, 60, 60]


def test_an_address_that_is_refused_keeps_nobody_else_waiting(asha, server, owe, recipients):
    others = UserFactory.create_batch(2)
    owe(asha, *others, urgent=True)
    server.refused = {asha.email: (450, b"4.2.2 The mailbox is full")}

    assert send_owed(now=MONDAY) == 2
    assert recipients() == sorted(each.email for each in others)
    assert Notice.objects.get(to=asha).emailed_at is None


def test_a_message_sent_again_after_a_crash_is_recognised_as_the_same(asha, owe):
    owe(asha, urgent=True)
    send_owed(now=MONDAY)
    Notice.objects.update(emailed_at=None)
    send_owed(now=MONDAY)

    first, again = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == again


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_message_once(server, owe, recipients):
    people = UserFactory.create_batch(6)
    for number in range(5):
        owe(*people, key=f"digest:{number}")
    owe(*people, key="urgent", urgent=True)

    together(*[lambda: send_owed(now=MORNING)] * 3)
    send_owed(now=MORNING)  # whatever the three left to each other

    assert recipients() == sorted(2 * [person.email for person in people])  # one urgent and one whole digest each
    assert sum("5 things" in message.subject for message in mail.outbox) == 6
    assert not Notice.objects.filter(emailed_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_told_by_two_at_once_a_person_has_one_notice(asha, owe):
    together(lambda: owe(asha), lambda: owe(asha))

    assert Notice.objects.count() == 1
