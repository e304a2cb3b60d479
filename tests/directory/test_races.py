"""Two people of one service answer at once, by its link or with an account: one winner, and no word is lost (promise P10)."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.transitions import onward as deeds
from earlyhelp.partnership.models import User
from tests.factories import PostFactory, UserFactory
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "The words of number {}."


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def opened(client, secret):
    client.post(f"/referred/{secret}/")
    return client


@pytest.fixture
def colleague(provider, county):
    return PostFactory(user=UserFactory(agency=provider.agency), area=county).user


def answers(name="give_back"):
    return [{"because": "other", "note": WORDS.format(number)} for number in range(2)]


def by_link(secret, said, name="give_back"):
    return lambda: Client().post(f"/referred/{secret}/{name}/", said)


def by_account(user, onward, said, name="give_back"):
    browser = Client()
    browser.force_login(user)
    return lambda: browser.post(reverse("directory:onward_move", args=[onward.reference, name]), said)


def settled(sent, outcomes):
    """The page of whoever lost, once it is certain that the other one won and that the loser reads their own words."""
    assert sorted(each.status_code for each in outcomes) == [302, 409], [text(each)[:400] for each in outcomes]
    lost = [each.status_code for each in outcomes].index(409)
    page = text(outcomes[lost])
    sent.refresh_from_db()
    assert sent.returned_note == WORDS.format(1 - lost)
    assert WORDS.format(lost) in page
    assert Event.objects.filter(kind="directory.onwardreferral.give_back").count() == 1
    return page


def test_two_who_share_the_link_answer_at_once(opened, sent, secret):
    first, second = answers()

    page = settled(sent, together(by_link(secret, first), by_link(secret, second)))

    assert "Befriending, by its link" in page
    assert WORDS.format(0) not in page or WORDS.format(1) not in page


def test_two_with_an_account_answer_at_once(sent, provider, colleague):
    first, second = answers()

    page = settled(sent, together(by_account(provider, sent, first), by_account(colleague, sent, second)))

    event = Event.objects.get(kind="directory.onwardreferral.give_back")
    assert str(event.actor) in page


def test_one_by_the_link_and_one_with_an_account(opened, sent, secret, provider):
    first, second = answers()

    page = settled(sent, together(by_link(secret, first), by_account(provider, sent, second)))

    event = Event.objects.get(kind="directory.onwardreferral.give_back")
    assert str(event.actor or "by its link") in page


def test_the_link_was_open_while_a_colleague_answered(opened, sent, secret, provider):
    deeds.accept(sent, by=User.objects.get(pk=provider.pk), now=timezone.now())
    deeds.start(sent, by=User.objects.get(pk=provider.pk), now=timezone.now())

    page = opened.post(f"/referred/{secret}/give_back/", {"because": "full", "note": "June at the earliest."})

    assert page.status_code == 409
    assert str(provider) in text(page)
    assert "started" in text(page)
    assert "June at the earliest." in text(page)
    assert "Gwen" not in text(page)
    assert OnwardReferral.objects.get().status == "started"


def test_an_answer_with_nothing_typed_leads_to_how_it_stands(opened, sent, secret):
    outcomes = together(by_link(secret, {}, "accept"), by_link(secret, {}, "accept"))

    assert {each.url for each in outcomes} == {f"/referred/{secret}/read/"}
    assert Event.objects.filter(kind="directory.onwardreferral.accept").count() == 1


def test_what_was_sent_twice_is_not_told_as_somebody_elses(opened, sent, secret):
    same = {"because": "other", "note": "We have no minibus."}

    outcomes = together(by_link(secret, same), by_link(secret, same))

    assert {each.url for each in outcomes} == {f"/referred/{secret}/read/"}
    assert OnwardReferral.objects.get().returned_note == "We have no minibus."


def test_a_button_that_is_pressed_twice_opens_the_link_once(sent, secret):
    outcomes = together(*(lambda: Client().post(f"/referred/{secret}/") for _ in range(6)))

    assert {each.status_code for each in outcomes} == {302}
    assert Event.objects.filter(kind="directory.onwardreferral.receive").count() == 1
