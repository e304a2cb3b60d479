"""Written down twice: a school and a practice each wrote a mother down; two cousins share a name and a birthday."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.demo.county import County
from earlyhelp.families.enums import FamilyRole, Sex
from earlyhelp.families.matching import find_duplicates
from earlyhelp.families.merging import merge, say_not_same
from earlyhelp.families.models import Family, Person
from earlyhelp.families.one_family import find_pairs
from earlyhelp.families.services import create_person, write_down

# A slip in the surname; the short form of a first name; day and month the other way round.
AGAIN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Grewcock", {"last_name": "Grewcok"}),
    ("Rudkin", {}),
    ("Szymanski", {"turned": True}),
)
COUSINS = "Both are at the same school, which knows two girls: cousins, born on one day."
ONE = "The practice rang: one mother, who has used both telephones."


def tell(county: County) -> None:
    day = county.since(working_days=3)
    county.diary.write(day.at(hour=10), lambda now: _again(county, now))
    county.diary.write(day.at(1, hour=6), lambda now: find_duplicates(now=now))
    county.diary.write(day.at(1, hour=11), lambda now: _said(county, now))
    county.diary.write(day.at(2, hour=6), lambda now: find_pairs(now=now))


def _again(county: County, now: datetime) -> None:
    for name, slip in AGAIN:
        family = Family.objects.filter(name=name).first()
        parent = family and family.people.filter(memberships__role=FamilyRole.PARENT).first()
        if parent:
            _write_again(county, parent, dict(slip), now)
    for who in ("bethan", "grace"):
        create_person(
            first_name="Tilly", last_name="Orton", born_on="2014-09-17", sex=Sex.FEMALE, by=county.people[who], now=now
        )


def _write_again(county: County, parent: Person, slip: dict[str, Any], now: datetime) -> None:
    born = parent.born_on
    if slip.pop("turned", False) and born and born.day <= 12:
        born = born.replace(day=born.month, month=born.day)
    facts = {"first_name": parent.first_name, "last_name": parent.last_name, "born_on": born, "sex": parent.sex}
    write_down(
        name=parent.last_name,
        area=parent.area or county.areas["Melton"],
        role=FamilyRole.PARENT,
        phone="0116 496 0147",
        by=county.people["grace"],
        now=now,
        **(facts | slip),
    )


def _said(county: County, now: datetime) -> None:
    asha = county.people["asha"]
    cousins = list(Person.objects.filter(first_name="Tilly", last_name="Orton"))
    if len(cousins) == 2:
        say_not_same(*cousins, by=asha, now=now, note=COUSINS)
    rudkins = list(Person.objects.filter(last_name="Rudkin", memberships__role=FamilyRole.PARENT).order_by("pk"))
    if len(rudkins) == 2:
        merge(*rudkins, by=asha, now=now, reason=ONE)
