"""Families of every size, with the people in them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from earlyhelp.demo.bulk.copying import Table, last_number
from earlyhelp.demo.bulk.days import day, moment
from earlyhelp.demo.bulk.workforce import SHARES, Workforce
from earlyhelp.demo.names import BOYS, GIRLS, MEN, STREETS, SURNAMES, TOWNS, WOMEN
from earlyhelp.demo.numbers import nhs_number, pupil_number
from earlyhelp.demo.staff import DISTRICTS
from earlyhelp.families.models import Address, Agreement, Family, FamilyMembership, Person, Relationship

CHILDREN, CHILDREN_SHARES = (1, 2, 3, 4, 5), (38, 36, 17, 7, 2)
PARENTS, PARENTS_SHARES = (1, 2), (48, 52)
WITH_NHS_NUMBER = 0.7  # and at most as many as the test range holds
SERIAL_BASE = 20_000  # below it lie those of the told stories
YEAR = 365.25


@dataclass(frozen=True)
class Household:
    family: int
    district: str
    area: str
    name: str
    first_parent: int


class Households:
    def __init__(self, force: Workforce, dice: Random, today: int) -> None:
        self.force, self.dice, self.today = force, dice, today
        self.family = Table(Family, "name", "reference", "area_id", "created_by_id", "created_at")
        self.person = Table(
            Person,
            "first_name",
            "last_name",
            "born_on",
            "sex",
            "nhs_number",
            "upn",
            "phone",
            "area_id",
            "postcode",
            "created_by_id",
            "created_at",
        )
        self.membership = Table(FamilyMembership, "family_id", "person_id", "role", "from_on")
        self.relationship = Table(Relationship, "person_id", "other_id", parental_responsibility=True, kind="parent")
        self.address = Table(Address, "person_id", "line_1", "town", "postcode", "from_on")
        self.agreement = Table(
            Agreement, "family_id", "person_id", "recorded_by_id", "recorded_at", status="given", given_by="person"
        )
        self.tables = (self.family, self.person, self.membership, self.relationship, self.address, self.agreement)
        self.number = last_number("families_reference")
        self.serial = SERIAL_BASE + Person.objects.count()

    def settle(self, known_on: int) -> Household:
        """A family that became known on that day, with its people as they are today."""
        dice, made = self.dice, moment(known_on, 9)
        district = dice.choices(DISTRICTS, [SHARES[name] for name in DISTRICTS])[0]
        area, name, by = str(self.force.areas[district]), dice.choice(SURNAMES), str(self.force.access)
        self.number += 1
        family = self.family.add(name, f"FAM-{self.number:06d}", area, by, made)
        town, outward = TOWNS[district]
        postcode = f"{outward} {dice.randrange(10)}{dice.choice('ABDEFGHJ')}{dice.choice('CIKMOV')}"
        facts = (area, postcode, by, made)
        since = day(known_on)
        eldest = dice.randint(0, 17)
        parents = [
            self._join(
                family,
                name,
                female=number == 0,
                age=eldest + dice.randint(17, 38),
                role="parent",
                since=since,
                facts=facts,
            )
            for number in range(dice.choices(PARENTS, PARENTS_SHARES)[0])
        ]
        for number in range(dice.choices(CHILDREN, CHILDREN_SHARES)[0]):
            age = eldest if number == 0 else dice.randint(0, eldest)
            child = self._join(
                family, name, female=dice.random() < 0.5, age=age, role="child", since=since, facts=facts
            )
            for parent in parents:
                self.relationship.add(str(parent), str(child))
        self.address.add(str(parents[0]), f"{dice.randint(1, 180)} {dice.choice(STREETS)}", town, postcode, since)
        self.agreement.add(str(family), str(parents[0]), by, made)
        return Household(family, district, area, name, parents[0])

    def _join(
        self, family: int, name: str, *, female: bool, age: int, role: str, since: str, facts: tuple[str, ...]
    ) -> int:
        dice, adult = self.dice, role == "parent"
        self.serial += 1
        area, postcode, by, made = facts
        names = (WOMEN if adult else GIRLS) if female else (MEN if adult else BOYS)
        born = self.today - int(age * YEAR) - dice.randint(0, 364)
        person = self.person.add(
            dice.choice(names),
            name if dice.random() < 0.85 else dice.choice(SURNAMES),
            day(born),
            "female" if female else "male",
            nhs_number(self.serial) if dice.random() < WITH_NHS_NUMBER else "",
            pupil_number(self.serial) if not adult and 5 <= age <= 16 else "",
            f"07700 900 {self.serial % 1000:03d}" if adult else "",
            area,
            postcode,
            by,
            made,
        )
        self.membership.add(str(family), str(person), role, since)
        return person
