"""Who is who around Leanne Grant (story 5): three generations, two fathers, twins, a death, a child
expected and one who was stillborn, one fostered; and how some of them get on, as they see it themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from earlyhelp.demo.clock import born
from earlyhelp.demo.county import County
from earlyhelp.demo.journey import Journey
from earlyhelp.families import kinship, services
from earlyhelp.families.enums import BondKind, EventKind, FamilyRole, LossKind, RelationshipKind, Sex
from earlyhelp.families.models import Family, Person
from earlyhelp.partnership.models import User

K, B = RelationshipKind, BondKind


@dataclass(frozen=True)
class Relative:
    """``age``: at their birthday before the story is told; of Ron, when he died."""

    first: str
    age: int
    sex: str
    role: str = FamilyRole.RELATIVE
    last: str = "Grant"
    days: int = 60


RELATIVES = (
    Relative("Craig", 32, Sex.MALE, FamilyRole.SIGNIFICANT_OTHER, "Dutton", 100),
    Relative("Dean", 30, Sex.MALE, FamilyRole.SIGNIFICANT_OTHER, "Hallam", 40),
    Relative("Kelly", 26, Sex.FEMALE, days=150),
    Relative("Ava", 4, Sex.FEMALE, days=75),
    Relative("Isla", 4, Sex.FEMALE, days=75),
    Relative("Ellis", 12, Sex.MALE, last="Okafor", days=200),
)
PARENTS = {
    "Ron": ("Leanne", "Kelly"),
    "Maureen": ("Leanne", "Kelly"),
    "Leanne": ("Tyler", "Demi", "Kai", "Baby"),
    "Craig": ("Tyler", "Demi"),
    "Dean": ("Kai", "Baby"),
    "Kelly": ("Ava", "Isla"),
}
OTHERS = (
    ("Maureen", K.SPOUSE, "Ron"),
    ("Leanne", K.PARTNER, "Dean"),
    ("Ava", K.IDENTICAL_TWIN, "Isla"),
    ("Maureen", K.FOSTER_CARER, "Ellis"),
    ("Maureen", K.GRANDPARENT, "Tyler"),
    ("Kelly", K.AUNT_UNCLE, "Tyler"),
    ("Dean", K.STEP_PARENT, "Demi"),
    ("Joyce", K.NEIGHBOUR, "Leanne"),
)


# How two get on, and who says so; nobody: the lead professional, who saw it.
FELT = (
    ("Tyler", B.CLOSE, "Maureen", "Tyler"),
    ("Leanne", B.CONFLICT, "Maureen", "Leanne"),
    ("Leanne", B.CUT_OFF, "Craig", "Leanne"),
    ("Tyler", B.DISTANT, "Dean", "Tyler"),
    ("Ava", B.FUSED, "Isla", ""),
)


def tell(county: County, journey: Journey, at: datetime) -> None:
    """What the lead professional learns in the first visits, and draws with the family."""
    journey.do(at, lambda now: _write_down(county, journey.case.family, by=journey.case.lead, now=now))
    journey.do(
        at + timedelta(minutes=40), lambda now: _what_happened(journey.case.family, by=journey.case.lead, now=now)
    )


def _write_down(county: County, family: Family, *, by: Any, now: datetime) -> None:
    people = {member.person.first_name: member.person for member in family.memberships.select_related("person")}
    for each in RELATIVES:
        people[each.first] = _person(
            family, each, born_on=born(each.age, now=county.now, days=each.days), by=by, now=now
        )
    today = timezone.localdate(county.now)
    ron = Relative("Ron", 61, Sex.MALE)
    people["Ron"] = _person(family, ron, born_on=date(1962, 5, 9), died_on=date(2023, 11, 20), by=by, now=now)
    joyce = Relative("Joyce", 0, Sex.FEMALE, FamilyRole.SIGNIFICANT_OTHER, "Peel")
    people["Joyce"] = _person(family, joyce, by=by, now=now)
    baby = Relative("Baby", 0, Sex.UNKNOWN, FamilyRole.CHILD)
    people["Baby"] = _person(family, baby, expected_on=today + timedelta(days=95), at_home=True, by=by, now=now)
    _relate(people, by=by, now=now)
    _lost_and_felt(people, by=by, now=now)
    dean = family.memberships.get(person=people["Dean"])
    services.change_place(dean, role=FamilyRole.PARTNER, lives_in_household=False, on=date(2022, 2, 14), by=by, now=now)


def _person(family: Family, each: Relative, *, by: User, now: datetime, at_home: bool = False, **facts: Any) -> Person:
    person = services.create_person(
        first_name=each.first, last_name=each.last, sex=each.sex, area=family.area, by=by, now=now, **facts
    )
    services.add_member(family, person, role=each.role, lives_in_household=at_home, by=by, now=now)
    return person


def _relate(people: dict[str, Person], *, by: User, now: datetime) -> None:
    for parent, children in PARENTS.items():
        for child in children:
            holds = None if child == "Baby" else True
            services.relate(people[parent], people[child], kind=K.PARENT, parental_responsibility=holds, by=by, now=now)
    for one, kind, other in OTHERS:
        services.relate(people[one], people[other], kind=kind, by=by, now=now)
    services.relate(people["Leanne"], people["Craig"], kind=K.PARTNER, ended_on=date(2021, 6, 30), by=by, now=now)


def _lost_and_felt(people: dict[str, Person], *, by: User, now: datetime) -> None:
    """Leanne named the child whom she lost, and likes her to be spoken of; Kelly says no more than the year."""
    rose: dict[str, Any] = {
        "kind": LossKind.STILLBIRTH,
        "ended_on": date(2019, 10, 4),
        "name": "Rose",
        "sex": Sex.FEMALE,
    }
    kinship.write_down_loss(people["Leanne"], father=people["Craig"], by=by, now=now, **rose)
    year = timezone.localdate(now).year - 2
    kinship.write_down_loss(people["Kelly"], kind=LossKind.EARLY, ended_year=year, by=by, now=now)
    said_on = timezone.localdate(now)
    for one, kind, other, says in FELT:
        said_by = people.get(says)
        kinship.say_bond(people[one], people[other], kind=kind, said_by=said_by, said_on=said_on, by=by, now=now)


def _what_happened(family: Family, *, by: Any, now: datetime) -> None:
    """Before early help came: so it is written down late, and says so."""
    leanne, tyler = (family.people.get(first_name=name) for name in ("Leanne", "Tyler"))
    told = (
        (date(2021, 6, 30), EventKind.FAMILY, leanne, "Leanne and Craig part. Craig moves to his sister’s in Ashby."),
        (date(2023, 11, 20), EventKind.FAMILY, None, "Ron dies after a short illness. The children were close to him."),
        (date(2024, 1, 15), EventKind.SCHOOL, tyler, "Tyler begins to be late for school; he says that he misses his grandad."),
        (date(2024, 9, 2), EventKind.MONEY, leanne, "Leanne’s hours at the warehouse are cut. The first rent is missed."),
    )  # fmt: skip
    for day, kind, person, text in told:
        services.add_event(family, happened_on=day, kind=kind, text=text, person=person, by=by, now=now)
    wrong = services.add_event(
        family,
        happened_on=date(2024, 3, 3),
        kind=EventKind.POLICE,
        text="Police called to a break-in at the house.",
        by=by,
        now=now,
    )
    services.entered_in_error(wrong, by=by, now=now, reason="This was next door. Written into the wrong record.")
