"""Somebody joins a family, leaves it and stays in its history; and nobody gains sight of a person by it."""

from datetime import date

import pytest

from earlyhelp.audit.models import Event
from earlyhelp.families import services
from earlyhelp.families.models import Agreement, FamilyMembership, Person
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, MemberFactory, PersonFactory
from tests.families.pages import sent


def test_a_member_is_added_after_a_search_that_did_not_find_them(grants, worker, signed_in):
    client, url = signed_in(worker), f"/families/{grants.reference}/members/add/"

    assert client.get(url).url == f"/families/search/?to={grants.reference}"
    assert client.get(f"{url}?first=Max&last=Grant").context["form"]["first_name"].value() == "Max"
    client.post(url, sent(first_name="Max", last_name="Grant", role="child", lives_in_household="no"))
    member = grants.memberships.get(person__first_name="Max")
    assert (member.role, member.lives_in_household, member.person.area) == ("child", False, grants.area)


def test_somebody_found_is_added_and_not_written_down_again(grants, led_case, worker, signed_in):
    aunt = PersonFactory(first_name="Bea", last_name="Grant", created_by=worker)
    page = signed_in(worker).get("/families/search/", {"to": grants.reference, "q": "Bea Grant"}).content.decode()
    url = f"/families/{grants.reference}/members/add/{aunt.pk}/"
    assert url in page

    signed_in(worker).post(url, sent(role="relative", lives_in_household="no"))
    assert grants.memberships.filter(person=aunt, role="relative").exists()
    assert Person.objects.filter(first_name="Bea").count() == 1


def test_nobody_gains_sight_of_a_person_by_adding_them_to_a_family(grants, worker, strangers_family, signed_in):
    ola = strangers_family.memberships.get().person
    page = signed_in(worker).get("/families/search/", {"to": grants.reference, "q": "Ola Elsewhere"}).content.decode()
    assert "Ask EH Access to add this person" in page

    response = signed_in(worker).post(
        f"/families/{grants.reference}/members/add/{ola.pk}/", sent(role="relative", lives_in_household="no")
    )
    assert response.status_code == 404
    assert not grants.memberships.filter(person=ola).exists()


def test_eh_access_who_match_people_may_add_anybody_found(access_worker, melton, strangers_family, signed_in):
    ola = strangers_family.memberships.get().person
    family = services.create_family(name="New", area=melton, by=access_worker, now=MONDAY)
    signed_in(access_worker).post(
        f"/families/{family.reference}/members/add/{ola.pk}/", sent(role="relative", lives_in_household="no")
    )

    assert family.memberships.filter(person=ola).exists()


def test_who_leaves_the_family_stays_in_its_history(grants, worker, signed_in):
    member = grants.memberships.get(person=grants.dana)
    signed_in(worker).post(
        f"/families/{grants.reference}/members/{member.pk}/end/", sent(on="2026-02-01", reason="Moved out.")
    )

    page = signed_in(worker).get(f"/families/{grants.reference}/").content.decode()
    assert "Who was in the family before" in page
    assert "Dana Grant, parent, until 1 February 2026" in page
    assert Event.objects.get(kind="families.family.member_left").reason == "Moved out."


def test_a_person_who_left_is_no_longer_seen_through_the_family(grants, worker):
    services.end_membership(
        grants.memberships.get(person=grants.dana), on=date(2026, 2, 1), by=worker, now=MONDAY, reason="Fled."
    )

    assert grants.dana not in Person.objects.for_user(worker)
    assert grants.robin in Person.objects.for_user(worker)


def test_a_person_in_two_families_opens_once(grants, worker, signed_in):
    MemberFactory(person=grants.dana)
    MemberFactory(person=grants.dana, until_on=date(2020, 1, 1))

    assert signed_in(worker).get(f"/families/people/{grants.dana.pk}/").status_code == 200


def test_the_same_person_is_added_once(grants, worker):
    services.add_member(grants, grants.dana, role="parent", by=worker, now=MONDAY)

    assert FamilyMembership.objects.filter(family=grants, person=grants.dana).count() == 1


@pytest.mark.parametrize("facts", [{"died_on": "2024-01-05"}, {"born_on": None, "expected_on": "2026-05-01"}])
def test_nobody_answers_who_has_died_or_is_not_born(grants, worker, facts):
    person = PersonFactory(**facts)
    MemberFactory(family=grants, person=person)

    with pytest.raises(NotPossible, match="cannot be asked") as problem:
        services.record_agreement(grants, person, status="given", by=worker, now=MONDAY)

    assert problem.value.field == "person"
    assert not Agreement.objects.filter(person=person).exists()


def test_nobody_has_a_place_in_a_family_before_they_were_born(grants, worker):
    person = PersonFactory(born_on="1993-04-02")
    facts = {"role": "parent", "lives_in_household": True, "by": worker, "now": MONDAY}

    with pytest.raises(NotPossible, match="was born on 2 April 1993"):
        services.add_member(grants, person, on=date(1980, 1, 1), **facts)
    assert not person.memberships.exists()

    member = services.add_member(grants, person, on=date(1993, 4, 2), **facts)
    with pytest.raises(NotPossible, match="was born on 2 April 1993"):
        services.change_place(member, on=date(1980, 1, 1), **facts | {"lives_in_household": False})
    member.refresh_from_db()
    assert member.lives_in_household
