"""Whoever lives in the household lives where it does; a place says what it is; to refer a family is one button."""

import re
from datetime import date

import pytest

from earlyhelp.audit.models import Event
from earlyhelp.families import services
from earlyhelp.families.forms import AreaField
from earlyhelp.families.models import Address, Relationship
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, AreaFactory, MemberFactory, PersonFactory
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


# --- who lives together, and since when -------------------------------------------------------------------------------

THEN, NOW = date(2026, 2, 1), date(2026, 2, 20)


@pytest.fixture
def carl(grants):
    """Robin's father, who lives with her and Dana."""
    person = PersonFactory(first_name="Carl", last_name="Grant", born_on="1988-01-02")
    return MemberFactory(family=grants, person=person, role="parent", from_on=date(2020, 5, 3))


def placed(family, person):
    """Each of their places in the family, the first of all first."""
    rows = family.memberships.filter(person=person).order_by("from_on", "pk")
    return [(row.role, row.lives_in_household, row.from_on, row.until_on) for row in rows]


def change(member, worker, **facts):
    facts = {"role": member.role, "lives_in_household": False, "on": THEN} | facts
    return services.change_place(member, by=worker, now=MONDAY, **facts)


def living_in(family):
    here = family.memberships.current().filter(lives_in_household=True)
    return set(here.values_list("person__first_name", flat=True))


def test_from_a_day_on_somebody_has_another_place_and_the_one_before_is_kept(grants, carl, worker):
    made = change(carl, worker)

    assert placed(grants, carl.person) == [
        ("parent", True, date(2020, 5, 3), THEN),
        ("parent", False, THEN, None),
    ]
    assert living_in(grants) == {"Dana", "Robin"}
    assert made.family == grants
    assert Event.objects.get(kind="families.family.member_changed").facts == {"person": carl.person_id}


def test_without_a_day_what_was_wrong_is_put_right_where_it_stands(grants, carl, worker):
    change(carl, worker, role="partner", on=None)
    assert placed(grants, carl.person) == [("partner", False, date(2020, 5, 3), None)]

    change(carl, worker, role="partner", on=date(2019, 1, 1))  # only since when
    assert placed(grants, carl.person) == [("partner", False, date(2019, 1, 1), None)]


def test_no_day_has_two_places_of_one_person(grants, carl, worker):
    for on in (date(2020, 5, 2), date(1999, 1, 1)):
        with pytest.raises(NotPossible, match="until 3 May 2020"):
            change(carl, worker, on=on)
    apart = change(carl, worker)
    with pytest.raises(NotPossible, match="until 1 February 2026"):
        change(apart, worker, on=date(2026, 1, 31))

    assert len(placed(grants, carl.person)) == 2


def test_what_was_changed_meanwhile_is_not_changed_again(grants, carl, worker):
    change(carl, worker)

    with pytest.raises(NotPossible, match="meanwhile"):
        change(carl, worker, role="relative")
    assert len(placed(grants, carl.person)) == 2


def test_whoever_moves_in_has_the_address_of_the_household(grants, worker):
    services.move_household(grants.dana, others=[grants.robin], on=None, by=worker, now=MONDAY, **HOME)
    aunt = PersonFactory(first_name="Bea")
    member = services.add_member(
        grants, aunt, role="relative", lives_in_household=False, on=THEN, by=worker, now=MONDAY
    )
    assert not aunt.addresses.exists()

    change(member, worker, lives_in_household=True, on=NOW)

    assert aunt.addresses.get(until_on=None).shown == "1 Mill Lane, LE13 1AA"


