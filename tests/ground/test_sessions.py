"""A session ends; what was being typed in any of a person's windows does not (promise P12)."""

import re
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from earlyhelp.partnership.services import end_sessions
from earlyhelp.workflow import tasks
from earlyhelp.workflow.models import Draft, Submission
from tests.factories import MONDAY, UserFactory
from tests.races import together
from tests.referrals.factories import ready_draft

PASSWORD = "a long enough password"
HERE = "http://testserver"
WHY, WANTS = {"why_now": "He stood at the gate again.", "tried": "Ringing."}, {"wants": "Calm evenings."}
OTHER_WHY = {"why_now": "She rang at night.", "tried": "Ringing."}


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def draft(melton, worker, clock):
    worker.set_password(PASSWORD)
    worker.save()
    return ready_draft(area=melton, author=worker)


@pytest.fixture
def why(draft):
    return f"{draft.get_absolute_url()}tasks/why/"


@pytest.fixture
def wants(draft):
    return f"{draft.get_absolute_url()}tasks/wants/"


@pytest.fixture
def browser(worker, draft):
    """Signed in, with as many windows as a test opens; it holds the server to its rules against forgery."""
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, worker)
    return browser


def key_of(page):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]


def sign_in(browser, user, next_url="/"):
    sent = {"username": user.username, "password": PASSWORD, "next": next_url}
    sent["csrfmiddlewaretoken"] = key_of(browser.get("/sign-in/"))
    response = browser.post("/sign-in/", sent, headers={"Origin": HERE})
    assert response.status_code == 302
    return response


def sign_out(browser):
    sent = {"csrfmiddlewaretoken": key_of(browser.get("/"))}
    assert browser.post("/sign-out/", sent, headers={"Origin": HERE}).status_code == 302


class Window:
    """One page that lies open: what is sent from it carries the key it was given."""

    def __init__(self, browser, url):
        self.browser, self.url = browser, url
        self.key = key_of(browser.get(url))

    def send(self, typed, origin=HERE):
        sent = {"csrfmiddlewaretoken": self.key, "version": 1} | typed
        return self.browser.post(self.url, sent, headers={"Origin": origin})


def shown(browser, url):
    return browser.get(url).content.decode()


def windows_of(page):
    return re.search(r'name="windows" value="(\d)"', page)[1]


def over(clock):
    clock.shift(timedelta(minutes=40))


# --- several windows ---------------------------------------------------------------------------------------------------


def test_two_forms_sent_after_the_session_ended_both_come_back(browser, worker, why, wants, clock):
    first, second = Window(browser, why), Window(browser, wants)
    over(clock)

    for window, typed in ((first, WHY), (second, WANTS)):
        assert window.send(typed).url == f"/sign-in/?next={window.url}"
    sign_in(browser, worker)

    assert WHY["why_now"] in shown(browser, why)
    assert WANTS["wants"] in shown(browser, wants)


def test_the_same_form_sent_from_two_windows_shows_both_texts(browser, worker, why, clock):
    first, second = Window(browser, why), Window(browser, why)
    over(clock)

    first.send(WHY)
    second.send(OTHER_WHY)
    sign_in(browser, worker)

    page = shown(browser, why)
    assert WHY["why_now"] in page
    assert "What you typed in another window" in page
    assert OTHER_WHY["why_now"] in page


def test_the_second_window_loses_nothing_where_the_first_was_only_looked_at(browser, worker, why, clock):
    window = Window(browser, why)
    over(clock)
    browser.get("/")

    window.send(WHY)
    sign_in(browser, worker)

    assert WHY["why_now"] in shown(browser, why)


def test_a_form_sent_once_one_has_signed_in_again_elsewhere_comes_back_and_is_not_saved(
    browser, worker, why, wants, draft, clock
):
    first, second = Window(browser, why), Window(browser, wants)
    over(clock)
    first.send(WHY)
    sign_in(browser, worker)

    answer = second.send(WANTS)

    assert answer.url == wants
    assert WANTS["wants"] in shown(browser, wants)
    assert WHY["why_now"] in shown(browser, why)
    draft.refresh_from_db()
    assert draft.wants != WANTS["wants"]


