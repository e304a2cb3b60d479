"""Who sees a family does not for that reason change its record: that is for those who work with it now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.cases.services import join_team
from earlyhelp.cases.transitions import accept as take_on
from earlyhelp.cases.transitions import allocate
from earlyhelp.families import services
from earlyhelp.families.models import (
    Address,
    Agreement,
    Family,
    Person,
    Relationship,
    SignificantEvent,
    StatutoryStatus,
)
from earlyhelp.partnership.enums import Role
from referrals.transitions.referral import accept, advise
from tests.cases.journeys import ASKED
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, PersonFactory, PostFactory
from tests.families.pages import edited, sent
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory
from tests.lac.factories import IntroductionFactory
from tests.referrals.factories import ready_draft, taken

LATER = MONDAY + timedelta(hours=1)
HUB = {"reason": "r", "message": "m", "level_of_need": 3, "proposed_tier": 2, "urgent": False}
ADVICE = {"reason": "r", "message": "m", "level_of_need": 1, "advice": "Ask the school nurse."}


def published_to_a_member(case):
    """A member of the hub, who reads the case in the papers of a meeting of today."""
    seat = SeatFactory(hub=HubFactory(area=case.area))
    starts_at = timezone.now().replace(microsecond=0)
    ItemFactory(meeting=MeetingFactory.published(hub=seat.hub, starts_at=starts_at), case=case)
    return seat.user


@pytest.fixture
def hub_member(led_case):
    return published_to_a_member(led_case)


@pytest.fixture
def team_member(led_case, practitioner):
    """Of another agency; on the team, and not its lead."""
    TeamMember.objects.create(
        case=led_case, user=practitioner, agency=practitioner.agency, role="member", from_at=MONDAY
    )
    return practitioner


def deeds(family, by):
    """Everything that changes a family's record: where it is sent, and what is sent. The aunt is known to nobody else."""
    one, dana, robin = f"/families/{family.reference}/", family.dana, family.robin
    aunt = PersonFactory(first_name="Bea", last_name="Grant", created_by=by)
    member = family.memberships.get(person=dana)
    tie = services.relate(dana, robin, kind="friend", by=by, now=MONDAY)
    facts = {"happened_on": MONDAY.date(), "kind": "home", "text": "Moved.", "by": by, "now": MONDAY}
    event = services.add_event(family, **facts)
    person = f"/families/people/{dana.pk}/"
    return {
        f"{one}edit/": {"version": family.version, "name": "Changed", "area": family.area_id},
        f"{one}members/add/?first=Max&last=Grant": sent(
            first_name="Max", last_name="Grant", role="child", lives_in_household="no"
        ),
        f"{one}members/add/{aunt.pk}/": sent(role="relative", lives_in_household="no"),
        f"{one}relationships/add/": sent(person=dana.pk, kind="parent", other=robin.pk),
        f"{one}relationships/{tie.pk}/": {"version": 1, "parental_responsibility": "yes"},
        f"{one}relationships/{tie.pk}/error/": sent(reason="The wrong Dana."),
        f"{one}chronology/{event.pk}/error/": sent(reason="The wrong family."),
        f"{one}agreements/add/": sent(person=dana.pk, status="given"),
        f"{one}chronology/add/": sent(happened_on="2024-01-05", kind="home", text="Moved to the flat."),
        f"{person}edit/": edited(dana, known_as="Dee"),
        f"{person}statutory/": sent(status="child_in_need", from_on="2026-02-01", source="Ana Ray, social care"),
        f"{person}move/": sent(line_1="2 High Street", postcode="LE13 1BB", household="together"),
        f"{one}members/{member.pk}/change/": sent(role="carer", lives_in_household="yes"),
        f"{one}members/{member.pk}/end/": sent(on="2026-02-01", reason="Moved out."),
    }


def written(family):
    """What is written down of a family: the same before and after, or something changed."""
    return (
        Family.objects.filter(pk=family.pk).values().get(),
        list(family.memberships.order_by("pk").values()),
        list(Person.objects.order_by("pk").values()),
        [kind.objects.count() for kind in (Address, Agreement, Relationship, SignificantEvent, StatutoryStatus, Event)],
    )


def keeps(user, row):
    user.forget_scope()
    return type(row).objects.for_user(user, "edit").filter(pk=row.pk).exists()


def sees(user, row):
    user.forget_scope()
    return type(row).objects.for_user(user).filter(pk=row.pk).exists()


# --- a family with a case ---------------------------------------------------------------------------------------------

READERS = ("chair", "coordinator", "manager", "hub_member")