def test_the_place_is_changed_on_a_page_and_the_page_of_the_family_says_how_it_was(grants, carl, worker, signed_in):
    client, url = signed_in(worker), f"/families/{grants.reference}/members/{carl.pk}/change/"
    people = client.get(f"/families/{grants.reference}/").text
    assert url in people
    assert "since 3 May 2020" in people
    assert "How it was before" not in people
    form = client.get(url).context["form"]
    assert (form["role"].value(), form["lives_in_household"].value(), form["on"].value()) == ("parent", "yes", None)

    client.post(url, sent(role="parent", lives_in_household="no", on="2026-02-01"))

    people = client.get(f"/families/{grants.reference}/").text
    assert "Carl Grant, parent, lived in the household from 3 May 2020 until 1 February 2026" in people
    assert "Who was in the family before" not in people
    assert people.count("lives elsewhere") == 1
    assert client.get(url).status_code == 404  # that place is over
    assert "Carl Grant in the family from 1 February 2026" in client.get(f"/families/{grants.reference}/history/").text
    assert "Carl Grant has another place in the family" in client.get(f"/families/{grants.reference}/chronology/").text


def test_since_when_is_asked_when_somebody_is_added(grants, worker, signed_in):
    client, url = signed_in(worker), f"/families/{grants.reference}/members/add/"
    aunt = PersonFactory(first_name="Bea", last_name="Grant", created_by=worker)
    lives = {"lives_in_household": "no", "on": "2026-02-01"}

    client.post(url, sent(first_name="Max", last_name="Grant", role="child", **lives))
    client.post(f"{url}{aunt.pk}/", sent(role="relative", **lives))

    assert list(grants.memberships.filter(from_on=THEN).values_list("person__first_name", flat=True)) == ["Max", "Bea"]


def move(client, person, **fields):
    return client.post(f"/families/people/{person.pk}/move/", sent(line_1="5 Ash Road", postcode="LE13 1CC", **fields))


def test_a_new_address_asks_who_lives_together_then_and_nothing_is_chosen(grants, carl, worker, signed_in):
    client = signed_in(worker)
    form = client.get(f"/families/people/{carl.person_id}/move/").context["form"]
    assert form["household"].value() is None

    answer = move(client, carl.person)

    assert answer.status_code == 422
    assert "Select who lives in one household then" in answer.text
    assert not carl.person.addresses.exists()


@pytest.mark.parametrize(
    ("answer", "left"),
    [("together", {"Dana", "Robin", "Carl"}), ("moved_out", {"Robin", "Dana"}), ("stayed_behind", {"Carl"})],
)
def test_a_father_who_moves_out_is_outside_the_household(grants, carl, worker, signed_in, answer, left):
    move(signed_in(worker), carl.person, on="2026-02-01", household=answer)

    assert living_in(grants) == left
    assert carl.person.addresses.get(until_on=None).line_1 == "5 Ash Road"
    assert not Address.objects.exclude(person=carl.person).exists()


def test_a_mother_who_flees_with_her_child_is_the_household_and_whoever_stays_is_not(grants, carl, worker, signed_in):
    fled = {"protected": "on", "others": [grants.robin.pk], "household": "stayed_behind", "on": "2026-02-01"}

    move(signed_in(worker), grants.dana, **fled)

    assert living_in(grants) == {"Dana", "Robin"}
    assert placed(grants, carl.person)[-1] == ("parent", False, THEN, None)
    assert placed(grants, grants.dana) == [("parent", True, None, None)]


def test_where_all_move_nobody_lives_apart_and_whoever_lives_alone_is_not_asked(grants, worker, signed_in):
    client = signed_in(worker)
    assert move(client, grants.dana, others=[grants.robin.pk], household="moved_out").status_code == 302
    assert living_in(grants) == {"Dana", "Robin"}
    services.change_place(
        grants.memberships.get(person=grants.robin),
        role="child",
        lives_in_household=False,
        by=worker,
        now=MONDAY,
    )

    assert "household" not in client.get(f"/families/people/{grants.dana.pk}/move/").context["form"].fields
    assert move(client, grants.robin).status_code == 302
    assert living_in(grants) == {"Dana"}


def test_a_removal_alters_no_household_that_one_does_not_keep(grants, carl, strangers_family, worker, signed_in):
    MemberFactory(family=strangers_family, person=carl.person, role="relative")

    move(signed_in(worker), carl.person, household="moved_out")

    assert living_in(grants) == {"Dana", "Robin"}
    assert living_in(strangers_family) == {"Ola", "Carl"}


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