def test_what_was_typed_in_another_window_is_thrown_away_only_by_whoever_has_seen_it(browser, worker, why, clock):
    first, second = Window(browser, why), Window(browser, why)
    over(clock)
    first.send(WHY)
    sign_in(browser, worker)
    restored = Window(browser, why)
    second.send(OTHER_WHY)

    restored.send(WHY)
    later = Window(browser, why)
    assert OTHER_WHY["why_now"] in shown(browser, why)

    later.send(OTHER_WHY | {"version": 2, "windows": windows_of(shown(browser, why))})
    assert not Draft.objects.exists()


def test_both_texts_that_were_seen_are_thrown_away_once_the_form_is_sent(browser, worker, why, clock):
    windows = Window(browser, why), Window(browser, why)
    over(clock)
    for window, typed in zip(windows, (WHY, OTHER_WHY), strict=True):
        window.send(typed)
    sign_in(browser, worker)

    Window(browser, why).send(WHY | {"windows": windows_of(shown(browser, why))})

    assert not Draft.objects.exists()
    assert "another window" not in shown(browser, why)


@pytest.mark.parametrize("nonsense", ["", "-1", "x", "9" * 400, "٣"])
def test_nonsense_for_the_number_of_windows_is_no_fault(browser, why, nonsense):
    assert Window(browser, why).send(WHY | {"windows": nonsense}).status_code == 302


def test_a_form_from_before_is_not_kept_for_somebody_else_who_signed_in_meanwhile(
    browser, worker, other_worker, why, clock
):
    other_worker.set_password(PASSWORD)
    other_worker.save()
    window = Window(browser, why)
    over(clock)
    browser.get("/")
    sign_in(browser, other_worker)

    assert window.send(WHY).status_code == 403
    assert not Draft.objects.exists()


def test_one_window_too_many_is_told_and_overwrites_none_of_the_others(browser, worker, why, clock):
    windows = [Window(browser, why) for _ in range(Draft.WINDOWS + 1)]
    over(clock)
    for number, window in enumerate(windows):
        window.send(WHY | {"why_now": f"Text {number}."})

    assert "no room" in shown(browser, "/sign-in/")
    kept = [draft["why_now"] for draft in Draft.objects.take_all(worker, why)]
    assert kept == [[f"Text {number}."] for number in range(Draft.WINDOWS)]


@pytest.mark.django_db(transaction=True)
def test_forms_sent_from_four_windows_at_the_same_moment_are_all_kept(melton):
    user, path = UserFactory(), "/a/form/"

    together(*[partial(Draft.objects.keep_sent, user, path, {"text": [str(n)]}, now=MONDAY) for n in range(4)])

    assert sorted(draft["text"] for draft in Draft.objects.take_all(user, path)) == [["0"], ["1"], ["2"], ["3"]]


def test_what_autosave_put_away_gives_way_to_the_same_form_sent_and_to_nothing_else(worker):
    path = "/a/form/"
    Draft.objects.keep(worker, path, {"text": ["Beg"]}, now=MONDAY)
    assert Draft.objects.keep_sent(worker, path, {"text": ["Begun."]}, now=MONDAY)
    Draft.objects.keep(worker, path, {"text": ["Begun. And more"]}, now=MONDAY)

    assert Draft.objects.keep_sent(worker, path, {"text": ["Another."]}, now=MONDAY)

    assert Draft.objects.take_all(worker, path) == [{"text": ["Begun. And more"]}, {"text": ["Another."]}]


def test_nothing_is_kept_for_a_person_once_somebody_else_has_signed_in(browser, worker, other_worker, why, clock):
    other_worker.set_password(PASSWORD)
    other_worker.save()
    window = Window(browser, why)
    over(clock)
    browser.get("/")
    sign_in(browser, other_worker)
    Client.post(browser, "/sign-out/", {"csrfmiddlewaretoken": key_of(browser.get("/"))}, headers={"Origin": HERE})

    window.send(WHY)

    assert not Draft.objects.exists()


