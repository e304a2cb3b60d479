"""A password cannot be guessed by trying, and nobody is kept from their work for long by somebody who tries."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client, RequestFactory

from earlyhelp.partnership import guessing, tasks
from earlyhelp.partnership.backends import address_of
from earlyhelp.partnership.guessing import ADDRESS, NAME, TooManyTries
from earlyhelp.partnership.models import Guesses
from tests.factories import MONDAY, UserFactory

PASSWORD = "a long enough password"
HERE, THERE = "192.0.2.7", "192.0.2.8"


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def asha(db):
    user = UserFactory(username="asha")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, password=PASSWORD, username="asha", **sent):
    return client.post("/sign-in/", {"username": username, "password": password}, **sent)


def guess(client, times=NAME.free, **sent):
    return [sign_in(client, f"wrong {number}", **sent) for number in range(times)][-1]


def ask_for_token(client, password=PASSWORD):
    return client.post("/api/token/", {"username": "asha", "password": password}, content_type="application/json")


def test_a_few_mistakes_cost_nothing(client, asha, clock):
    guess(client, NAME.free - 1)

    assert sign_in(client).status_code == 302


def test_after_too_many_even_the_right_password_waits_and_the_page_says_for_how_long(client, asha, clock):
    guess(client)

    response = sign_in(client)

    assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
    assert "Too many tries. Try again in 1 minute, or ask" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_after_the_wait_the_right_password_signs_in_and_all_is_forgotten(client, asha, clock):
    guess(client)
    clock.shift(timedelta(minutes=1))

    assert sign_in(client).status_code == 302
    assert Guesses.objects.count() == 1  # the address, which is not the person’s alone, keeps its own count


def test_each_further_mistake_waits_twice_as_long_and_never_over_a_quarter_of_an_hour(client, asha, clock):
    guess(client)
    waits = []
    for _ in range(6):
        waits.append(int(sign_in(client, "wrong").headers["Retry-After"]) // 60)
        clock.shift(timedelta(minutes=waits[-1]))
        sign_in(client, "wrong again")

    assert waits == [1, 2, 4, 8, 15, 15]


def test_knocking_while_one_must_wait_does_not_prolong_the_wait(client, asha, clock):
    guess(client)
    guess(client, 50)
    clock.shift(timedelta(minutes=1))

    assert sign_in(client).status_code == 302


def test_a_name_that_nobody_has_is_answered_word_for_word_like_one_that_somebody_has(client, asha, clock):
    answers = [guess(client, NAME.free + 1, username=name) for name in ("asha", "nobody")]
    said = [answer.content.decode().replace("nobody", "asha") for answer in answers]
    texts = [text[text.index("Too many tries") :][:90] for text in said]

    assert texts[0] == texts[1]
    assert [answer.status_code for answer in answers] == [429, 429]


@pytest.mark.parametrize("spelling", ["ASHA", " asha ", "ａsha"])
def test_another_spelling_of_the_name_is_the_same_name(client, asha, clock, spelling):
    guess(client, NAME.free - 1)
    sign_in(client, "wrong", username=spelling)

    assert sign_in(client).status_code == 429


def test_one_person_waiting_keeps_no_colleague_at_the_same_address_out(client, asha, clock):
    guess(client, username="somebody else")

    assert sign_in(client).status_code == 302


def test_an_address_that_tries_name_after_name_waits_too(client, asha, clock):
    for number in range(ADDRESS.free):
        try:
            guessing.claim(f"name {number}", "127.0.0.1", now=MONDAY)
        except TooManyTries:
            pytest.fail("too early")

    assert sign_in(client).status_code == 429
    assert sign_in(client, REMOTE_ADDR=THERE).status_code == 302


def test_signing_in_rightly_is_not_held_against_the_address(client, asha, clock):
    for _ in range(5):
        sign_in(client)
        client.post("/sign-out/")

    assert {row.failed for row in Guesses.objects.all()} == {0}


def test_one_account_of_ones_own_does_not_buy_more_guesses(client, asha, clock):
    guess(client, NAME.free - 1, username="kerry")
    sign_in(client)
    client.post("/sign-out/")

    assert sign_in(client, "wrong", username="kerry").status_code == 200
    assert sign_in(client, "wrong", username="kerry").status_code == 429


def test_a_council_is_never_kept_out_for_longer_than_five_minutes():
    assert max(ADDRESS.wait(failed) for failed in range(ADDRESS.free, 10_000)) == timedelta(minutes=5)


def test_the_api_answers_429_and_says_when(client, asha, clock):
    for _ in range(NAME.free):
        assert ask_for_token(client, "wrong").status_code == 400

    answer = ask_for_token(client)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert answer.json()["detail"].startswith("Too many tries. Try again in 1 minute")


def test_the_page_and_the_api_count_together(client, asha, clock):
    guess(client, NAME.free - 1)
    ask_for_token(client, "wrong")

    assert sign_in(client).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_a_hundred_guesses_at_once_are_not_all_the_first_one():
    def one(number):
        try:
            authenticate(None, username="asha", password=f"wrong {number}")
            return "looked at"
        except TooManyTries:
            return "turned away"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(one, range(40)))

    assert answers.count("looked at") == NAME.free


def test_what_is_kept_names_nobody_and_no_address(client, asha, clock):
    guess(client, REMOTE_ADDR=HERE)

    kept = " ".join(str(value) for row in Guesses.objects.values_list() for value in row)
    assert "asha" not in kept
    assert HERE not in kept


def test_the_log_is_told_once_and_names_nobody(client, asha, clock, caplog):
    with caplog.at_level(logging.WARNING, "earlyhelp"):
        guess(client, NAME.free + 3)

    told = [line.getMessage() for line in caplog.records if line.name == guessing.__name__]
    assert len(told) == 1
    assert "asha" not in told[0]


def test_what_is_too_old_to_count_is_thrown_away_and_the_rest_stays(client, asha, clock):
    guess(client)
    tasks.forget_guesses()
    assert sign_in(client).status_code == 429

    clock.shift(timedelta(hours=2))
    assert tasks.forget_guesses() == 2
    assert not Guesses.objects.exists()


# --- from where --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, None, HERE),
        (0, "198.51.100.1", HERE),  # no proxy of ours: the caller wrote it
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),  # the caller wrote the first
        (2, "203.0.113.9, 198.51.100.1, 192.0.2.99", "198.51.100.1"),
        (2, "198.51.100.1", "198.51.100.1"),
        (1, None, HERE),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "unknown", ""),
        (1, "x" * 5000, ""),
    ],
)
def test_the_address_is_what_our_own_proxy_saw(settings, proxies, forwarded, found):
    settings.TRUSTED_PROXIES = proxies
    sent = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}

    assert address_of(RequestFactory().post("/", REMOTE_ADDR=HERE, **sent)) == found


def test_without_a_request_there_is_no_address():
    assert address_of(None) == ""


def test_changing_the_header_buys_no_guesses(client, asha, clock, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(ADDRESS.free):
        guessing.claim(f"name {number}", "198.51.100.1", now=MONDAY)

    response = sign_in(client, headers={"X-Forwarded-For": "203.0.113.77, 198.51.100.1"})

    assert response.status_code == 429


def test_whoever_guesses_elsewhere_does_not_keep_a_person_from_a_browser_they_have_used(client, asha, clock):
    assert sign_in(client).status_code == 302
    client.post("/sign-out/")
    stranger = Client()
    guess(stranger)

    assert sign_in(stranger).status_code == 429
    assert sign_in(client).status_code == 302


def test_a_known_browser_is_known_for_one_name_only_and_waits_like_every_other(client, asha, clock):
    UserFactory(username="bilal")
    sign_in(client)
    client.post("/sign-out/")
    guess(Client(), username="bilal")

    assert sign_in(client, username="bilal").status_code == 429
    guess(client)
    assert sign_in(client).status_code == 429


def test_a_forged_mark_of_a_known_browser_is_worth_nothing(client, asha, clock):
    guess(Client())
    client.cookies["known"] = "anything:at:all"

    assert sign_in(client).status_code == 429
