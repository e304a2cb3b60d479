"""Whoever lives in the household lives where it does; a place says what it is; to refer a family is one button."""

import re

import pytest

from earlyhelp.audit.models import Event
from earlyhelp.families import services
from earlyhelp.families.forms import AreaField
from earlyhelp.families.models import Address, Relationship
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, AreaFactory, PersonFactory
from tests.families.pages import sent
from tests.races import together

HOME = {"line_1": "1 Mill Lane", "postcode": "LE13 1AA"}


@pytest.fixture
def at_home(grants, worker):
    """Dana and Robin live at one address."""
    services.move_household(grants.dana, others=[grants.robin], on=None, by=worker, now=MONDAY, **HOME)
    return grants


def added(family, worker, *, lives=True, home=None):
    facts = {"first_name": "Max", "last_name": "Grant", "role": "child", "lives_in_household": lives, "home": home}
    return services.write_down_member(family, by=worker, now=MONDAY, **facts).person


def test_a_member_added_to_the_household_has_its_address(at_home, worker, signed_in):
    person = added(at_home, worker)

    assert person.addresses.get(until_on=None).shown == "1 Mill Lane, LE13 1AA"
    person.refresh_from_db()
    assert person.postcode == "LE13 1AA"


def test_on_the_page_their_home_is_known(at_home, worker, signed_in):
    facts = sent(first_name="Max", last_name="Grant", role="child", lives_in_household="yes")
    signed_in(worker).post(f"/families/{at_home.reference}/members/add/", facts)

    page = signed_in(worker).get(f"/families/{at_home.reference}/").content.decode()
    assert page.count("1 Mill Lane, LE13 1AA") == 3


def test_whoever_lives_elsewhere_does_not(at_home, worker):
    assert not added(at_home, worker, lives=False).addresses.exists()


def test_an_address_that_was_typed_stands(at_home, worker):
    person = added(at_home, worker, home={"line_1": "9 High Street"})

    assert person.addresses.get(until_on=None).line_1 == "9 High Street"


def test_somebody_known_keeps_the_address_they_have(at_home, worker):
    aunt = PersonFactory()
    services.move_home(aunt, on=None, by=worker, now=MONDAY, line_1="9 High Street")
    services.add_member(at_home, aunt, role="relative", by=worker, now=MONDAY)

    assert aunt.addresses.get().line_1 == "9 High Street"


def test_a_household_with_two_homes_is_not_guessed_at(grants, worker):
    services.move_home(grants.dana, on=None, by=worker, now=MONDAY, line_1="1 Mill Lane")
    services.move_home(grants.robin, on=None, by=worker, now=MONDAY, line_1="2 Mill Lane")

    assert not added(grants, worker).addresses.exists()


def test_the_home_of_somebody_who_lives_elsewhere_is_not_the_households(grants, worker):
    grants.memberships.filter(person=grants.dana).update(lives_in_household=False)
    services.move_home(grants.dana, on=None, by=worker, now=MONDAY, line_1="1 Mill Lane")

    assert not added(grants, worker).addresses.exists()


def test_a_protected_home_is_protected_for_whoever_joins_it(grants, worker, signed_in):
    services.move_household(grants.dana, others=[grants.robin], on=None, by=worker, now=MONDAY, protected=True, **HOME)
    person = added(grants, worker)

    person.refresh_from_db()
    assert (person.addresses.get().protected, person.postcode) == (True, "")
    assert not Address.objects.filter(protected=False).exists()
    assert "Mill Lane" not in signed_in(worker).get(f"/families/{grants.reference}/").content.decode()


# --- places and the button -------------------------------------------------------------------------------------------


def test_each_place_says_what_it_is_and_stands_below_what_it_is_in(melton, charnwood):
    for name, parent in (("Asfordby", melton), ("Barrow", charnwood), ("Aab", charnwood)):
        AreaFactory(name=name, parent=parent, kind="locality")

    shown = [label for _, label in AreaField().choices if label != "Choose an area"]
    assert shown == [
        "Charnwood (district)",
        "– Aab (neighbourhood)",
        "– Barrow (neighbourhood)",
        "Melton (district)",
        "– Asfordby (neighbourhood)",
    ]


@pytest.mark.parametrize("who", ["worker", "chair"])
def test_to_refer_a_family_is_a_button_on_its_page(request, grants, signed_in, who):
    page = signed_in(request.getfixturevalue(who)).get(f"/families/{grants.reference}/").content.decode()

    assert re.search(rf'class="govuk-button"[^>]*href="[^"]*\?family={grants.reference}">Refer this family<', page)


def test_whoever_left_leaves_once(grants, worker):
    membership = grants.memberships.get(person=grants.robin)
    services.end_membership(membership, on=MONDAY.date(), by=worker, now=MONDAY, reason="Moved to her aunt.")

    with pytest.raises(NotPossible):
        services.end_membership(membership, on=MONDAY.date(), by=worker, now=MONDAY, reason="Again.")

    assert Event.objects.filter(kind="families.family.member_left").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_the_opposite_at_once_one_is_written_down(grants, worker):
    def say(one, other):
        return lambda: services.relate(one, other, kind="parent", by=worker, now=MONDAY)

    answers = together(say(grants.dana, grants.robin), say(grants.robin, grants.dana))

    assert sorted(isinstance(each, NotPossible) for each in answers) == [False, True]
    assert Relationship.objects.count() == 1