def test_somebody_shut_out_after_signing_in_here_leaves_nothing_in_the_name_of_whoever_was_before(
    browser, worker, other_worker, why, clock
):
    other_worker.set_password(PASSWORD)
    other_worker.save()
    window = Window(browser, why)
    over(clock)
    browser.get("/")
    sign_in(browser, other_worker)
    other_worker.is_active = False
    other_worker.save()

    window.send(WHY)

    assert not Draft.objects.exists()


def test_a_form_sent_after_signing_out_in_another_window_comes_back(browser, worker, why, clock):
    window = Window(browser, why)
    sign_out(browser)

    assert window.send(WHY).url == f"/sign-in/?next={why}"
    sign_in(browser, worker)

    assert WHY["why_now"] in shown(browser, why)


def test_a_form_of_somebody_signed_out_from_elsewhere_comes_back(browser, worker, why, clock):
    window = Window(browser, why)
    end_sessions(worker)

    assert window.send(WHY).url == f"/sign-in/?next={why}"
    sign_in(browser, worker)

    assert WHY["why_now"] in shown(browser, why)


def test_a_form_of_the_person_before_is_not_kept_for_whoever_signed_in_and_out_since(
    browser, worker, other_worker, why, clock
):
    other_worker.set_password(PASSWORD)
    other_worker.save()
    window = Window(browser, why)
    sign_out(browser)
    sign_in(browser, other_worker)
    sign_out(browser)

    assert window.send(WHY).status_code == 403
    assert not Draft.objects.exists()


def test_having_been_signed_in_lets_nobody_in_and_keeps_nothing_of_another_site(browser, worker, why, clock):
    window = Window(browser, why)
    sign_out(browser)

    assert browser.get("/").url == "/sign-in/?next=/"
    assert window.send(WHY, origin="https://evil.example").status_code == 403
    assert not Draft.objects.exists()


def test_what_is_kept_is_never_shown_to_whoever_signs_in_instead(browser, worker, other_worker, why, clock):
    other_worker.set_password(PASSWORD)
    other_worker.save()
    window = Window(browser, why)
    over(clock)
    window.send(WHY)
    sign_in(browser, other_worker)

    assert browser.get(why).status_code == 404
    assert Draft.objects.get().user == worker


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_nothing_is_kept_of_what_another_site_sends(browser, worker, why, clock, origin):
    window = Window(browser, why)
    assert Window(browser, why).send({**WHY, "csrfmiddlewaretoken": "x"}, origin=origin).status_code == 403
    over(clock)
    window.send(WHY, origin=origin)

    assert not Draft.objects.exists()


def test_a_forged_form_of_somebody_signed_in_is_refused_as_ever(browser, why):
    assert browser.post(why, WHY).status_code == 403
    assert not Draft.objects.exists()


def test_two_windows_at_the_sign_in_page_do_not_end_in_a_fault(worker, why, clock):
    browser = Client(enforce_csrf_checks=True)
    key = key_of(browser.get("/sign-in/"))
    sign_in(browser, worker)

    sent = {"username": worker.username, "password": PASSWORD, "csrfmiddlewaretoken": key}
    answer = browser.post(f"/sign-in/?next={why}", sent, headers={"Origin": HERE}, follow=True)

    assert answer.redirect_chain[-1][0] == why
    assert answer.status_code == 200


# --- how long ----------------------------------------------------------------------------------------------------------


def test_a_page_knows_when_its_session_ends_whatever_one_does(browser, clock):
    clock.shift(timedelta(minutes=10))

    assert f'data-seconds-left="{settings.SESSION_ABSOLUTE_SECONDS - 600}"' in shown(browser, "/")


def test_after_ten_hours_of_work_one_signs_in_again_and_keeps_ones_text(browser, worker, why, clock):
    window = Window(browser, why)
    for _ in range(41):
        clock.shift(timedelta(minutes=15))
        answer = window.browser.get("/")
    assert answer.status_code == 302

    window.send(WHY)
    sign_in(browser, worker)
    assert WHY["why_now"] in shown(browser, why)


