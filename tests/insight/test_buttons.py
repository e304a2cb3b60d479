"""The address of a button, opened: it says that nothing was done and leads to the page of its record."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory


@pytest.fixture
def button(melton):
    meeting = MeetingFactory(hub=HubFactory(area=melton))
    ItemFactory(meeting=meeting)
    return f"{meeting.get_absolute_url()}gather/"


def test_whoever_opens_it_reads_that_nothing_was_done_and_is_led_to_its_page(client, button, coordinator):
    client.force_login(coordinator)
    answer = client.get(button)
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "has changed nothing" in page
    assert f'href="{button.removesuffix("gather/")}"' in page
    assert "Hand over to social care now" in page
    assert "open a case in an emergency" not in page


def test_whoever_may_open_a_case_in_an_emergency_is_told_how(client, button, access_worker):
    call_command("emergency_access", access_worker.username, stdout=StringIO())
    client.force_login(access_worker)
    assert "open a case in an emergency" in client.get(button).content.decode()


def test_it_says_the_same_of_a_record_that_is_there_and_one_that_is_not(client, button, stranger):
    client.force_login(stranger)
    nowhere = "/hubs/meetings/987654/gather/"
    there, gone = (said(client.get(each)) for each in (button, nowhere))
    assert there.replace(button.removesuffix("gather/"), "") == gone.replace(nowhere.removesuffix("gather/"), "")


def said(answer):
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def test_somebody_who_does_not_sign_in_reads_whom_to_ring(client, db):
    answer = client.get("/ask-for-help/not-sure/keep/")
    assert answer.status_code == 405
    assert "ring" in said(answer)


def test_a_program_is_answered_in_its_own_language(client, coordinator, led_case):
    client.force_login(coordinator)
    answer = client.get(f"/api/cases/{led_case.reference}/family_withdrew/")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/json"
