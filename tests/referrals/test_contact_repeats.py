"""Whoever answers is told that the same family, person or number got in touch before, and nothing that they may not see."""

from datetime import date

import pytest

from referrals.contacts import earlier, with_repeats
from referrals.models import Contact
from referrals.transitions import contact as deeds
from tests.factories import MONDAY, FamilyFactory, UserFactory
from tests.referrals.contacts import NAMED, days_ago
from tests.referrals.factories import got_in_touch


def repeat_of(contact, user):
    return with_repeats(Contact.objects.filter(pk=contact.pk), user).get().repeat


def test_the_third_contact_about_a_family_says_so(practitioner, access_worker, melton):
    family = FamilyFactory(area=melton)
    first, second, third = (got_in_touch(by=practitioner, family=family, now=days_ago(n)) for n in (59, 20, 0))

    assert repeat_of(third, access_worker) == "Third contact about this family in 60 days"
    assert repeat_of(first, access_worker) == ""
    assert earlier(third, access_worker) == [second, first]


def test_of_somebody_who_is_in_no_record_name_and_date_of_birth_tell(practitioner, access_worker, melton):
    other = {"caller_phone": "", "area": melton}
    got_in_touch(by=practitioner, now=days_ago(5), **NAMED | {"first_name": "TIA"}, **other)
    got_in_touch(by=practitioner, now=days_ago(4), **NAMED | {"born_on": date(2016, 4, 2)}, **other)
    again = got_in_touch(by=practitioner, **NAMED, **other)

    assert repeat_of(again, access_worker) == "Second contact about somebody of this name and date of birth in 60 days"
    assert len(earlier(again, access_worker)) == 1


@pytest.mark.parametrize("number", ["01632960123", "+44 1632 960123", "01632 960 123"])
def test_a_telephone_number_tells_however_it_is_written(practitioner, access_worker, melton, number):
    got_in_touch(by=practitioner, now=days_ago(5), area=melton)
    again = got_in_touch(by=practitioner, caller_phone=number, area=melton)

    assert repeat_of(again, access_worker) == "Second contact from this telephone number in 60 days"


def test_a_school_that_rings_about_many_children_is_no_repeat(practitioner, access_worker, melton):
    for n in (5, 0):
        contact = got_in_touch(by=practitioner, now=days_ago(n), source_kind="school", area=melton)

    assert repeat_of(contact, access_worker) == ""
    assert earlier(contact, access_worker) == []


def test_callers_without_a_number_and_people_without_a_name_are_not_alike(practitioner, access_worker, melton):
    nobody = {"caller_phone": "", "born_on": date(2016, 4, 1), "area": melton}
    for n in (5, 0):
        contact = got_in_touch(by=practitioner, now=days_ago(n), **nobody)

    assert repeat_of(contact, access_worker) == ""
    assert earlier(contact, access_worker) == []


def test_what_is_older_or_not_counted_is_no_repeat(practitioner, access_worker, melton):
    got_in_touch(by=practitioner, now=days_ago(61), area=melton)
    deeds.void(
        got_in_touch(by=practitioner, now=days_ago(5), area=melton), by=access_worker, now=MONDAY, because="test"
    )

    assert repeat_of(got_in_touch(by=practitioner, area=melton), access_worker) == ""


def test_a_repeat_never_tells_that_a_restricted_family_is_known(practitioner, access_worker, ig_lead, melton):
    hidden = FamilyFactory(area=melton, restricted=True)
    got_in_touch(by=practitioner, family=hidden, now=days_ago(5), **NAMED)
    again = got_in_touch(by=UserFactory(), area=melton, **NAMED)

    assert repeat_of(again, access_worker) == ""
    assert earlier(again, access_worker) == []


def test_whoever_took_one_learns_nothing_of_what_others_took(practitioner, worker, access_worker, melton):
    got_in_touch(by=worker, now=days_ago(5), area=melton)
    mine = got_in_touch(by=practitioner, area=melton)

    assert repeat_of(mine, practitioner) == ""
    assert repeat_of(mine, access_worker) != ""
