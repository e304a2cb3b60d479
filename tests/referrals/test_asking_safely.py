"""Whoever asks for help is told first whom to ring, and leaves no trace on the computer (promise P19)."""

import re

import pytest

from earlyhelp.notices.models import Notice
from referrals.models import Referral
from tests.referrals.asking import HELP, SAFE, START

pytestmark = pytest.mark.django_db


# --- leaving no trace -------------------------------------------------------------------------------------------------


def test_exit_this_page_shuts_the_form_and_leads_elsewhere(visitor, settings):
    visitor.write()

    response = visitor.get("leave/")

    assert response.url == settings.EXIT_URL
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert visitor.get("check/").url == START
    assert "Maya" not in visitor.client.get(f"{START}you/", follow=True).content.decode()


def test_no_cookie_outlives_the_browser_or_the_way_out(visitor):
    visitor.post("you")
    visitor.get("help/")
    assert {name: held["max-age"] for name, held in visitor.client.cookies.items()} == {"asking": "", "csrftoken": ""}

    visitor.get("leave/")

    assert {name for name, held in visitor.client.cookies.items() if held.value} == set()


def test_the_way_out_costs_a_worker_no_open_form(visitor, worker):
    visitor.client.force_login(worker)
    visitor.get("you/")

    visitor.get("leave/")

    assert visitor.client.cookies["csrftoken"].value


@pytest.mark.parametrize("page", ["", "you/", "help/", "safe/", "check/", "later/", "ring/help/"])
def test_no_page_is_kept_by_a_browser_and_each_has_the_way_out(visitor, page):
    visitor.write()
    response = visitor.get(page)

    assert response.headers["Cache-Control"] == "no-store"
    assert response.content.decode().count('href="/ask-for-help/leave/"') == 2
    assert 'data-module="govuk-exit-this-page"' in response.content.decode()


def test_what_was_typed_and_not_sent_has_no_form_to_come_back_to(visitor):
    """A browser that goes back puts text back into a form that it knows by its first names: ours is another each time."""
    visitor.post("you")
    pages = [visitor.get("help/").content.decode() for _ in range(2)]
    names = {re.search(r'<form[^>]*>[^<]*<input type="hidden" name="(page-\w+)"', page)[1] for page in pages}

    assert len(names) == 2
    assert 'autocomplete="off"' in visitor.get("help/").content.decode()


def test_nobody_reads_the_code_out_of_the_cookie(visitor):
    visitor.post("you")

    assert visitor.code() in visitor.get("later/").content.decode()
    assert visitor.code() not in visitor.client.cookies["asking"].value


def test_nothing_of_the_form_is_ever_in_an_address(visitor):
    answers = [visitor.post("you"), visitor.post("help"), visitor.post("safe"), visitor.send()]

    assert [answer.url for answer in answers] == [START + page for page in ("help/", "safe/", "check/", "sent/")]


def test_the_form_says_that_nobody_is_watching(visitor):
    assert "Nobody is watching this form now" in visitor.get().content.decode()
    assert "Nobody watches this form" in visitor.get("you/").content.decode()


# --- safety first -----------------------------------------------------------------------------------------------------


NUMBERS = ("999", "0800 1111", "0808 2000 247")


@pytest.mark.parametrize(
    ("page", "answer", "then"),
    [
        ("safe", {"safeguarding": "yes"}, "check"),
        ("safe", {"safeguarding": "unsure"}, "check"),
        ("help", {"why_now": "He hits me when he drinks."}, "safe"),
        ("help", {"tried": "I thought of suicide."}, "safe"),
    ],
)
def test_the_numbers_come_first_where_an_answer_suggests_harm(visitor, settings, page, answer, then):
    visitor.post("you")

    response = visitor.post(page, (HELP if page == "help" else SAFE) | answer)

    assert response.url == f"{START}ring/{then}/"
    shown = visitor.client.get(response.url).content.decode()
    assert all(number in shown for number in (*NUMBERS, settings.SOCIAL_CARE_PHONE))


def test_they_stand_before_the_answers_on_the_page_on_which_it_is_sent(visitor):
    visitor.write(safe={"safeguarding": "yes"})
    page = visitor.get("check/").content.decode()

    assert page.index("0808 2000 247") < page.index("About you and your family</h2>")


def test_where_nothing_suggests_harm_nobody_is_frightened(visitor):
    assert visitor.post("help").url == f"{START}safe/"


def test_a_worry_is_rung_through_to_eh_access_at_once(visitor, access_worker):
    visitor.write(safe={"safeguarding": "yes"})
    visitor.send()

    assert Referral.objects.get().worrying
    assert [notice.title for notice in Notice.objects.filter(to=access_worker)] == [
        "A referral waits: look at it first"
    ]
