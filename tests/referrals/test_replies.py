"""What agencies say: bounded questions, side by side, and whoever owes an answer is chased once on a working day."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import RequestStatus, Status
from referrals.models import InformationRequest, Involved
from referrals.sweep import lapse_requests
from referrals.transitions.assigning import chase_replies
from referrals.transitions.referral import ask_agencies
from referrals.transitions.request import answer, nothing_held
from tests.factories import MONDAY

LATER = MONDAY + timedelta(hours=2)
QUESTION = {"question": "Is anybody working with them?", "lawful_basis": "public_task"}
NURSE = Involved("School nursing", "Nia Example", "01632 960 111", date(2026, 2, 20))
TUTOR = Involved("Tuition", ended_because="The term ended.")


@pytest.fixture
def asked(in_triage, access_worker, contact, police_contact):
    agencies = [contact.agency, police_contact.agency]
    return ask_agencies(in_triage, by=access_worker, now=MONDAY, agencies=agencies, **QUESTION)


def request_to(person):
    return InformationRequest.objects.get(agency=person.agency)


def words(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


# --- bounded questions -------------------------------------------------------------------------------------------------


def test_several_services_are_named_each_with_whom_to_ring(asked, contact):
    answered = answer(request_to(contact), by=contact, now=LATER, involved=[NURSE, TUTOR])

    answered.refresh_from_db()
    assert answered.who_is_involved == [NURSE, TUTOR]
    assert answered.status == RequestStatus.ANSWERED


@pytest.mark.parametrize("said", [{}, {"involved": [NURSE] * 6}])
def test_an_answer_says_something_and_not_everything(asked, contact, said):
    with pytest.raises(NotPossible):
        answer(request_to(contact), by=contact, now=LATER, **said)

    assert request_to(contact).status == RequestStatus.SENT


@pytest.fixture
def at_school(client, contact):
    client.force_login(contact)
    return client


def test_the_page_takes_rows_and_keeps_their_order(asked, contact, at_school):
    typed = {"reply": "answered", "service_1": "School nursing", "worker_1": "Nia", "service_3": "Tuition"}
    day = {"last_contact_on_1_day": "20", "last_contact_on_1_month": "2", "last_contact_on_1_year": "2026"}
    page = reverse("referrals:request", args=[request_to(contact).reference])

    sent = at_school.post(page, typed | day)

    assert sent.status_code == 302, words(sent)
    assert [each.service for each in request_to(contact).who_is_involved] == ["School nursing", "Tuition"]
    assert request_to(contact).who_is_involved[0].last_contact_on == date(2026, 2, 20)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"reply": "answered"}, "service_1"),
        ({"reply": "answered", "worker_2": "Nia"}, "service_2"),
        ({"reply": "nothing_held", "service_1": "School nursing"}, "reply"),
        ({"reply": "declined"}, "reason"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_sent(asked, contact, at_school, typed, wrong):
    refused = at_school.post(reverse("referrals:request", args=[request_to(contact).reference]), typed)

    assert refused.status_code == 422
    assert wrong in refused.context["form"].errors
    assert request_to(contact).status == RequestStatus.SENT


# --- chasing -----------------------------------------------------------------------------------------------------------


def chased(person):
    return Notice.objects.filter(to=person, title="EH Access still waits for your answer").count()


def test_one_click_chases_everybody_who_owes_an_answer_and_nobody_else(asked, access_worker, contact, police_contact):
    nothing_held(request_to(police_contact), by=police_contact, now=LATER)
    due = [each.due_at for each in asked.deadlines.open()]

    chase_replies(asked, by=access_worker, now=LATER)

    assert (chased(contact), chased(police_contact)) == (1, 0)
    assert request_to(contact).chased_on == MONDAY.date()
    assert [each.due_at for each in asked.deadlines.open()] == due


def test_a_question_is_chased_once_on_a_working_day(asked, access_worker, contact):
    chase_replies(asked, by=access_worker, now=LATER)
    with pytest.raises(NotPossible, match="again today"):
        chase_replies(asked, by=access_worker, now=LATER + timedelta(hours=1))
    assert chased(contact) == 1

    chase_replies(asked, by=access_worker, now=LATER + timedelta(days=1))

    assert chased(contact) == 2


def test_what_has_lapsed_is_chased_too_and_stays_lapsed(asked, access_worker, contact):
    lapse_requests(now=request_to(contact).due_at)
    asked.refresh_from_db()
    assert asked.status == Status.IN_TRIAGE

    chase_replies(asked, by=access_worker, now=LATER + timedelta(days=1))

    assert chased(contact) == 1
    assert request_to(contact).status == RequestStatus.LAPSED


@pytest.mark.parametrize("who", ["practitioner", "contact", "chair"])
def test_only_eh_access_chases(request, asked, contact, who):
    with pytest.raises(PermissionDenied):
        chase_replies(asked, by=request.getfixturevalue(who), now=LATER)

    assert chased(contact) == 0


# --- side by side ------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, access_worker):
    client.force_login(access_worker)
    return client


def test_every_reply_stands_in_the_same_place_and_what_is_missing_is_marked(desk, asked, contact):
    answer(request_to(contact), by=contact, now=LATER, involved=[NURSE], known="Misses Fridays.")

    page = desk.get(reverse("referrals:triage_case", args=[asked.reference]))

    assert "1 of 2 replied" in words(page)
    for said in ("Nia Example", "School nursing", "01632 960 111", "Misses Fridays."):
        assert said in words(page)
    assert page.content.decode().count(">Missing<") == 2


def test_the_button_chases_and_is_gone_for_the_day(desk, in_triage, access_worker, contact):
    now = timezone.now()
    ask_agencies(in_triage, by=access_worker, now=now, agencies=[contact.agency], **QUESTION)
    page, button = reverse("referrals:triage_case", args=[in_triage.reference]), "Chase every missing reply"
    assert button in words(desk.get(page))

    desk.post(reverse("referrals:move", args=[in_triage.reference, "chase_replies"]))

    assert chased(contact) == 1
    assert button not in words(desk.get(page))


def test_the_page_takes_as_many_queries_for_several_replies_as_for_none(
    desk, asked, contact, police_contact, django_assert_max_num_queries
):
    answer(request_to(contact), by=contact, now=LATER, involved=[NURSE, TUTOR], known="Misses Fridays.")
    desk.get(reverse("referrals:triage"))

    with django_assert_max_num_queries(7):
        desk.get(reverse("referrals:triage_case", args=[asked.reference]))
