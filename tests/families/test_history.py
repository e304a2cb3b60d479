"""What was changed of a person is read on a page, by those who keep it."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

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