@pytest.mark.parametrize("who", ["worker", "team_member"])
def test_whoever_is_on_the_team_keeps_the_familys_record(request, grants, signed_in, who):
    user = request.getfixturevalue(who)
    for url, fields in deeds(grants, by=user).items():
        before = written(grants)
        assert signed_in(user).post(url, fields).status_code == 302, url
        assert written(grants) != before, url


@pytest.mark.parametrize("who", READERS)
def test_whoever_only_reads_the_case_reads_the_family_and_changes_nothing(request, grants, signed_in, who):
    user = request.getfixturevalue(who)
    client = signed_in(user)
    assert client.get(f"/families/{grants.reference}/").status_code == 200
    assert client.get(f"/families/people/{grants.dana.pk}/").status_code == 200

    refused = deeds(grants, by=user)
    before = written(grants)
    for url, fields in refused.items():
        assert client.get(url).status_code == 404, url
        assert client.post(url, fields).status_code == 404, url
    assert written(grants) == before


@pytest.mark.parametrize("who", ["service_manager", "access_worker", "other_worker", "stranger"])
def test_whoever_does_not_see_an_open_case_neither_sees_nor_changes_its_family(request, grants, who):
    user = request.getfixturevalue(who)

    assert not sees(user, grants)
    assert not keeps(user, grants)
    assert not keeps(user, grants.dana)


def test_a_chair_who_is_on_the_team_keeps_the_record_as_one_of_the_team(grants, led_case, chair):
    TeamMember.objects.create(case=led_case, user=chair, role="member", from_at=MONDAY)

    assert keeps(chair, grants)


def test_whoever_has_left_the_team_changes_nothing(grants, led_case, team_member):
    assert keeps(team_member, grants)

    led_case.team.filter(user=team_member).update(until_at=LATER)

    assert not keeps(team_member, grants)
    assert not keeps(team_member, grants.dana)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.FOLLOW_UP])
def test_when_the_case_is_closed_its_last_lead_reads_and_changes_nothing(grants, led_case, worker, status):
    facts = {"closed_on": MONDAY.date(), "end_reason": "outcomes_met", "follow_up_agreed": True}
    Case.objects.filter(pk=led_case.pk).update(status=status, **facts)

    assert sees(worker, grants)
    assert not keeps(worker, grants)
    assert not keeps(worker, grants.dana)


def test_a_restricted_familys_own_team_keeps_its_record(grants, led_case, worker):
    Case.objects.filter(pk=led_case.pk).update(restricted=True)

    assert keeps(worker, grants)


def test_eh_access_keeps_the_record_until_the_hub_has_decided(waiting_case, access_worker, worker):
    family = waiting_case.family
    assert keeps(access_worker, family)

    Case.objects.filter(pk=waiting_case.pk).update(
        status=Status.ALLOCATED, tier=2, lead=worker, opened_on=MONDAY.date()
    )
    assert not keeps(access_worker, family)


@pytest.fixture
def offered_case(waiting_case, chair, other_worker):
    """Allocated by the hub to the other worker, who has not answered."""
    return allocate(waiting_case, by=chair, now=MONDAY, tier=2, worker=other_worker, reason="Best placed.", **ASKED)


def test_while_a_family_is_offered_eh_access_still_holds_it_and_keeps_its_record(offered_case, access_worker):
    assert offered_case.holder == "EH Access"
    assert sees(access_worker, offered_case)
    assert keeps(access_worker, offered_case.family)


@pytest.mark.parametrize("who", ["other_worker", "chair", "coordinator"])
def test_whoever_is_offered_a_family_and_the_hub_that_offers_it_read_and_change_nothing(request, offered_case, who):
    user = request.getfixturevalue(who)

    assert sees(user, offered_case.family)
    assert not keeps(user, offered_case.family)


@pytest.mark.parametrize("who", ["worker", "practitioner", "stranger", "service_manager"])
def test_nobody_else_sees_or_keeps_a_family_that_is_offered(request, offered_case, who):
    user = request.getfixturevalue(who)

    assert not sees(user, offered_case.family)
    assert not keeps(user, offered_case.family)


def test_eh_access_of_another_area_keeps_nothing_of_a_family_that_is_offered(offered_case, charnwood):
    assert not keeps(PostFactory(role=Role.EH_ACCESS, area=charnwood).user, offered_case.family)


def test_with_the_acceptance_the_record_passes_from_eh_access_to_the_lead(offered_case, access_worker, other_worker):
    take_on(offered_case, by=other_worker, now=LATER)

    assert keeps(other_worker, offered_case.family)
    assert not keeps(access_worker, offered_case.family)
    assert not sees(access_worker, offered_case.family)


