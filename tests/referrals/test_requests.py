"""Questions to agencies (domain.md 6.3 and 6.10)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import RequestStatus, Status
from referrals.models import InformationRequest, Referral
from referrals.sweep import lapse_requests
from referrals.transitions.referral import accept, ask_agencies, stop_waiting
from referrals.transitions.request import answer, decline, nothing_held
from tests.factories import MONDAY, AgencyFactory, PostFactory, UserFactory
from tests.referrals.factories import taken

LATER = MONDAY + timedelta(hours=2)
QUESTION = {"question": "Is anybody working with them?", "lawful_basis": "public_task"}
HUB = {"reason": "r", "message": "m", "level_of_need": 3, "proposed_tier": 2, "urgent": False}


@pytest.fixture
def asked(in_triage, access_worker, contact, police_contact):
    """The school and the police have been asked."""
    agencies = [contact.agency, police_contact.agency]
    return ask_agencies(in_triage, by=access_worker, now=MONDAY, agencies=agencies, **QUESTION)


def request_to(person):
    return InformationRequest.objects.get(agency=person.agency)


def test_asking_tells_each_agencys_contacts_and_stops_no_clock(asked, contact):
    request = request_to(contact)

    assert asked.status == Status.INFO_REQUESTED
    assert request.deadlines.open().get().code == "D_INFO"
    assert asked.deadlines.open().get().code == "D_TRIAGE"
    assert Notice.objects.get(to=contact).urgent


def test_an_urgent_question_is_due_the_same_day(melton, practitioner, access_worker, contact):
    referral = taken(area=melton, author=practitioner, by=access_worker, urgent=True, urgent_why="Hearing.")

    ask_agencies(referral, by=access_worker, now=MONDAY, agencies=[contact.agency], **QUESTION)

    assert request_to(contact).due_at.date() == MONDAY.date()


def test_an_agency_without_a_contact_is_rung_and_not_asked_here(in_triage, access_worker):
    with pytest.raises(NotPossible, match="ring them"):
        ask_agencies(in_triage, by=access_worker, now=MONDAY, agencies=[AgencyFactory()], **QUESTION)

    in_triage.refresh_from_db()
    assert in_triage.status == Status.IN_TRIAGE


def test_only_eh_access_asks(in_triage, practitioner, contact):
    with pytest.raises(PermissionDenied):
        ask_agencies(in_triage, by=practitioner, now=MONDAY, agencies=[contact.agency], **QUESTION)

    assert not InformationRequest.objects.exists()


def test_the_last_reply_makes_the_referral_ready_to_decide(asked, contact, police_contact, access_worker):
    answer(request_to(contact), by=contact, now=LATER, known="Tyler misses Fridays.")
    asked.refresh_from_db()
    assert asked.status == Status.INFO_REQUESTED

    nothing_held(request_to(police_contact), by=police_contact, now=LATER)

    asked.refresh_from_db()
    assert asked.status == Status.IN_TRIAGE
    assert Notice.objects.filter(to=access_worker, title="A referral is ready to decide").count() == 1


def test_a_refusal_gives_its_reason_and_counts_as_a_reply(asked, contact, police_contact):
    declined = decline(request_to(contact), by=contact, now=LATER, reason="Our governance lead says no.")
    nothing_held(request_to(police_contact), by=police_contact, now=LATER)

    asked.refresh_from_db()
    assert (declined.status, asked.status) == (RequestStatus.DECLINED, Status.IN_TRIAGE)


def test_one_agency_does_not_answer_for_another(asked, contact, police_contact):
    with pytest.raises(PermissionDenied):
        nothing_held(request_to(contact), by=police_contact, now=LATER)

    assert request_to(contact).status == RequestStatus.SENT


def test_a_contact_of_another_area_does_not_answer(asked, contact, charnwood, school):
    other = PostFactory(user=UserFactory(agency=school), role="agency_contact", area=charnwood).user

    with pytest.raises(PermissionDenied):
        nothing_held(request_to(contact), by=other, now=LATER)


def test_an_agency_contact_never_sees_the_referral(asked, contact):
    assert not Referral.objects.for_user(contact).exists()


def test_the_answers_are_for_eh_access_only(asked, contact, practitioner, chair, access_worker):
    answer(request_to(contact), by=contact, now=LATER, known="Something delicate.")

    for outsider in (practitioner, chair):
        assert not InformationRequest.objects.for_user(outsider).exists()
    assert InformationRequest.objects.for_user(access_worker).count() == 2


def test_questions_lapse_by_the_clock_and_the_referral_goes_on(asked):
    due = InformationRequest.objects.first().due_at
    assert lapse_requests(now=due - timedelta(minutes=1)) == 0

    assert lapse_requests(now=due) == 2

    asked.refresh_from_db()
    assert asked.status == Status.IN_TRIAGE
    assert not InformationRequest.objects.exclude(status=RequestStatus.LAPSED).exists()


def test_a_late_answer_is_welcome_while_it_helps(asked, contact):
    due = request_to(contact).due_at
    lapse_requests(now=due)

    late = answer(request_to(contact), by=contact, now=due + timedelta(hours=1), known="Better late.")

    assert late.status == RequestStatus.ANSWERED


def test_once_it_is_decided_the_question_is_out_of_sight(asked, contact, access_worker):
    stop_waiting(asked, by=access_worker, now=LATER, reason="Enough is known.")
    accept(asked, by=access_worker, now=LATER, **HUB)

    assert not InformationRequest.objects.for_user(contact).exists()
    with pytest.raises(NotPossible, match="has decided meanwhile"):
        nothing_held(request_to(contact), by=contact, now=LATER)


def test_waiting_may_be_stopped_with_a_reason(asked, access_worker):
    ready = stop_waiting(asked, by=access_worker, now=LATER, reason="The school rang.")

    assert ready.status == Status.IN_TRIAGE
    assert not InformationRequest.objects.waiting().exists()


def test_an_agency_is_not_asked_twice_at_once(asked, contact, access_worker):
    with pytest.raises(NotPossible, match="already"):
        ask_agencies(asked, by=access_worker, now=LATER, agencies=[contact.agency], **QUESTION)
