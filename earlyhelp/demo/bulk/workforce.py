"""The people who work in a grown county: agencies, teams with their managers, and practitioners by the thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import cycle
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from earlyhelp.core.calendar import add_months
from earlyhelp.demo import agreements
from earlyhelp.demo.names import MEN, SURNAMES, WOMEN
from earlyhelp.demo.staff import COUNTY, DISTRICTS
from earlyhelp.partnership.demo_accounts import DEMO_PASSWORD
from earlyhelp.partnership.enums import AgencyKind, Role
from earlyhelp.partnership.models import Agency, Area, Post, Team, User
from earlyhelp.workflow.transitions import SYSTEM

SHARES = {"Blaby": 17, "Charnwood": 28, "Hinckley and Bosworth": 20, "Melton": 15, "North West Leicestershire": 20}
PER_TEAM = 25
LEADS = 0.4  # of all who work with families, who may be offered one
KINDS = (
    [(AgencyKind.SCHOOL, "{} Primary School")] * 5
    + [(AgencyKind.SCHOOL, "{} Academy"), (AgencyKind.HEALTH, "{} Surgery"), (AgencyKind.VOLUNTARY, "{} Project")]
    + [(AgencyKind.HOUSING, "{} Homes"), (AgencyKind.COUNCIL, "{} Family Centre")]
)


@dataclass
class Workforce:
    """Who may lead in each district, and with whom they make a team. ``leads`` lists the busy more than once."""

    areas: dict[str, int]
    leads: dict[str, list[tuple[int, int]]]  # user and agency
    intensive: dict[str, list[tuple[int, int]]]
    others: dict[str, list[tuple[int, int]]]
    chairs: dict[str, int]
    access: int


def employ(count: int, *, dice: Random, now: datetime) -> Workforce:
    """``count`` people, with the posts that say where they work."""
    today = timezone.localdate(now)
    areas = {area.name: area for area in Area.objects.filter(name__in=[COUNTY, *DISTRICTS])}
    teams = _teams(max(count // PER_TEAM, len(DISTRICTS)), areas, dice, now)
    people = _people(count, teams, dice)
    _posts(people, teams, on=add_months(today, -60))
    return _workforce(people, teams, areas)


def _teams(count: int, areas: dict[str, Area], dice: Random, now: datetime) -> list[Team]:
    first = Agency.objects.count()
    named = [dice.choice(KINDS) for _ in range(count)]
    agencies = Agency.objects.bulk_create(
        [
            Agency(name=f"{pattern.format(SURNAMES[(first + n) % len(SURNAMES)])} {first + n}", kind=kind)
            for n, (kind, pattern) in enumerate(named)
        ]
    )
    agreements.sign({agency.name: agency for agency in agencies}, by=SYSTEM, now=now)
    where = dice.choices(DISTRICTS, [SHARES[name] for name in DISTRICTS], k=count)
    where[: len(DISTRICTS)] = DISTRICTS  # each has one at least
    return Team.objects.bulk_create(
        [
            Team(agency=agency, name="Family support", area=areas[name])
            for agency, name in zip(agencies, where, strict=True)
        ]
    )


def _people(count: int, teams: list[Team], dice: Random) -> list[User]:
    first, password = User.objects.count(), make_password(DEMO_PASSWORD)
    made = [
        _person(first + n, teams[n % len(teams)], password, dice, leads=n < len(teams) or dice.random() < LEADS)
        for n in range(count)
    ]
    return User.objects.bulk_create(made, batch_size=2000)


def _person(number: int, team: Team, password: str, dice: Random, *, leads: bool) -> User:
    username = f"worker{number:05d}"
    return User(
        username=username,
        first_name=dice.choice(WOMEN if dice.random() < 0.7 else MEN),
        last_name=dice.choice(SURNAMES),
        email=f"{username}@county.example",  # not among the sign-ins of the demonstration
        password=password,
        agency_id=team.agency_id,
        team=team,
        job_title="Family worker" if leads else "Practitioner",
        takes_cases=leads,
        intensive=leads and dice.random() < 0.25,
    )


def _posts(people: list[User], teams: list[Team], *, on: date) -> None:
    posts = [
        Post(user=person, role=Role.PRACTITIONER, area_id=team.area_id, from_on=on)
        for person, team in zip(people, cycle(teams), strict=False)
    ]
    posts += [
        Post(user=person, role=Role.TEAM_MANAGER, area_id=team.area_id, team=team, from_on=on)
        for person, team in zip(people, teams, strict=False)
    ]
    Post.objects.bulk_create(posts, batch_size=2000)


def _workforce(people: list[User], teams: list[Team], areas: dict[str, Area]) -> Workforce:
    names = {area.pk: name for name, area in areas.items()}
    force = Workforce(
        areas={name: area.pk for name, area in areas.items()},
        leads={name: [] for name in DISTRICTS},
        intensive={name: [] for name in DISTRICTS},
        others={name: [] for name in DISTRICTS},
        chairs=_chairs(names),
        access=User.objects.filter(posts__role=Role.EH_ACCESS).order_by("pk").values_list("pk", flat=True)[0],
    )
    for number, (person, team) in enumerate(zip(people, cycle(teams), strict=False)):
        _place(force, person, team, names[team.area_id], busy=number % 60 == 0)
    for name in DISTRICTS:
        force.intensive[name] = force.intensive[name] or force.leads[name]
    return force


def _place(force: Workforce, person: User, team: Team, district: str, *, busy: bool) -> None:
    entry = (person.pk, team.agency_id)
    force.others[district].append(entry)
    if person.takes_cases:
        force.leads[district] += [entry] * (5 if busy else 1)
        if person.intensive:
            force.intensive[district] += [entry] * (3 if busy else 1)


def _chairs(names: dict[int, str]) -> dict[str, int]:
    held = Post.objects.current().filter(role=Role.HUB_CHAIR, area__in=names).values_list("area", "user")
    return {names[area]: user for area, user in held}
