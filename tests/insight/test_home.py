"""The first page: what needs this person today, and nothing of anybody else's."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from earlyhelp.cases.enums import AllocationStatus, Preference, Status, TeamRole
from earlyhelp.cases.models import Allocation
from earlyhelp.core.todo import TODO
from earlyhelp.deadlines.services import promise
from earlyhelp.insight.home import label_of
from earlyhelp.workflow.models import Draft
from tests.factories import CaseFactory, FamilyFactory, UserFactory

LINE = re.compile(r'task-list__link" href="([^"]+)"[^>]*>([^<]+)</a>')


@pytest.fixture
def now():
    return timezone.now()


def lines(browser):
    return LINE.findall(browser.get("/").text)


def offered(worker, melton, now, **kwargs):
    case = CaseFactory(area=melton, status=Status.OPENED, tier=2, opened_on=now.date(), **kwargs)
    Allocation.objects.create(
        case=case,
        worker=worker,
        role=TeamRole.LEAD,
        status=AllocationStatus.OFFERED,
        preference=Preference.ASKED,
        preference_note="Local.",
        offered_at=now,
    )
    promise(case, "D_ACCEPT", now=now, holder=worker)
    return case


def closing(worker, melton, now):
    case = CaseFactory.led_by(worker, area=melton, status=Status.CLOSING)
    promise(case, "D_CLOSE", now=now, holder_role="hub_chair")
    return case


def test_a_family_that_is_offered_waits_for_an_answer(as_user, worker, melton, now):
    case = offered(worker, melton, now)

    assert lines(as_user(worker)) == [(case.get_absolute_url(), f"Accept or decline the {case.family}")]


def test_a_promise_shows_when_it_is_late_or_due_in_a_week_and_not_before(as_user, worker, led_case, now):
    promise(led_case, "D_ASSESS", now=now, holder=worker, due_at=now - timedelta(days=1))
    promise(led_case, "D_REVIEW", now=now, holder=worker, tier=2, due_at=now + timedelta(days=6))
    promise(led_case, "D_REASSESS", now=now, holder=worker, due_at=now + timedelta(days=8))

    assert [text for _, text in lines(as_user(worker))] == [
        f"Complete the assessment: {led_case.family}",
        f"Review: {led_case.family}",
    ]


def test_a_promise_of_a_case_that_one_no_longer_sees_is_not_named(as_user, worker, led_case, now):
    promise(led_case, "D_ASSESS", now=now, holder=worker, due_at=now)
    led_case.team.update(until_at=now)

    assert led_case.family.name not in as_user(worker).get("/").text


def test_a_manager_is_asked_to_decide_on_a_closure_and_its_lead_is_not(as_user, client, worker, manager, melton, now):
    case = closing(worker, melton, now)
    asked = (f"{case.get_absolute_url()}do/ratify_closure/", f"Decide on closing: {case.family}")

    assert asked in lines(as_user(manager))
    assert asked not in lines(as_user(worker))


def test_each_line_leads_to_a_page_that_is_there(as_user, worker, manager, melton, led_case, now):
    offered(worker, melton, now)
    promise(led_case, "D_ASSESS", now=now, holder=worker, due_at=now)
    closing(worker, melton, now)

    for person in (worker, manager):
        browser = as_user(person)
        for url, text in lines(browser):
            assert browser.get(url).status_code == 200, text


def test_the_ten_most_pressing_are_shown_and_that_there_are_more(as_user, worker, melton, now):
    for _ in range(12):
        offered(worker, melton, now)
    page = as_user(worker).get("/").text

    assert len(LINE.findall(page)) == 10
    assert "ten most pressing" in page


def test_nobody_is_told_of_what_is_not_theirs(as_user, stranger, other_worker, worker, led_case, melton, now):
    offered(worker, melton, now)
    promise(led_case, "D_ASSESS", now=now, holder=worker, due_at=now)

    for person in (stranger, other_worker):
        page = as_user(person).get("/").text
        assert "Nothing needs you today" in page
        assert led_case.reference not in page


def test_a_source_that_fails_closes_nobodys_front_door(as_user, worker, melton, now, monkeypatch):
    def broken(user, now):
        raise LookupError("no such standard")

    case = offered(worker, melton, now)
    monkeypatch.setattr("earlyhelp.insight.home.TODO", [broken, *TODO])
    page = as_user(worker).get("/")

    assert page.status_code == 200
    assert "Some of what needs you could not be read" in page.text
    assert case.family.name in page.text


def test_the_families_that_one_leads_stand_there_with_their_next_review(as_user, worker, other_worker, melton):
    mine = CaseFactory.led_by(
        worker, area=melton, family=FamilyFactory(name="Ashdown"), next_review_on=timezone.localdate()
    )
    CaseFactory.led_by(other_worker, area=melton, family=FamilyFactory(name="Hartley"))
    page = as_user(worker).get("/").text

    assert f'href="/cases/{mine.reference}/">Ashdown family</a>' in page
    assert "Hartley" not in page


def test_a_form_begun_and_never_sent_can_be_found_again(as_user, worker, led_case, now):
    path = f"{led_case.get_absolute_url()}do/propose_closure/"
    Draft.objects.keep(worker, path, {"summary": ["Bedtimes are calmer"]}, now=now)
    Draft.objects.keep(UserFactory(), "/cases/EH-OTHER/do/propose_closure/", {"summary": ["x"]}, now=now)
    browser = as_user(worker)
    page = browser.get("/").text

    assert f'<a class="govuk-link" href="{path}">Propose closure, {led_case.reference}</a>' in page
    assert "EH-OTHER" not in page
    assert "Bedtimes are calmer" not in page
    assert "Bedtimes are calmer" in browser.get(path).text


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/cases/EH-1/do/propose_closure/", "Propose closure, EH-1"),
        ("/nowhere/", ""),
        ("/api/cases/EH-1/accept/", ""),
        ("", ""),
    ],
)
def test_the_address_of_a_form_is_said_in_words(path, label):
    assert label_of(path) == label


@pytest.mark.parametrize("who", ["worker", "chair", "manager", "access_worker", "service_manager", "stranger"])
@pytest.mark.parametrize("number", [1, 20])
def test_it_costs_at_most_fifteen_queries_however_much_there_is(as_user, request, melton, worker, now, who, number):
    for _ in range(number):
        offered(worker, melton, now)
        closing(worker, melton, now)
        promise(CaseFactory.led_by(worker, area=melton), "D_ASSESS", now=now, holder=worker, due_at=now)
    browser = as_user(request.getfixturevalue(who))
    browser.get("/")  # the session is noted once a minute

    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/").status_code == 200

    assert len(asked) <= 15


def test_whoever_has_not_signed_in_is_asked_to(client, db):
    assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_the_home_page_is_current_only_at_home(as_user, worker):
    current = 'href="/" aria-current'

    assert current in as_user(worker).get("/").text
    assert current not in as_user(worker).get("/cases/").text


def test_the_gallery_shows_every_component_to_whoever_has_signed_in(as_user, worker, client):
    assert client.get("/components/").status_code == 302
    assert "Every part that pages are made of" in as_user(worker).get("/components/?state=new").text
