"""A service answers from its link, without an account: what it reads, and what it never learns (domain.md 11)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from earlyhelp.audit.models import Access, Event
from earlyhelp.directory.models import OnwardLink, OnwardReferral
from earlyhelp.directory.transitions import onward as deeds
from earlyhelp.notices.services import send_letters
from tests.directory.conftest import secret_in

WRONG = "A" * 43


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def at(secret, page=""):
    return f"/referred/{secret}/{page and page + '/'}"


@pytest.fixture
def opened(client, secret):
    client.post(at(secret))
    return client


def again(onward):
    return OnwardReferral.objects.get(pk=onward.pk)


# --- opening -----------------------------------------------------------------------------------------------------------


def test_the_first_page_names_nobody_and_looking_at_it_opens_nothing(client, sent, secret):
    page = text(client.get(at(secret)))

    assert sent.reference in page
    for word in ("Gwen", "Harlow", "Company", "daughter", "960 111"):
        assert word not in page
    assert again(sent).status == "sent"
    assert OnwardLink.objects.get().opened_at is None
    assert not Access.objects.exists()


def test_what_it_leads_to_is_shown_to_nobody_before_it_was_opened(client, sent, secret):
    response = client.get(at(secret, "read"))

    assert response.url == at(secret)
    assert client.get(at(secret, "accept")).status_code == 404
    assert client.post(at(secret, "accept"), {}).status_code == 404
    assert again(sent).status == "sent"


def test_the_button_opens_it_and_that_is_received(client, sent, secret):
    assert client.post(at(secret)).url == at(secret, "read")

    assert again(sent).status == "received"
    assert OnwardLink.objects.get().opened_at is not None


def test_it_shows_what_the_person_permitted_and_nothing_more(opened, sent, secret, gwen):
    gwen.addresses.create(line_1="4 Chapel Street", postcode="LE9 8AA")
    gwen.nhs_number = "9990001014"
    gwen.save()
    page = text(opened.get(at(secret, "read")))

    for words in ("Gwen Harlow", "92", "01632 960 111", "Company on weekday mornings.", "Do not ring my daughter."):
        assert words in page
    for words in ("Chapel", "LE9", "1934", "9990001014", "FAM-", "Face to face"):
        assert words not in page


def test_that_it_was_read_is_written_down_without_what_opens_it(opened, sent, secret):
    opened.get(at(secret, "read"))

    seen = Access.objects.get(subject="directory.onwardreferral")
    assert (seen.actor_id, seen.subject_id) == (None, sent.pk)
    assert "Befriending" in seen.purpose
    assert secret not in seen.page + seen.purpose


def test_nothing_of_it_is_kept_by_a_browser_or_told_to_another_site(opened, secret):
    response = opened.get(at(secret, "read"))

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"


# --- answering ---------------------------------------------------------------------------------------------------------


def test_the_service_accepts_and_says_when(opened, sent, secret, practitioner):
    day = timezone.localdate() + timedelta(days=3)
    when = {"expected_on_0": day.day, "expected_on_1": day.month, "expected_on_2": day.year}
    response = opened.post(at(secret, "accept"), when | {"expected_on": day.isoformat()})

    assert response.url == at(secret, "read")
    assert again(sent).status == "accepted"
    event = Event.objects.filter(kind="directory.onwardreferral.accept").get()
    assert event.actor is None


def test_the_service_returns_it_and_reads_no_more_of_the_person(opened, sent, secret):
    assert opened.post(at(secret, "give_back"), {}).status_code == 422
    opened.post(at(secret, "give_back"), {"because": "full", "note": "June at the earliest."})

    row = again(sent)
    assert (row.status, row.returned_note) == ("returned", "June at the earliest.")
    assert "Gwen" not in text(opened.get(at(secret, "read")))


def test_another_reason_says_which(opened, sent, secret):
    assert opened.post(at(secret, "give_back"), {"because": "other"}).status_code == 422
    assert again(sent).status == "received"


def test_what_came_of_it_comes_back_by_the_same_link(opened, sent, secret):
    opened.post(at(secret, "accept"), {})
    assert "Gwen Harlow" in text(opened.get(at(secret, "read")))
    opened.post(at(secret, "complete"), {"outcome": "Goes every Tuesday by herself."})

    row = again(sent)
    assert (row.status, row.ending, row.outcome) == ("outcome_recorded", "completed", "Goes every Tuesday by herself.")


def test_a_double_click_is_answered_with_how_it_stands(opened, sent, secret):
    opened.post(at(secret, "accept"), {})
    response = opened.post(at(secret, "accept"), {})

    assert response.url == at(secret, "read")
    assert Event.objects.filter(kind="directory.onwardreferral.accept").count() == 1


@pytest.mark.parametrize("name", ["withdraw", "permit", "send_anew", "follow_up", "receive", "nonsense"])
def test_nothing_but_the_services_own_answers_goes_by_a_link(opened, sent, secret, name):
    assert opened.get(at(secret, name)).status_code == 404
    assert opened.post(at(secret, name), {"helped": "helped"}).status_code == 404

    assert again(sent).status == "received"


def test_a_form_of_another_site_answers_nothing(sent, secret):
    strict = Client(enforce_csrf_checks=True)
    strict.get(at(secret))

    assert strict.post(at(secret), HTTP_ORIGIN="https://elsewhere.example").status_code == 403
    assert again(sent).status == "sent"


# --- what opens nothing ------------------------------------------------------------------------------------------------


def _withdraw(sent, practitioner, **_):
    deeds.withdraw(sent, by=practitioner, now=timezone.now())


def _send_anew(sent, practitioner, **_):
    deeds.send_anew(sent, by=practitioner, now=timezone.now())


def _end_long_ago(sent, provider, **_):
    deeds.accept(sent, by=provider, now=timezone.now())
    deeds.complete(sent, by=provider, now=timezone.now())
    OnwardReferral.objects.update(ended_at=timezone.now() - timedelta(days=31))


def _never_answer(sent, **_):
    OnwardLink.objects.update(made_at=timezone.now() - timedelta(days=366))


def _restrict(gwen, **_):
    gwen.families.update(restricted=True)


@pytest.mark.parametrize(
    "happens",
    [_withdraw, _send_anew, _end_long_ago, _never_answer, _restrict],
    ids=lambda f: f.__name__,
)
def test_a_link_that_is_over_is_answered_as_a_wrong_one(happens, client, sent, secret, practitioner, provider, gwen):
    client.post(at(secret))
    happens(sent=sent, practitioner=practitioner, provider=provider, gwen=gwen)

    for page in ("", "read", "accept"):
        for method in (client.get, client.post):
            if page == "read" and method == client.post:
                continue
            over, wrong = method(at(secret, page)), method(at(WRONG, page))
            assert over.status_code == wrong.status_code == 404
            assert _plain(over) == _plain(wrong)


def _plain(response):
    return re.sub(r'value="[^"]+"', "", response.content.decode())


def test_sent_anew_the_new_link_opens_it(client, sent, secret, practitioner, mailoutbox):
    now = timezone.now()
    deeds.send_anew(sent, by=practitioner, now=now)
    send_letters(now=now)
    newer = secret_in(mailoutbox[-1])

    assert newer != secret
    assert client.post(at(newer)).status_code == 302
    assert client.get(at(secret)).status_code == 404


def test_somebody_who_is_signed_in_uses_it_as_anybody_does(client, sent, secret, stranger):
    client.force_login(stranger)
    client.post(at(secret))

    page = text(client.get(at(secret, "read")))
    assert "Gwen Harlow" in page
    assert str(stranger) not in page


def test_a_link_page_takes_few_queries(opened, secret, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        opened.get(at(secret, "read"))
