"""A service that does not answer is reminded: once when its time nears, once when it is over, and never by a name."""

import logging
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from earlyhelp.directory import tasks
from earlyhelp.directory.enums import Occasion
from earlyhelp.directory.models import OnwardLink, OnwardReferral
from earlyhelp.directory.services.links import find
from earlyhelp.directory.sweep import remind_services
from earlyhelp.directory.transitions import onward as deeds
from earlyhelp.notices.models import Letter, Notice
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from tests.directory.conftest import secret_in
from tests.factories import MONDAY
from tests.races import together


@pytest.fixture
def due(sent):
    return sent.deadlines.get(code="D_PRESCRIPTION")


@pytest.fixture
def near(due):
    return due.rungs[0]


@pytest.fixture
def over(due):
    return due.due_at


def test_before_its_time_nears_no_service_is_reminded(sent, near, letters):
    letters()

    assert remind_services(now=near - timedelta(minutes=1)) == 0
    assert Letter.objects.count() == 1
    assert OnwardReferral.objects.get().reminded == Occasion.REFERRED


def test_when_its_time_nears_it_gets_its_link_and_the_day(sent, near, letters):
    letters()

    assert remind_services(now=near) == 1
    [mail] = letters(near)
    assert (mail.to, mail.subject) == (["befriending@example.org"], "A referral to you waits for your answer")
    assert "Please answer by 9 March 2026" in mail.body
    assert find(secret_in(mail), now=near).onward == sent


def test_it_names_nobody_and_says_nothing_of_why(sent, near, over, letters):
    letters()
    remind_services(now=near)
    remind_services(now=over)

    for mail in letters(over):
        for word in ("Gwen", "Harlow", "daughter", "weekday"):
            assert word not in mail.subject + mail.body


def test_it_is_reminded_of_each_occasion_once(sent, near, over, letters):
    letters()
    counts = [remind_services(now=at) for at in (near, near, over, over, over + timedelta(days=30))]

    assert counts == [1, 0, 1, 0, 0]
    assert [mail.subject for mail in letters(over)] == [
        "A referral to you waits for your answer",
        "A referral to you has not been answered",
    ]


def test_after_an_outage_it_hears_only_that_the_time_is_over(sent, over, letters):
    letters()

    assert remind_services(now=over + timedelta(days=3)) == 1
    assert [mail.subject for mail in letters(over + timedelta(days=3))] == ["A referral to you has not been answered"]


@pytest.mark.parametrize("answer", ["accept", "give_back", "withdraw"])
def test_once_it_is_answered_or_taken_back_nobody_is_reminded(sent, over, letters, practitioner, answer):
    letters()
    by = practitioner if answer == "withdraw" else SYSTEM
    said = {"because": "full"} if answer == "give_back" else {}
    getattr(deeds, answer)(sent, by=by, now=MONDAY, **said)
    Letter.objects.all().delete()

    assert remind_services(now=over) == 0
    assert letters(over) == []


def test_the_links_before_go_on_opening(sent, near, letters):
    first = secret_in(letters()[0])
    remind_services(now=near)
    second = secret_in(letters(near)[0])

    assert first != second
    assert find(first, now=near).onward == find(second, now=near).onward == sent


def test_unless_the_service_has_another_address_since(sent, near, letters):
    first = secret_in(letters()[0])
    sent.service.email = "new@example.org"
    sent.service.save()
    remind_services(now=near)
    [mail] = letters(near)

    assert mail.to == ["new@example.org"]
    assert find(first, now=near) is None
    assert find(secret_in(mail), now=near).onward == sent


def test_a_new_link_and_a_withdrawal_end_them_all(sent, near, letters, practitioner):
    first = secret_in(letters()[0])
    remind_services(now=near)
    second = secret_in(letters(near)[0])
    deeds.send_anew(sent, by=practitioner, now=near)
    third = secret_in(letters(near)[0])
    assert [find(each, now=near) for each in (first, second)] == [None, None]

    deeds.withdraw(sent, by=practitioner, now=near)
    assert find(third, now=near) is None
    assert not OnwardLink.objects.filter(void_at=None).exists()


