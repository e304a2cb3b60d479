"""Who sees a referral to a service, and who does what with it: its maker, those who work with the person, the service."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.transitions import onward as deeds
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import REGISTRY
from tests.directory.onward import LATER, YES, again, seen_by
from tests.factories import MONDAY, AgencyFactory, PostFactory, UserFactory


def test_the_maker_those_who_see_the_person_and_the_service_see_it(sent, practitioner, provider, gwen):
    colleague = UserFactory()
    gwen.created_by = colleague
    gwen.save()

    assert seen_by(practitioner) == seen_by(provider) == [sent]
    assert seen_by(colleague) == []  # has no post, and the person is in a family that others wrote down


@pytest.mark.parametrize("who", ["stranger", "other_worker", "service_manager", "access_worker", "manager"])
def test_nobody_else_sees_it(request, sent, who):
    assert seen_by(request.getfixturevalue(who)) == []


def test_a_service_sees_nothing_before_it_is_sent(proposed, provider):
    assert seen_by(provider) == []


def test_another_service_sees_nothing(sent, county):
    other = PostFactory(user=UserFactory(agency=AgencyFactory(kind="voluntary")), area=county).user

    assert seen_by(other) == []


def test_in_a_large_agency_only_its_contact_answers(sent, society, county):
    society.agency.kind = "council"
    society.agency.save()
    clerk = PostFactory(user=UserFactory(agency=society.agency), area=county).user
    contact = PostFactory(user=UserFactory(agency=society.agency), role=Role.AGENCY_CONTACT, area=county).user

    assert seen_by(clerk) == []
    assert seen_by(contact) == [sent]


def test_the_service_follows_nothing_that_is_not_for_it(sent, provider):
    assert seen_by(provider, "answer") == [sent]
    assert seen_by(provider, "follow") == seen_by(provider, "make") == []


def test_a_month_after_the_end_the_service_sees_it_no_more(sent, provider):
    deeds.accept(sent, by=provider, now=MONDAY)
    deeds.complete(sent, by=provider, now=timezone.now() - timedelta(days=29))
    assert seen_by(provider) == [sent]
    OnwardReferral.objects.update(ended_at=timezone.now() - timedelta(days=31))

    assert seen_by(provider) == []


def test_first_contact_and_the_makers_manager_see_what_waits_and_no_longer(
    sent, adviser, manager, practitioner, provider
):
    practitioner.team = manager.team or PostFactory._meta.model.objects.get(user=manager).team
    practitioner.save()
    assert seen_by(adviser) == seen_by(manager) == [sent]

    deeds.accept(sent, by=provider, now=LATER)

    assert seen_by(adviser) == seen_by(manager) == []


def test_when_the_record_is_restricted_its_maker_and_the_service_lose_sight_of_it(sent, practitioner, provider, gwen):
    gwen.families.update(restricted=True, created_by=None)

    assert seen_by(practitioner) == seen_by(provider) == []


FACTS = {
    "permit": YES,
    "give_back": {"because": "full"},
    "record_outcome": {"outcome": "Goes every week."},
    "follow_up": {"helped": "helped"},
}


@pytest.mark.parametrize("name", [*REGISTRY[OnwardReferral]])
def test_a_stranger_does_nothing(sent, stranger, name):
    with pytest.raises(PermissionDenied):
        REGISTRY[OnwardReferral][name](sent, by=stranger, now=LATER, **FACTS.get(name, {}))

    assert again(sent).status == "sent"


@pytest.mark.parametrize("name", ["receive", "accept", "give_back", "start", "complete", "drop_out", "record_outcome"])
def test_the_maker_does_not_answer_for_the_service(sent, practitioner, name):
    with pytest.raises(PermissionDenied):
        REGISTRY[OnwardReferral][name](sent, by=practitioner, now=LATER, **FACTS.get(name, {}))

    assert again(sent).status == "sent"


@pytest.mark.parametrize("name", ["permit", "withdraw", "follow_up", "send_anew"])
def test_the_service_does_not_speak_for_the_person(sent, provider, name):
    with pytest.raises(PermissionDenied):
        REGISTRY[OnwardReferral][name](sent, by=provider, now=LATER, **FACTS.get(name, {}))

    assert again(sent).status == "sent"
