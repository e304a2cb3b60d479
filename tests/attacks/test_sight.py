"""What can be had by guessing a number, on the last day, or from somebody else's sending (promises P1, P4 and P7)."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.authtoken.models import Token

from earlyhelp.cases.models import Case
from earlyhelp.core.rights import may
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.services import once
from earlyhelp.workflow.transitions import NotPossible
from hubs.models import AgendaItem
from referrals.enums import LawfulBasis
from referrals.models import Referral
from referrals.transitions.referral import ask_agencies
from tests.factories import (
    MONDAY,
    FamilyFactory,
    MemberFactory,
    PersonFactory,
    PostFactory,
    UserFactory,
    restricted_person,
)
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory
from tests.referrals.factories import taken


@pytest.fixture
def family(melton, worker):
    family = FamilyFactory(area=melton, created_by=worker)
    MemberFactory(family=family, person=PersonFactory(first_name="Zqnamed", area=melton))
    return family


@pytest.fixture(params=["system administrator", "nobody in particular"])
def no_searcher(request, county):
    """Somebody who may sign in and may not search for families."""
    if request.param == "nobody in particular":
        return UserFactory()
    return PostFactory(role=Role.SYSTEM_ADMIN, area=county).user


# --- a family's number, guessed ---------------------------------------------------------------------------------------


def test_whoever_may_not_search_begins_no_referral_by_guessing_a_number(client, no_searcher, family):
    client.force_login(no_searcher)
    url = f"/referrals/new/?family={family.reference}"

    assert client.get(url).headers["Location"] == "/families/search/?refer=yes"
    assert client.post(url, {"token": str(uuid.uuid4())}).headers["Location"] == "/families/search/?refer=yes"
    assert not Referral.objects.exists()


def test_nor_does_their_program(client, no_searcher, family):
    token = Token.objects.create(user=no_searcher).key

    sent = client.post(
        "/api/referrals/",
        {"family": family.reference},
        content_type="application/json",
        headers={"Authorization": f"Token {token}", "Idempotency-Key": str(uuid.uuid4())},
    )

    assert (sent.status_code, set(sent.json())) == (400, {"family"})
    assert not Referral.objects.exists()


def test_an_agency_is_not_told_of_a_restricted_member_of_the_family_it_is_asked_about(
    client, county, melton, practitioner, access_worker
):
    contact = PostFactory(role=Role.AGENCY_CONTACT, area=county).user
    now = timezone.now()
    referral = taken(area=melton, author=practitioner, by=access_worker, now=now)
    MemberFactory(family=referral.family, person=restricted_person(first_name="Zqhidden", area=melton))
    MemberFactory(family=referral.family, person=PersonFactory(first_name="Zqnamed", area=melton))
    ask_agencies(
        referral,
        by=access_worker,
        now=now,
        agencies=[contact.agency],
        question="What do you know?",
        lawful_basis=LawfulBasis.AGREED,
    )
    client.force_login(contact)

    page = client.get(f"/referrals/requests/{referral.requests.get().reference}/").content.decode()

    assert "Zqnamed" in page
    assert "Zqhidden" not in page


# --- the last day -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "sees"), [(0, True), (1, False)])
def test_a_post_gives_access_on_its_last_day_and_not_after(led_case, melton, days, sees):
    last = timezone.localdate() - timedelta(days=days)
    chair = PostFactory(role=Role.HUB_CHAIR, area=melton, until_on=last).user

    assert may(chair, "view", led_case) is sees


@pytest.mark.parametrize(("days", "sees"), [(0, True), (1, False)])
def test_a_member_of_the_hub_reads_its_papers_and_the_cases_in_them_until_the_last_day(
    melton, waiting_case, days, sees
):
    hub, last = HubFactory(area=melton), timezone.localdate() - timedelta(days=days)
    member = SeatFactory(hub=hub).user
    meeting = MeetingFactory.published(hub=hub)
    meeting.members_until = last
    meeting.save()
    item = ItemFactory(meeting=meeting, case=waiting_case)

    assert AgendaItem.objects.for_user(member).filter(pk=item.pk).exists() is sees
    assert Case.objects.for_user(member).filter(pk=waiting_case.pk).exists() is sees


@pytest.mark.parametrize(("days", "sees"), [(0, True), (1, False)])
def test_a_seat_is_held_on_its_last_day_and_not_after(melton, days, sees):
    seat = SeatFactory(hub=HubFactory(area=melton), until_on=timezone.localdate() - timedelta(days=days))

    assert bool(seat.user.scope.ids("hub_seats")) is sees


# --- somebody else's sending ------------------------------------------------------------------------------------------


def test_the_token_of_another_persons_sending_tells_nothing_and_does_nothing(worker, stranger):
    token, done = uuid.uuid4(), []
    once(token, by=worker, now=MONDAY, deed=lambda: "/referrals/R-2026-000001/")

    with pytest.raises(NotPossible):
        once(token, by=stranger, now=MONDAY, deed=lambda: done.append(1) or "/elsewhere/")

    assert not done