def test_a_restricted_family_that_waits_is_kept_by_the_one_worker_who_accepted_it(
    waiting_case, access_worker, county, other_worker, melton
):
    colleague = PostFactory(role=Role.EH_ACCESS, area=county).user
    Case.objects.update(restricted=True, accepted_by=access_worker)

    assert keeps(access_worker, waiting_case.family)
    assert not sees(colleague, waiting_case.family)

    Case.objects.update(status=Status.ALLOCATED, tier=2, lead=other_worker, opened_on=MONDAY.date())
    assert not sees(access_worker, waiting_case.family)


def test_whoever_accepted_a_restricted_family_keeps_nothing_once_they_have_left_eh_access(waiting_case, access_worker):
    Case.objects.update(restricted=True, accepted_by=access_worker)
    access_worker.posts.update(until_on=timezone.localdate() - timedelta(days=1))

    assert not sees(access_worker, waiting_case.family)


def test_eh_access_of_another_area_and_of_a_restricted_family_keep_nothing(waiting_case, access_worker, charnwood):
    elsewhere = PostFactory(role=Role.EH_ACCESS, area=charnwood).user
    assert not keeps(elsewhere, waiting_case.family)

    Case.objects.filter(pk=waiting_case.pk).update(restricted=True)
    assert not keeps(access_worker, waiting_case.family)


def test_a_hub_changes_nothing_in_the_family_it_decides_on(waiting_case, chair, coordinator):
    member = published_to_a_member(waiting_case)

    for user in (chair, coordinator, member):
        assert sees(user, waiting_case.family)
        assert not keeps(user, waiting_case.family)


# --- a family that is referred, or only written down ------------------------------------------------------------------


def test_the_author_keeps_a_family_they_wrote_down_until_its_referral_is_decided(melton, practitioner, access_worker):
    referral = taken(area=melton, author=practitioner, by=access_worker)
    before = {"status": Status.ENDED, "opened_on": MONDAY.date(), "closed_on": MONDAY.date()}
    CaseFactory(family=referral.family, area=melton, tier=2, end_reason="outcomes_met", **before)
    assert keeps(practitioner, referral.family)

    accept(referral, by=access_worker, now=LATER, **HUB)

    assert not keeps(practitioner, referral.family)


def test_referring_a_family_that_others_wrote_down_lets_nobody_change_it(melton, practitioner):
    referral = ready_draft(area=melton, author=practitioner, family=FamilyFactory(area=melton))

    assert not keeps(practitioner, referral.family)


def test_eh_access_keeps_a_family_while_its_referral_is_in_triage(melton, practitioner, access_worker):
    referral = taken(area=melton, author=practitioner, by=access_worker)
    mother = referral.family.people.get(first_name="Leanne")
    assert keeps(access_worker, referral.family)
    assert keeps(access_worker, mother)

    advise(referral, by=access_worker, now=LATER, **ADVICE)

    assert not keeps(access_worker, referral.family)
    assert not keeps(access_worker, mother)


def test_whoever_wrote_a_family_down_keeps_it_until_somebody_works_with_them(practitioner, other_worker, melton):
    family = services.write_down(
        name="Sharma", area=melton, role="child", by=practitioner, now=MONDAY, first_name="Luke", last_name="Sharma"
    )
    assert keeps(practitioner, family)
    assert keeps(practitioner, family.people.get())
    assert not keeps(other_worker, family)

    CaseFactory(family=family, area=melton)
    assert not keeps(practitioner, family)
    assert not keeps(practitioner, family.people.get())


# --- people -----------------------------------------------------------------------------------------------------------


def test_a_local_area_coordinator_keeps_what_is_known_of_somebody_without_a_family(melton, charnwood, signed_in):
    gwen = IntroductionFactory(area=melton, person__born_on="1934-04-09").person
    here, elsewhere = (PostFactory(role=Role.LAC_COORDINATOR, area=area).user for area in (melton, charnwood))
    url, before = f"/families/people/{gwen.pk}/edit/", gwen.known_as

    assert signed_in(elsewhere).post(url, edited(gwen, known_as="Gwennie")).status_code == 404
    gwen.refresh_from_db()
    assert gwen.known_as == before

    assert signed_in(here).post(url, edited(gwen, known_as="Gwennie")).status_code == 302
    gwen.refresh_from_db()
    assert gwen.known_as == "Gwennie"


