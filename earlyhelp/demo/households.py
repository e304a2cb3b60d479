"""A family of a story, written down as EH Access or a practitioner would: people, home, who is whose parent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from earlyhelp.demo.clock import born
from earlyhelp.demo.county import County
from earlyhelp.demo.names import home
from earlyhelp.demo.numbers import nhs_number, pupil_number
from earlyhelp.families import services
from earlyhelp.families.enums import FamilyRole, RelationshipKind, Sex
from earlyhelp.families.models import Family, Person
from earlyhelp.partnership.models import Area, User

FIRST_SERIAL = 1000  # of those numbers that no story names


@dataclass(frozen=True)
class Member:
    """Somebody of a family, as a story tells of them."""

    first: str
    age: int
    role: str = FamilyRole.CHILD
    sex: str = Sex.UNKNOWN
    last: str = ""
    nhs: str = ""
    upn: str = ""
    at_home: bool = True
    note: str = ""


@dataclass(frozen=True)
class Household:
    name: str
    area: str
    members: tuple[Member, ...]
    town: str = ""


def settle(county: County, household: Household, *, by: User, now: datetime) -> Family:
    family = services.create_family(name=household.name, area=county.areas[household.area], by=by, now=now)
    address = home(county.dice, district_of(county.areas[household.area]).name)
    address |= {"town": household.town} if household.town else {}
    people = [_person(county, family, member, address, by=by, now=now) for member in household.members]
    _relate(household.members, people, by=by, now=now)
    return family


def district_of(area: Area) -> Area:
    return area.parent if area.kind == "locality" and area.parent else area


def _person(
    county: County, family: Family, member: Member, address: dict[str, str], *, by: User, now: datetime
) -> Person:
    serial = county.next_serial()
    at_school = member.role == FamilyRole.CHILD and 5 <= member.age <= 16
    person = services.create_person(
        by=by,
        now=now,
        home=address if member.at_home else None,
        first_name=member.first,
        last_name=member.last or family.name,
        born_on=born(member.age, now=county.now, days=county.dice.randint(20, 340)),
        sex=member.sex,
        nhs_number=member.nhs or _free_nhs_number(county),
        upn=member.upn or (pupil_number(serial) if at_school else ""),
        phone=f"07700 900 {serial % 1000:03d}" if member.role == FamilyRole.PARENT else "",
        communication=member.note,
        area=family.area,
    )
    services.add_member(family, person, role=member.role, by=by, now=now, lives_in_household=member.at_home)
    return person


def _free_nhs_number(county: County) -> str:
    while not (number := nhs_number(FIRST_SERIAL + county.next_serial())):
        pass
    return number


def _relate(members: tuple[Member, ...], people: list[Person], *, by: User, now: datetime) -> None:
    everybody = list(zip(members, people, strict=True))
    children = [person for member, person in everybody if member.role == FamilyRole.CHILD]
    parents = [person for member, person in everybody if member.role == FamilyRole.PARENT]
    for parent in parents:
        for child in children:
            services.relate(parent, child, kind=RelationshipKind.PARENT, by=by, now=now, parental_responsibility=True)
    if len(parents) == 2:
        services.relate(parents[0], parents[1], kind=RelationshipKind.PARTNER, by=by, now=now)
