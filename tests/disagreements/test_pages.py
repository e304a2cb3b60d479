"""The pages of disagreements, and where else one reads of them."""

import pytest

from earlyhelp.disagreements.enums import About
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.disagreements.transitions import resolve, take_further
from tests.disagreements.factories import SAID, disagreed
from tests.factories import MONDAY, CaseFactory, FamilyFactory
from tests.referrals.factories import handed_over

ENDS = {"outcome": "No agreement.", "spoke_with": "Two managers."}


@pytest.fixture
def raised(led_case, worker, chair):
    return disagreed(by=worker, record=led_case)


def read(client, user, address):
    client.force_login(user)
    return client.get(address).content.decode()


def test_it_is_recorded_from_the_case(client, led_case, worker):
    page = read(client, worker, led_case.get_absolute_url())
    address = f"/disagreements/new/?about={led_case.reference}"
    assert address in page

    form = client.get(address)
    token = form.context["form"]["token"].value()
    answer = client.post(address, SAID | {"about": "tier", "token": token})

    raised = Disagreement.objects.get()
    assert answer.url == raised.get_absolute_url()
    assert "A visit every day." in read(client, worker, led_case.get_absolute_url())


def test_nothing_is_chosen_beforehand(client, led_case, worker):
    assert "checked" not in read(client, worker, f"/disagreements/new/?about={led_case.reference}")


@pytest.mark.parametrize("about", ["EH-9999-999999", "H-1", "", "x"])
def test_about_nothing_in_sight_there_is_no_page(client, worker, about):
    client.force_login(worker)

    assert client.get(f"/disagreements/new/?about={about}").status_code == 404


def test_a_case_out_of_sight_is_as_if_it_were_not_there(client, led_case, stranger):
    client.force_login(stranger)

    assert client.get(f"/disagreements/new/?about={led_case.reference}").status_code == 404


def test_while_it_is_open_it_stands_on_the_case_and_no_longer_once_it_is_settled(client, raised, led_case, worker):
    assert "Professionals disagree: stage 1" in read(client, worker, led_case.get_absolute_url())

    resolve(raised, by=worker, now=MONDAY, **ENDS)
    assert "Professionals disagree" not in read(client, worker, led_case.get_absolute_url())


def test_it_stands_on_the_hand_over_it_is_about(client, practitioner, access_worker, melton):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))
    disagreed(by=practitioner, record=handover, about=About.HANDOVER)

    for person in (practitioner, access_worker):
        page = read(client, person, handover.get_absolute_url())
        assert "Professionals disagree: stage 1" in page
        assert SAID["meanwhile"] in page


def test_each_stage_says_what_came_of_it(client, raised, worker, manager):
    take_further(raised, by=worker, now=MONDAY, **ENDS)

    page = read(client, manager, raised.get_absolute_url())
    assert "No agreement." in page
    assert "Stage 4: safeguarding partnership" in page
    assert "Record that it is settled" in page


def test_the_case_is_no_link_for_whoever_may_not_open_it(client, raised, led_case, worker, service_manager):
    for _ in range(2):
        raised = take_further(Disagreement.objects.get(), by=worker, now=MONDAY, **ENDS)

    page = read(client, service_manager, raised.get_absolute_url())
    assert led_case.reference in page
    assert led_case.get_absolute_url() not in page
    assert led_case.family.name not in page


def test_at_the_last_stage_no_button_leads_further(client, raised, worker):
    for _ in range(3):
        take_further(Disagreement.objects.get(), by=worker, now=MONDAY, **ENDS)

    page = read(client, worker, raised.get_absolute_url())
    assert "Go to the next stage" not in page
    assert "Record that it is settled" in page


def test_without_an_answer_it_says_so_beside_the_field(client, raised, worker):
    client.force_login(worker)
    answer = client.post(f"{raised.get_absolute_url()}do/resolve/", {"spoke_with": "", "outcome": ""})

    assert answer.status_code == 422
    assert Disagreement.objects.get().is_open


@pytest.mark.parametrize("rows", [1, 20])
def test_a_list_of_many_asks_no_more_than_a_list_of_one(client, worker, melton, rows, django_assert_num_queries):
    for _ in range(rows):
        disagreed(by=worker, record=CaseFactory.led_by(worker, area=melton))
    client.force_login(worker)
    client.get("/disagreements/")

    with django_assert_num_queries(4):
        page = client.get("/disagreements/").content.decode()
    assert page.count("Stage 1") == rows
