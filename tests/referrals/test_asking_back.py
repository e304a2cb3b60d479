"""Nothing a family types is lost: it goes on elsewhere with the code and the date of birth (promises P12 and P19)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from earlyhelp.workflow.models import Draft
from referrals.models import HelpDraft, Referral
from referrals.services import asking
from tests.referrals.asking import HELP, START, YOU, Visitor, born

pytestmark = pytest.mark.django_db


# --- nothing typed is lost --------------------------------------------------------------------------------------------


def test_what_is_wrong_is_kept_with_what_is_right(visitor):
    response = visitor.post("you", YOU | {"born_on_day": "45", "last_name": ""})

    assert response.status_code == 422
    page = visitor.get("you/").content.decode()
    assert 'value="Maya"' in page
    assert 'value="45"' in page
    assert "There is a problem" not in page


def test_a_page_sent_after_the_browser_forgot_begins_a_form_of_its_own(visitor):
    response = visitor.post("help")

    assert response.status_code == 302
    assert HELP["wants"] in visitor.get("help/").content.decode()
    assert visitor.get("check/").url == f"{START}you/"


def test_a_page_sent_after_half_an_hour_is_kept_and_locked(visitor):
    visitor.post("you")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        response = visitor.post("help", follow=False)
        shut = visitor.get("help/")
        visitor.client.post(shut.url, born())
        page = visitor.get("help/").content.decode()

    assert response.status_code == 302
    assert shut.url == f"{START}come-back/"
    assert HELP["wants"] in page


def test_room_for_another_person_is_made_without_losing_a_word(visitor):
    visitor.post("you", YOU | {"do": "more", "first_2": "Ada", "who_2": "relative"})

    page = visitor.get("you/").content.decode()
    assert 'value="Ada"' in page
    assert 'name="first_3"' in page


def test_more_people_than_there_is_room_for_cannot_be_asked_for(visitor):
    visitor.post("you", YOU | {"do": "more", "rows": "99"})

    assert 'name="first_13"' not in visitor.get("you/").content.decode()


def test_what_was_typed_is_sealed(visitor):
    visitor.write()

    assert b"sleep" not in bytes(HelpDraft.objects.get().sealed)


def test_a_worker_whose_session_ended_on_this_computer_gets_none_of_it(visitor, worker):
    visitor.client.force_login(worker)
    session = visitor.client.session
    session["signed_in_at"] = 1.0
    session.save()

    visitor.write()
    visitor.send()

    assert Referral.objects.get().author is None
    assert not Draft.objects.exists()


# --- coming back ------------------------------------------------------------------------------------------------------


def test_a_form_goes_on_at_another_device_with_the_code_and_the_date_of_birth(visitor):
    visitor.post("you")
    visitor.post("help", HELP | {"do": "later"})
    code = visitor.code()
    assert code in visitor.get("later/").content.decode()
    elsewhere = Visitor()

    response = elsewhere.client.post(f"{START}come-back/", born(code))

    assert response.url == f"{START}safe/"
    elsewhere.post("safe")
    elsewhere.send()
    assert Referral.objects.get().wants == HELP["wants"]


@pytest.mark.parametrize("between", [" ", "", ".", " - "])
def test_a_code_may_be_typed_as_it_was_written_down(visitor, between):
    visitor.post("you")
    written, elsewhere = visitor.code().upper().replace("-", between), Visitor()

    assert elsewhere.client.post(f"{START}come-back/", born(written)).url == f"{START}help/"
    assert elsewhere.code() == visitor.code()
    assert 'value="Maya"' in elsewhere.get("you/").content.decode()


def test_going_on_elsewhere_shuts_it_where_it_was_begun(visitor):
    visitor.post("you")
    Visitor().client.post(f"{START}come-back/", born(visitor.code()))

    assert visitor.get("you/").content.decode().count("Maya") == 0


def test_a_code_alone_opens_nothing_even_as_a_cookie(visitor):
    visitor.write()
    finder = Visitor()
    assert asking.held(visitor.code()) is None
    finder.client.cookies["asking"] = visitor.code()

    for page in ("you/", "help/", "safe/", "check/", "later/", "sent/"):
        assert "Maya" not in finder.client.get(START + page, follow=True).content.decode()
    assert finder.send().url == START


def outline(response):
    return response.status_code, response.content.decode().split("csrfmiddlewaretoken")[0]


def test_a_wrong_date_and_a_code_that_never_was_are_answered_alike(visitor):
    visitor.post("you")
    wrong = Visitor().client.post(f"{START}come-back/", born(visitor.code(), born_on_year="1990"))
    never = Visitor().client.post(f"{START}come-back/", born("abcd-efgh-jkmn-pqrs", born_on_year="1990"))

    words = [
        outline(each)[1].replace(code, "·") for each, code in ((wrong, visitor.code()), (never, "abcd-efgh-jkmn-pqrs"))
    ]
    assert words[0] == words[1]
    assert wrong.status_code == never.status_code == 422


def test_and_they_cost_the_database_the_same(visitor):
    """How soon an answer comes says as much as its words: see the proof of P19 for the time itself."""
    visitor.post("you")
    asked = []
    for code in (visitor.code(), "abcd-efgh-jkmn-pqrs"):
        with CaptureQueriesContext(connection) as queries:
            Visitor().client.post(f"{START}come-back/", born(code, born_on_year="1990"))
        asked.append([re.sub(r"\d+|'[^']*'", "", query["sql"]) for query in queries])

    assert asked[0] == asked[1]


@pytest.mark.parametrize("there_is_one", [True, False])
def test_dates_of_birth_are_not_guessed_for_long(visitor, there_is_one):
    visitor.post("you")
    code = visitor.code() if there_is_one else "abcd-efgh-jkmn-pqrs"
    address = f"{START}come-back/"

    answers = [
        Visitor(f"198.51.100.{n}").client.post(address, born(code, born_on_year=f"{1950 + n}")) for n in range(7)
    ]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2
    assert Visitor().client.post(address, born(code)).status_code == 429


def test_whoever_waits_comes_in_with_the_right_date(visitor):
    visitor.post("you")
    address, code = f"{START}come-back/", visitor.code()
    for year in range(1950, 1956):
        Visitor().client.post(address, born(code, born_on_year=str(year)))

    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert Visitor().client.post(address, born(code)).status_code == 302


def test_a_draft_is_thrown_away_after_30_days_and_not_before(visitor):
    visitor.post("you")
    now = timezone.now()

    assert asking.tidy(now=now + timedelta(days=29)) == 0
    assert asking.tidy(now=now + timedelta(days=31)) == 1


def test_what_was_sent_outlives_the_draft_it_was_written_in(visitor):
    visitor.write()
    visitor.send()

    asking.tidy(now=timezone.now() + timedelta(days=31))

    assert (HelpDraft.objects.count(), Referral.objects.count()) == (0, 1)
