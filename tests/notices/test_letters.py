"""A letter to a service outside: sealed until it has gone, tried again, and never lost without a word."""

from datetime import timedelta

import pytest
from django.core import mail

from earlyhelp.notices.models import Letter, Notice
from earlyhelp.notices.services import owe_letter, send_letters, take_back
from tests.factories import MONDAY

SECRET = "https://earlyhelp.example/referred/opens-it/"


@pytest.fixture
def letter(asha):
    return owe("key", asha)


def owe(key, user):
    return owe_letter(
        "service@example.org",
        subject="Somebody has been referred to you",
        body=SECRET,
        key=key,
        now=MONDAY,
        told_if_it_fails=user,
        reference="ON-2026-000001",
        url="/services/referrals/ON-2026-000001/",
    )


def test_what_it_says_is_sealed_until_it_has_gone_and_then_not_kept(letter):
    assert SECRET.encode() not in bytes(letter.sealed)

    assert send_letters(now=MONDAY) == 1

    letter.refresh_from_db()
    assert (letter.sent_at, bytes(letter.sealed)) == (MONDAY, b"")
    assert (mail.outbox[0].body, mail.outbox[0].to) == (SECRET, ["service@example.org"])


def test_owed_twice_it_goes_once(letter, asha):
    owe("key", asha)

    assert send_letters(now=MONDAY) == 1
    assert send_letters(now=MONDAY) == 0
    assert len(mail.outbox) == 1


def test_one_that_is_taken_back_does_not_go(letter):
    assert take_back("key") == 1

    assert send_letters(now=MONDAY) == 0
    assert mail.outbox == []


def test_one_that_has_gone_cannot_be_taken_back(letter):
    send_letters(now=MONDAY)

    assert take_back("key") == 0
    assert Letter.objects.get().sent_at == MONDAY


def test_without_a_server_it_waits_and_goes_later(letter, server):
    server.down = True
    assert send_letters(now=MONDAY) == 0

    server.down = False
    assert send_letters(now=MONDAY) == 0  # not at once: in a minute
    assert send_letters(now=MONDAY + timedelta(minutes=2)) == 1


def test_an_address_that_does_not_work_is_told_to_whoever_can_ring(letter, asha, server):
    owe("other", asha)
    server.refused = {"service@example.org": (550, b"5.1.1 no such mailbox")}
    assert send_letters(now=MONDAY) == 0

    letter.refresh_from_db()
    assert (letter.failed_at, bytes(letter.sealed)) == (MONDAY, b"")
    notice = Notice.objects.filter(to=asha).first()
    assert (notice.urgent, notice.reference) == (True, "ON-2026-000001")


def test_one_of_another_seal_is_given_up_and_keeps_no_other_waiting(letter, asha):
    Letter.objects.update(sealed=b"gone:nonsense")
    owe("other", asha)

    assert send_letters(now=MONDAY) == 1
    letter.refresh_from_db()
    assert letter.failed_at == MONDAY


def test_by_a_mail_server_it_counts_as_sent_and_nobody_is_asked(letter):
    send_letters(now=MONDAY)

    letter.refresh_from_db()
    assert (letter.status, letter.ask_after) == ("accepted", None)


def test_while_it_is_tried_again_it_says_so(letter, server):
    server.down = True
    send_letters(now=MONDAY)

    letter.refresh_from_db()
    assert letter.status == "temporary"
