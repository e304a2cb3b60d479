"""Who opens the pages of a family, that each look is written down, and that no page costs more for a large family."""

import pytest

from earlyhelp.audit.models import Access
from earlyhelp.families import services
from earlyhelp.families.models import Family, Person
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory


def urls_of(family, person, member):
    one = f"/families/{family.reference}/"
    return [
        one,
        f"{one}agreements/",
        f"{one}agreements/add/",
        f"{one}chronology/",
        f"{one}chronology/add/",
        f"{one}chronology/print/",
        f"{one}genogram/",
        f"{one}edit/",
        f"{one}members/add/",
        f"{one}members/{member.pk}/change/",
        f"{one}members/{member.pk}/end/",
        f"{one}relationships/add/",
        f"/families/people/{person.pk}/",
        f"/families/people/{person.pk}/edit/",
        f"/families/people/{person.pk}/move/",
    ]


def test_out_of_sight_is_as_if_it_were_not_there(grants, other_worker, practitioner, stranger, signed_in):
    member = grants.memberships.first()
    for user in (other_worker, practitioner, stranger):
        for url in urls_of(grants, grants.dana, member):
            assert signed_in(user).get(url).status_code == 404, (user, url)
            assert signed_in(user).post(url, {}).status_code in (404, 405), (user, url)
    assert not Access.objects.exists()


def test_every_look_at_a_record_is_written_down(grants, worker, signed_in):
    for url in urls_of(grants, grants.dana, grants.memberships.first()):
        before = Access.objects.count()
        assert signed_in(worker).get(url).status_code in (200, 302)
        assert Access.objects.count() == before + 1, url


def test_missing_records_and_absurd_numbers_are_not_found(worker, signed_in):
    for url in (
        "/families/FAM-999999/",
        "/families/people/0/",
        f"/families/people/{10**30}/",
        "/families/%F0%9F%99%82/",
    ):
        assert signed_in(worker).get(url).status_code == 404, url


@pytest.mark.parametrize(
    ("section", "most"),
    [("", 7), ("agreements/", 7), ("chronology/", 14), ("chronology/print/", 13), ("genogram/", 12)],
)
def test_a_family_of_twenty_takes_as_many_queries_as_one_of_two(
    grants, worker, signed_in, section, most, django_assert_max_num_queries
):
    client, url = signed_in(worker), f"/families/{grants.reference}/{section}"
    client.get(url)
    for number in range(18):
        person = PersonFactory(area=grants.area)
        MemberFactory(family=grants, person=person)
        services.move_home(person, on=None, by=worker, now=MONDAY, line_1=f"{number} Mill Lane")
        services.relate(grants.dana, person, kind="parent", by=worker, now=MONDAY)
        services.record_agreement(grants, person, status="given", by=worker, now=MONDAY)
        services.add_event(
            grants, happened_on=MONDAY.date(), kind="home", text="Moved.", by=worker, now=MONDAY, person=person
        )
    with django_assert_max_num_queries(most):
        client.get(url)


def test_a_person_takes_seven_queries_however_much_is_known_of_them(
    grants, worker, signed_in, django_assert_max_num_queries
):
    for number in range(20):
        person = PersonFactory()
        MemberFactory(family=grants, person=person)
        services.relate(grants.dana, person, kind="parent", by=worker, now=MONDAY)
        services.move_home(grants.dana, on=None, by=worker, now=MONDAY, line_1=f"{number} Mill Lane")
    client, url = signed_in(worker), f"/families/people/{grants.dana.pk}/"
    client.get(url)
    with django_assert_max_num_queries(7):
        client.get(url)


def test_a_family_of_a_restricted_case_is_not_seen_by_its_areas_chair(grants, led_case, chair):
    assert grants in Family.objects.for_user(chair)
    led_case.restricted = True
    led_case.save()

    assert grants not in Family.objects.for_user(chair)


@pytest.mark.parametrize("nonsense", ["a/b", "../..", "٣", "x" * 500])
def test_a_search_for_a_family_that_cannot_be_is_a_search_for_nobodys(client, practitioner, nonsense):
    client.force_login(practitioner)

    assert client.get("/families/search/", {"to": nonsense, "q": "Grant"}).status_code == 200


def test_eh_access_adds_anybody_to_a_family_but_whom_a_restricted_record_keeps(grants, access_worker, melton):
    known = PersonFactory(area=melton)
    hidden = MemberFactory(family=FamilyFactory(area=melton, restricted=True)).person

    found = Person.objects.for_user(access_worker, "add").filter(pk__in=[known.pk, hidden.pk])

    assert list(found) == [known]