def test_withdrawn_before_the_reminder_went_it_does_not_go_and_the_service_is_told(sent, near, letters, practitioner):
    letters()
    remind_services(now=near)
    deeds.withdraw(OnwardReferral.objects.get(), by=practitioner, now=near)

    assert [mail.subject for mail in letters(near)] == ["A referral to you was withdrawn"]


def test_the_service_answers_from_the_reminder(sent, near, letters):
    letters()
    remind_services(now=near)
    secret, client = secret_in(letters(near)[0]), Client()

    client.post(reverse("onward:cover", args=[secret]))
    client.post(reverse("onward:answer", args=[secret, "accept"]), {})

    assert OnwardReferral.objects.get().status == "accepted"


def test_those_who_answer_with_an_account_are_reminded_too(sent, provider, near, over, practitioner):
    Notice.objects.all().delete()
    remind_services(now=near)
    remind_services(now=over)

    mine = Notice.objects.filter(to=provider).order_by("pk")
    assert [notice.title for notice in mine] == [
        "A referral waits for your answer",
        "A referral to your service has not been answered",
    ]
    assert {notice.kind for notice in mine} == {"reminder"}
    assert not Notice.objects.filter(to=practitioner).exists()


def test_without_an_address_only_those_with_an_account_hear(sent, provider, near, letters):
    letters()
    sent.service.email = ""
    sent.service.save()

    assert remind_services(now=near) == 1
    assert letters(near) == []
    assert Notice.objects.filter(to=provider, kind="reminder").count() == 1


def test_of_somebody_who_was_restricted_since_nothing_goes(sent, gwen, provider, near, over, letters):
    letters()
    Notice.objects.all().delete()
    gwen.families.update(restricted=True)
    remind_services(now=near)

    assert letters(near) == []
    assert not Notice.objects.exists()


def test_it_stands_in_the_trail_that_the_service_was_reminded(client, sent, near, practitioner):
    remind_services(now=near)
    client.force_login(practitioner)

    assert "The service was reminded" in client.get(sent.get_absolute_url()).content.decode()


def test_nobody_reminds_by_hand(sent, practitioner):
    url = reverse("directory:onward_move", args=[sent.reference, "remind"])
    client = Client()
    client.force_login(practitioner)

    assert client.post(url, {"occasion": "1"}).status_code == 404
    assert OnwardReferral.objects.get().reminded == Occasion.REFERRED


def test_the_key_of_a_link_is_in_no_log_and_on_no_row(sent, near, over, letters, caplog):
    caplog.set_level(logging.DEBUG)
    secrets = [secret_in(letters()[0])]
    for at in (near, over):
        remind_services(now=at)
        secrets.append(secret_in(letters(at)[0]))

    assert len(set(secrets)) == 3
    kept = caplog.text + str(list(OnwardLink.objects.values())) + str(list(Letter.objects.values()))
    assert [each for each in secrets if each in kept] == []


def test_the_database_holds_to_one_open_link_an_occasion(sent):
    open_one = sent.links.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        OnwardLink.objects.create(
            onward=sent, digest="x", address=open_one.address, made_by=sent.made_by, made_at=MONDAY
        )


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_remind_once(sent, near):
    counts = together(lambda: remind_services(now=near), lambda: remind_services(now=near))

    assert sorted(counts) == [0, 1]
    assert OnwardLink.objects.filter(occasion=Occasion.NEARS).count() == 1


def test_the_second_reminder_of_an_occasion_is_refused(sent, near):
    deeds.remind(sent, by=SYSTEM, now=near, occasion=Occasion.PASSED)

    with pytest.raises(NotPossible):
        deeds.remind(sent, by=SYSTEM, now=near, occasion=Occasion.NEARS)


def test_the_clock_does_it(db):
    assert tasks.remind() == 0
