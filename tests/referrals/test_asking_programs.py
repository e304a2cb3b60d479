"""A program that sends the public form is marked, whatever it sends, and nothing it sends is a crash (promise P14)."""

from datetime import timedelta

import pytest
from django.test import Client

from earlyhelp.notices.models import Notice
from referrals.enums import Doubt
from referrals.models import Referral
from referrals.services import asking
from tests.referrals.asking import HELP, SAFE, START, YOU, Visitor, bots

pytestmark = pytest.mark.django_db


# --- programs ---------------------------------------------------------------------------------------------------------


def test_a_program_that_answers_everything_is_marked(visitor):
    visitor.write(help={"comment_link": "https://spam.example"})
    visitor.send()

    assert Referral.objects.get().doubts == [Doubt.TRAP]


@pytest.mark.parametrize("stamp", ["", "x", "1:2:3", "\x00"])
def test_whoever_cannot_say_when_they_began_is_marked(visitor, stamp):
    visitor.post("you", opened=stamp)
    visitor.post("help")
    visitor.post("safe")
    visitor.send()

    assert Referral.objects.get().doubts == [Doubt.HASTE]


def test_whoever_is_faster_than_people_is_marked(visitor):
    for slug in ("you", "help", "safe"):
        visitor.post(slug, ago=timedelta(seconds=2))
    visitor.send()

    assert Referral.objects.get().doubts == [Doubt.HASTE]


def test_advertising_is_marked(visitor):
    visitor.write(help={"wants": "Buy at https://a.example and http://b.example"})
    visitor.send()

    assert Referral.objects.get().doubts == [Doubt.LINKS]


def test_a_crowd_from_one_place_is_marked_and_not_turned_away(visitor):
    for _ in range(asking.CROWD + 1):
        visitor = Visitor()
        visitor.write()
        visitor.send()

    assert [each.doubts for each in Referral.objects.order_by("pk")] == [[]] * asking.CROWD + [[Doubt.CROWD]]


def test_beyond_that_they_wait_with_their_words_on_the_page(visitor):
    for _ in range(asking.BEGINNINGS.free):
        Visitor().post("you")

    response = Visitor().post("you")

    assert response.status_code == 429
    assert 'value="Maya"' in response.content.decode()
    assert Visitor("203.0.113.9").post("you").status_code == 302


def test_what_is_marked_waits_on_a_tab_of_its_own(visitor, access_worker):
    visitor.write(help={"comment_link": "x"})
    visitor.send()
    desk = Client()
    desk.force_login(access_worker)
    reference = Referral.objects.get().reference

    assert reference not in desk.get("/referrals/triage/").content.decode()
    checking = desk.get("/referrals/triage/?tab=doubtful").content.decode()
    assert reference in checking
    assert "May not be a person" in checking
    assert "from the public form to check" in desk.get("/").content.decode()


def test_a_thousand_programs_ring_nobody(visitor, access_worker):
    visitor.write(help={"comment_link": "x"}, safe={"safeguarding": "yes"})
    visitor.send()

    assert not Notice.objects.filter(to=access_worker).exists()


def test_no_program_reaches_triage_unmarked(visitor):
    bots(20)

    assert Referral.objects.count() == 20
    assert not Referral.objects.filter(doubts=[]).exists()


# --- hostile input ----------------------------------------------------------------------------------------------------


HOSTILE = [
    "\x00",
    "a\x00b",
    "'; DROP TABLE x; --",
    "<script>alert(1)</script>",
    "9" * 5000,
    "\u202e" * 50,
    "{{ 7*7 }}",
    "=1+1",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("slug", ["you", "help", "safe"])
def test_hostile_text_is_kept_or_refused_and_never_a_crash(visitor, slug, text):
    fields = {"you": YOU, "help": HELP, "safe": SAFE}[slug]

    for name in (*fields, "opened", "do", "rows", "comment_link"):
        response = visitor.post(slug, fields | {name: text})
        assert response.status_code in (302, 422)
        assert visitor.get(f"{slug}/").status_code == 200
        assert "<script>alert" not in visitor.get(f"{slug}/").content.decode()


def test_a_page_of_a_megabyte_is_refused_with_its_reason(visitor):
    response = visitor.post("help", HELP | {"why_now": "a" * 200_000})

    assert response.status_code == 422
    assert "too much for one page" in response.content.decode()


def test_a_thousand_fields_are_refused(visitor):
    assert visitor.post("help", HELP | {f"x{n}": "1" for n in range(1000)}).status_code == 422


@pytest.mark.parametrize("cookie", ["", ".", "..", "a.b", "x" * 4000, "%00", "é.ü"])
def test_no_cookie_crashes_a_page(visitor, cookie):
    visitor.client.cookies["asking"] = cookie

    for page in ("", "you/", "help/", "check/", "later/", "sent/", "come-back/"):
        assert visitor.get(page).status_code in (200, 302)


@pytest.mark.parametrize("address", ["nowhere/", "ring/nowhere/"])
def test_an_address_that_is_not_there_is_not_found(visitor, address):
    assert visitor.get(address).status_code == 404


def test_the_form_is_sent_only_from_our_own_page(county, melton):
    stranger = Visitor(enforce_csrf_checks=True)

    assert stranger.post("you").status_code == 403
    token = stranger.get("you/").context["csrf_token"]
    assert stranger.post("you", csrfmiddlewaretoken=str(token)).status_code == 302


def test_nothing_can_be_sent_that_was_not_written(visitor):
    assert visitor.send().url == START
    visitor.post("you")
    assert visitor.send().url == f"{START}help/"
    assert not Referral.objects.exists()