def test_of_somebody_in_a_family_a_local_area_coordinator_reads_and_changes_nothing(grants, melton, worker, signed_in):
    IntroductionFactory(area=melton, person=grants.dana)
    coordinator = PostFactory(role=Role.LAC_COORDINATOR, area=melton).user
    assert signed_in(coordinator).get(f"/families/people/{grants.dana.pk}/").status_code == 200
    assert not keeps(coordinator, grants.dana)

    membership = grants.memberships.get(person=grants.dana)
    services.end_membership(membership, on=MONDAY.date(), by=worker, now=MONDAY, reason="Lives alone now.")
    assert keeps(coordinator, grants.dana)
    assert not keeps(worker, grants.dana)


def test_whoever_introduced_somebody_changes_nothing_of_them(melton, practitioner):
    introduction = IntroductionFactory(area=melton, introduced_by=practitioner)

    assert not keeps(practitioner, introduction.person)


def test_nobody_comes_to_keep_a_person_by_adding_them_to_a_family_of_their_own(grants, chair, signed_in):
    own = FamilyFactory(area=grants.area, created_by=chair)
    url = f"/families/{own.reference}/members/add/{grants.dana.pk}/"

    assert signed_in(chair).post(url, sent(role="relative", lives_in_household="no")).status_code == 404
    assert not own.memberships.exists()
    assert (
        "Ask EH Access to add this person"
        in signed_in(chair).get("/families/search/", {"to": own.reference, "q": "Dana Grant"}).content.decode()
    )


def test_a_removal_takes_along_nobody_of_whom_one_only_reads(grants, chair, signed_in):
    own = FamilyFactory(area=grants.area, created_by=chair)
    MemberFactory(family=own, person=grants.dana)
    url = f"/families/people/{grants.dana.pk}/move/"
    assert "Robin" not in signed_in(chair).get(url).content.decode()

    response = signed_in(chair).post(url, sent(line_1="2 High Street", others=[grants.robin.pk]))

    assert response.status_code == 422
    assert not Address.objects.exists()


# --- what the pages offer ---------------------------------------------------------------------------------------------

OFFERED = {
    "": ("/edit/", "Add somebody", "Has left", "Add a relationship"),
    "agreements/": ("/edit/", "Record an answer", "agreements/add/"),
    "chronology/": ("/edit/", "Add to the chronology", "chronology/add/"),
}


def pages(client, family, case):
    """Each page about the family, and what it offers to those who may change it."""
    for section, offers in OFFERED.items():
        yield client.get(f"/families/{family.reference}/{section}").content.decode(), offers
    person = client.get(f"/families/people/{family.dana.pk}/").content.decode()
    yield person, ("Change what is known", "New address")
    yield client.get(f"/cases/{case.reference}/family/").content.decode(), ("add people, addresses, agreement",)
    yield client.get(f"/cases/{case.reference}/chronology/").content.decode(), ("Add an event on the family’s page",)


def test_changing_is_offered_to_those_who_keep_the_record(grants, led_case, team_member, signed_in):
    for page, offers in pages(signed_in(team_member), grants, led_case):
        assert [offer for offer in offers if offer not in page] == []


@pytest.mark.parametrize("who", READERS)
def test_nothing_that_would_be_refused_is_offered(request, grants, led_case, signed_in, who):
    for page, offers in pages(signed_in(request.getfixturevalue(who)), grants, led_case):
        assert "Grant" in page
        assert [offer for offer in offers if offer in page] == []


def test_a_reader_still_finds_the_familys_own_page_and_may_refer_them(grants, led_case, chair, signed_in):
    client = signed_in(chair)

    assert (
        f'href="/families/{grants.reference}/"' in client.get(f"/cases/{led_case.reference}/family/").content.decode()
    )
    assert "Refer this family" in client.get(f"/families/{grants.reference}/").content.decode()


@pytest.mark.parametrize(("section", "most"), [("", 8), ("agreements/", 8), ("chronology/", 14)])
def test_knowing_whether_one_may_change_it_takes_no_query_more(
    grants, chair, signed_in, section, most, django_assert_max_num_queries
):
    """One of them is whether the chair has said today why they look."""
    client, url = signed_in(chair), f"/families/{grants.reference}/{section}"
    client.get(url)
    with django_assert_max_num_queries(most):
        client.get(url)


def test_where_nobody_else_works_with_the_family_the_page_says_that_nobody_can_be_named(grants, worker, signed_in):
    url, case = f"/families/people/{grants.dana.pk}/move/", grants.cases.get()
    alone = signed_in(worker).get(url).text
    assert "Besides you nobody works with the family yet" in alone
    assert "You can name them later too." not in alone

    join_team(case, role="member", user=PostFactory().user, by=worker, now=MONDAY, all_the_same="They asked.")
    together = signed_in(worker).get(url).text
    assert "You can name them later too." in together
    assert "nobody works with the family yet" not in together
