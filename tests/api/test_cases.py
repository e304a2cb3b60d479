"""The API stands under the rules of the pages: the same sight, the same moves, the same trail."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from earlyhelp.audit.models import Access, Event
from earlyhelp.cases.enums import Status
from tests.factories import CaseFactory

CASES = "/api/cases/"


def address(case, move=""):
    return f"{CASES}{case.reference}/" + (f"{move}/" if move else "")


def references(answer):
    return {row["reference"] for row in answer.json()["results"]}


def test_nobody_is_answered_without_a_token(client, led_case):
    assert client.get(CASES).status_code == 401
    assert client.get(address(led_case)).status_code == 401


def test_a_list_holds_what_its_reader_may_list(calls, worker, stranger, led_case):
    assert references(calls(worker).get(CASES)) == {led_case.reference}
    assert references(calls(stranger).get(CASES)) == set()


def test_a_service_manager_lists_a_case_without_its_familys_name(calls, service_manager, worker, led_case):
    assert calls(service_manager).get(CASES).json()["results"][0]["family"] is None
    assert calls(worker).get(CASES).json()["results"][0]["family"] == led_case.family.name


def test_a_list_takes_the_filters_of_the_page(calls, chair, waiting_case, led_case):
    assert references(calls(chair).get(CASES, {"tier": "2"})) == {led_case.reference}
    assert references(calls(chair).get(CASES, {"status": "awaiting_decision"})) == {waiting_case.reference}


@pytest.mark.parametrize("query", [{"tier": "abc"}, {"status": "lost"}, {"area": "x"}, {"q": "a" * 300}])
def test_a_filter_that_cannot_be_understood_is_refused_and_not_left_out(calls, chair, led_case, query):
    answer = calls(chair).get(CASES, query)

    assert answer.status_code == 400
    assert set(answer.json()) == set(query)


@pytest.mark.parametrize("page", ["0", "-1", "abc", "9" * 5000, "99"])
def test_a_page_that_is_not_there_is_not_found(calls, chair, page):
    assert calls(chair).get(CASES, {"page": page}).status_code == 404


@pytest.mark.parametrize("number", [1, 20])
def test_a_list_costs_the_same_at_one_row_and_at_twenty(calls, chair, worker, melton, number):
    for _ in range(number):
        CaseFactory.led_by(worker, area=melton)
    reader = calls(chair)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(reader.get(CASES).json()["results"]) == number

    assert len(asked) <= 4  # who calls, their scope, the count, the rows


def test_reading_a_case_is_written_down(calls, worker, led_case):
    answer = calls(worker).get(address(led_case))

    assert answer.json()["reference"] == led_case.reference
    seen = Access.objects.get()
    assert (seen.actor, seen.subject_id, seen.page) == (worker, led_case.pk, address(led_case))


def test_a_case_out_of_sight_and_one_that_does_not_exist_are_answered_alike(calls, stranger, led_case):
    hidden, missing = calls(stranger).get(address(led_case)), calls(stranger).get(f"{CASES}EH-2026-999999/")

    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() == missing.json()
    assert not Access.objects.exists()


def test_a_case_says_what_may_be_done_next(calls, worker, practitioner, led_case):
    led_case.team.create(user=practitioner, role="member", from_at=led_case.accepted_at)

    moves = [move["name"] for move in calls(worker).get(address(led_case)).json()["moves"]]

    assert "propose_closure" in moves
    assert calls(practitioner).get(address(led_case)).json()["moves"] == []


def test_a_move_changes_the_state_as_the_page_does(calls, worker, melton):
    case = CaseFactory.led_by(worker, area=melton, status=Status.ALLOCATED)
    facts = {"met_on": "2026-03-02", "who_was_seen": "Maya and Leo, at home."}

    answer = calls(worker).post(address(case, "record_first_contact"), facts, format="json")

    assert answer.json() == {"reference": case.reference, "status": "assessing", "status_label": "Assessing"}
    event = Event.objects.get()
    assert (event.actor, event.reason, event.facts) == (worker, "Maya and Leo, at home.", {"met_on": "2026-03-02"})


def test_a_move_that_is_not_possible_now_is_a_conflict_that_says_why(calls, worker, led_case):
    facts = {"met_on": "2026-03-02", "who_was_seen": "Maya."}

    answer = calls(worker).post(address(led_case, "record_first_contact"), facts, format="json")

    assert answer.status_code == 409
    assert "supported" in answer.json()["detail"]
    assert not Event.objects.exists()


def test_a_move_of_somebody_elses_is_forbidden_in_sight_and_missing_out_of_it(calls, chair, stranger, led_case):
    reason = {"safeguarding_check": "Nobody.", "reason": "They said so."}

    assert calls(chair).post(address(led_case, "family_withdrew"), reason, format="json").status_code == 403
    assert calls(stranger).post(address(led_case, "family_withdrew"), reason, format="json").status_code == 404
    led_case.refresh_from_db()
    assert led_case.status == Status.SUPPORTED
    assert not Event.objects.exists()


@pytest.mark.parametrize("move", ["allocate", "nonsense", "status"])
def test_only_the_moves_with_a_page_have_an_address(calls, chair, waiting_case, move):
    assert calls(chair).post(address(waiting_case, move), {}, format="json").status_code == 404


def test_a_move_without_its_answers_names_them(calls, worker, led_case):
    answer = calls(worker).post(address(led_case, "propose_closure"), {}, format="json")

    assert answer.status_code == 400
    assert set(answer.json()) == {"end_reason", "summary", "family_views", "follow_up_agreed"}


def test_only_what_a_form_asks_is_taken(calls, worker, melton):
    case = CaseFactory.led_by(worker, area=melton, status=Status.ALLOCATED)
    facts = {"met_on": "2026-03-02", "who_was_seen": "Leo.", "tier": 3, "lead": 1, "opened_on": "2001-01-01"}

    assert calls(worker).post(address(case, "record_first_contact"), facts, format="json").status_code == 200

    case.refresh_from_db()
    assert (case.tier, case.lead, case.opened_on) == (2, worker, date(2026, 3, 2))


def test_a_session_without_its_token_against_forgery_changes_nothing(worker, led_case):
    from rest_framework.test import APIClient

    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(worker)

    answer = browser.post(
        address(led_case, "family_withdrew"), {"safeguarding_check": "x", "reason": "x"}, format="json"
    )

    assert answer.status_code == 403
    led_case.refresh_from_db()
    assert led_case.status == Status.SUPPORTED


def test_access_ends_with_the_job_for_a_token_too(calls, worker, led_case):
    program = calls(worker)
    worker.is_active = False
    worker.save()

    assert program.get(CASES).status_code in (401, 403)