def test_the_sign_in_page_knows_of_no_end(client, db):
    assert "data-seconds-left" not in client.get("/sign-in/").content.decode()


# --- the API -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/cases/", "/api/referrals/", "/api/"])
def test_a_program_whose_session_ended_is_told_so_in_json(browser, clock, path):
    over(clock)

    answer = browser.get(path)

    assert answer.status_code == 401
    assert answer.json()["detail"]


def test_what_a_program_sends_after_that_changes_and_keeps_nothing(browser, clock, led_case):
    over(clock)

    answer = browser.post(f"/api/cases/{led_case.reference}/family_withdrew/", {}, content_type="application/json")

    assert answer.status_code == 401
    assert answer.json()["detail"]
    led_case.refresh_from_db()
    assert led_case.status == "supported"
    assert not Draft.objects.exists()


def test_a_token_can_be_had_though_a_session_ended(browser, worker, clock):
    over(clock)

    sent = {"username": worker.username, "password": PASSWORD}
    assert browser.post("/api/token/", sent, content_type="application/json").status_code == 200


# --- how much ----------------------------------------------------------------------------------------------------------


def autosave(client, key="cases/x", **typed):
    return client.post(f"/drafts/{key}/", typed or {"reason": "They were frightened."})


@pytest.fixture
def typing(client, worker, clock):
    client.force_login(worker)
    return client


def begun(user, number, now=MONDAY):
    for each in range(number):
        Draft.objects.keep(user, f"/form/{now:%d}/{each}/", {"a": ["b"]}, now=now)


def test_autosave_says_when_in_the_words_of_every_page(typing):
    assert autosave(typing).json() == {"saved": "9am"}


def test_a_text_too_long_to_keep_is_refused_with_what_to_do(typing):
    answer = autosave(typing, reason="é" * (Draft.MOST_LETTERS + 1))

    assert (answer.status_code, answer.json()) == (
        413,
        {"error": "This is too long to be kept as you type. Save it now."},
    )
    assert not Draft.objects.exists()


def test_beyond_the_number_a_person_may_have_the_oldest_go(typing, worker):
    begun(worker, 3, now=MONDAY - timedelta(days=3))
    begun(worker, Draft.MOST - 1, now=MONDAY - timedelta(hours=1))

    assert autosave(typing).status_code == 200
    assert Draft.objects.filter(user=worker).count() == Draft.MOST
    assert not Draft.objects.filter(key__startswith="/form/27/").exists()


def test_nothing_of_today_goes_and_a_new_form_is_told_that_it_is_not_kept(typing, worker):
    begun(worker, Draft.MOST, now=MONDAY - timedelta(hours=1))

    answer = autosave(typing)

    assert answer.status_code == 413
    assert "not kept as you type" in answer.json()["error"]
    assert Draft.objects.count() == Draft.MOST


def test_what_a_session_leaves_behind_takes_the_place_of_nothing_of_today(worker, db):
    begun(worker, Draft.MOST + 1, now=MONDAY)

    assert Draft.objects.count() == Draft.MOST + 1


def test_a_form_that_is_kept_already_goes_on_being_kept(typing, worker):
    begun(worker, Draft.MOST, now=MONDAY - timedelta(hours=1))

    assert autosave(typing, "form/02/7", a="more").status_code == 200
    assert Draft.objects.take(worker, "/form/02/7/") == {"a": ["more"]}


def test_one_persons_many_forms_take_no_room_from_anybody_else(typing, worker):
    begun(UserFactory(), Draft.MOST)

    assert autosave(typing).status_code == 200


def test_what_nobody_has_gone_on_with_for_a_month_is_thrown_away(worker, db, clock):
    begun(worker, 1, now=MONDAY - timedelta(days=31))
    begun(worker, 1, now=MONDAY - timedelta(days=29))
    Submission.objects.create(token="0" * 32, user=worker, at=MONDAY - timedelta(days=31))

    assert tasks.tidy_forms() == 2
    assert Draft.objects.count() == 1
