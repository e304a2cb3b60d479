"""What was changed of a person is read on a page, by those who keep it."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from earlyhelp.families import one_family, services
from earlyhelp.families.restricting import restrict
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory
from tests.families.pages import edited


def history_of(person):
    return reverse("families:person_history", args=[person.pk])


def words(response):
    return re.sub(r"\s+", " ", strip_tags(response.content.decode().replace("<", " <")))


def test_each_change_is_shown_with_what_stood_there_and_who_changed_it(grants, worker, signed_in):
    client = signed_in(worker)
    assert "Nothing has been changed" in words(client.get(history_of(grants.dana)))

    client.post(f"/families/people/{grants.dana.pk}/edit/", edited(grants.dana, known_as="Dee", born_on="1990-04-04"))

    page = words(client.get(history_of(grants.dana)))
    assert re.search(rf"Likes to be called Empty Dee {worker}", page)
    assert re.search(rf"Date of birth 3 April 1990 4 April 1990 {worker}", page)
    assert "First name" not in page  # it is as it was


def test_what_the_database_changed_by_itself_and_where_they_lived_is_not_among_it(grants, worker, signed_in, charnwood):
    grants.dana.last_name = "Graham"
    grants.dana.area = charnwood
    grants.dana.postcode = "LE1 1AA"
    grants.dana.save()

    page = words(signed_in(worker).get(history_of(grants.dana)))

    assert "Surname" in page or "Last name" in page
    for word in ("sound", "Postcode", "LE1 1AA", str(charnwood)):
        assert word not in page


@pytest.mark.parametrize("who", ["manager", "chair", "coordinator", "stranger"])
def test_whoever_does_not_keep_the_record_does_not_read_it(request, grants, signed_in, who):
    assert signed_in(request.getfixturevalue(who)).get(history_of(grants.dana)).status_code == 404


def test_twenty_changes_take_as_many_queries_as_one(grants, worker, signed_in, django_assert_max_num_queries):
    for number in range(20):
        grants.dana.known_as = f"Dee {number}"
        grants.dana.save()
    client = signed_in(worker)
    client.get(history_of(grants.dana))

    with django_assert_max_num_queries(7):
        assert words(client.get(history_of(grants.dana))).count("Likes to be called") == 20


# --- of a family ------------------------------------------------------------------------------------------------------


def of_family(family):
    return reverse("families:family_history", args=[family.reference])


def test_of_a_family_its_name_who_is_in_it_and_who_they_are_to_each_other_is_told(
    grants, worker, ig_lead, practitioner, signed_in, access_worker
):
    client = signed_in(worker)
    client.post(f"/families/{grants.reference}/edit/", {"version": 1, "name": "Graunt", "area": grants.area_id})
    tie = services.relate(grants.dana, grants.robin, kind="parent", by=worker, now=MONDAY)
    tie.parental_responsibility = True
    tie.save()
    mistake = services.relate(grants.robin, grants.dana, kind="friend", by=worker, now=MONDAY)
    services.entered_in_error(mistake, by=worker, now=MONDAY, reason="-")
    robin = grants.memberships.get(person=grants.robin)
    services.end_membership(robin, on=MONDAY.date(), by=worker, now=MONDAY, reason="Moved out.")
    twice = FamilyFactory(area=grants.area)
    done = one_family.join(grants, twice, by=access_worker, now=MONDAY, reason="One door.")
    one_family.part(done, by=access_worker, now=MONDAY, reason="Two.")
    restrict(grants, by=ig_lead, now=MONDAY, kind="other", reason="A word nobody reads", review_on=MONDAY.date())

    page = words(client.get(of_family(grants)))

    assert "Restricted No Yes" in page
    assert re.search(rf"Name Grant Graunt {worker}", page)
    assert "Dana Grant and Robin Grant Empty Written down" in page
    assert "Dana Grant and Robin Grant: parental responsibility Empty Yes" in page
    assert "Robin Grant in the family: until on Empty 2 March 2026" in page
    assert f"Another record, {twice.reference} Empty Became one with this" in page
    assert "A record of its own again" in page
    assert "Friend" not in page
    assert "A word nobody reads" not in page


@pytest.mark.parametrize("who", ["manager", "chair", "stranger"])
def test_whoever_does_not_keep_the_family_does_not_read_its_history(request, grants, signed_in, who):
    assert signed_in(request.getfixturevalue(who)).get(of_family(grants)).status_code == 404


def test_a_family_of_twenty_takes_as_many_queries_as_one_of_two(
    grants, worker, signed_in, django_assert_max_num_queries
):
    for _ in range(18):
        person = PersonFactory()
        MemberFactory(family=grants, person=person)
        services.relate(grants.dana, person, kind="parent", by=worker, now=MONDAY)
    client = signed_in(worker)
    client.get(of_family(grants))

    with django_assert_max_num_queries(14):
        assert client.get(of_family(grants)).status_code == 200
