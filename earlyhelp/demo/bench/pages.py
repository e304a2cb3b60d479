"""The ten pages people live in: who opens each, what is asked for, and with which bare view it is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from earlyhelp.cases.enums import LIVE
from earlyhelp.cases.models import Case
from earlyhelp.demo.bench.bare import PREFIX
from earlyhelp.demo.bench.client import get, sign_in
from earlyhelp.families.models import Person
from earlyhelp.partnership.models import Area, User

USUAL_CASELOAD = 25
READ, DASHBOARD, SAVE = 12.0, 120.0, 60.0  # milliseconds, median, alone


@dataclass(frozen=True)
class Page:
    name: str
    requests: Callable[[], Iterator[bytes]]
    bare: str
    target: float = READ
    most_queries: int | None = 7
    expected: int = 200

    def bare_requests(self) -> Iterator[bytes]:
        return repeat(get(self.bare))


class People:
    """Suitable people of the county, signed in."""

    def __init__(self) -> None:
        self.district = Area.objects.get(name="Charnwood")
        self.practitioner = _practitioner()
        self.chair, self.access, self.manager = (User.objects.get(username=name) for name in ("graham", "asha", "nia"))
        people = (self.practitioner, self.chair, self.access, self.manager)
        self.cookies = {person.pk: sign_in(person) for person in people}

    def reads(self, person: User, path: str) -> Callable[[], Iterator[bytes]]:
        return lambda: repeat(get(path, self.cookies[person.pk]))


def _practitioner() -> User:
    """The one whose caseload is nearest to twenty-five families."""
    led = Case.objects.filter(status__in=LIVE, lead__isnull=False).values("lead").annotate(n=Count("pk"))
    nearest = min(led, key=lambda row: abs(row["n"] - USUAL_CASELOAD))
    return User.objects.get(pk=nearest["lead"])


def all_pages(people: People) -> list[Page]:
    case = Case.objects.filter(lead=people.practitioner, status="supported").latest("pk")
    sought = Person.objects.order_by("-pk").values("first_name", "last_name")[500]
    search = urlencode({"first": sought["first_name"], "last": sought["last_name"]})
    return [
        Page("Home", people.reads(people.practitioner, reverse("home")), _bare("home", user=people.practitioner.pk)),
        Page("Search", people.reads(people.access, f"{reverse('families:search')}?{search}"), _bare("search", first=sought["first_name"], last=sought["last_name"])),
        Page("Caseload", people.reads(people.chair, reverse("cases:caseload")), _bare("caseload", area=people.district.pk)),
        Page("Case", people.reads(people.practitioner, case.get_absolute_url()), _bare("case", reference=case.reference)),
        Page("Dashboard", people.reads(people.manager, reverse("insight:dashboard")), _bare("dashboard"), target=DASHBOARD),
        Page("API list", people.reads(people.chair, reverse("case-list")), _bare("api", area=people.district.pk)),
    ]


def _bare(name: str, **values: Any) -> str:
    return f"{PREFIX}{name}?{urlencode(values)}"
