"""The dashboard's numbers, each with the address of the rows that it counts (screens.md 1.4 C)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse

from earlyhelp.cases import workload
from earlyhelp.cases.enums import LIVE, OPEN, Status, Tier
from earlyhelp.insight.queries import Cell, Load, Waiting
from earlyhelp.partnership.enums import AreaKind
from earlyhelp.partnership.models import Area, User

SIZE = 25
TIERS = (Tier.TARGETED, Tier.ENHANCED)


@dataclass(frozen=True)
class Figure:
    """A number and where its rows are. None at all leads nowhere: an empty list is nothing to read."""

    value: int
    url: str

    def __str__(self) -> str:
        return f"{self.value:,}"


class Figures:
    """Sums over the cells of one place."""

    def __init__(self, cells: Iterable[Cell], *, area: Area | None, within: set[int] | None) -> None:
        self.cells = [cell for cell in cells if within is None or cell.area in within]
        self.area = area

    def count(self, measure: str = "number", *, statuses: Iterable[str] = LIVE, tier: int | None = None) -> int:
        return sum(
            getattr(cell, measure)
            for cell in self.cells
            if cell.status in statuses and (tier is None or cell.tier == tier)
        )

    def link(self, **filters: Any) -> str:
        return caseload(area=self.area.pk if self.area else None, **filters)

    def waiting(self, referrals: Waiting, queue: str) -> list[dict[str, Any]]:
        """What waits, and how much is open. ``queue`` is where the referrals are listed."""
        late = f"{referrals.overdue:,} overdue" if referrals.overdue else ""
        hub = [Status.AWAITING_DECISION]
        return [
            _card("Waiting for triage", referrals.number, queue, note=late, alarming=bool(late)),
            _card("Waiting for a hub meeting", self.count(statuses=hub), self.link(status=hub[0])),
            _card("Open cases", self.count(statuses=OPEN), self.link(status="open")),
        ]

    def pressing(self, loads: list[Load], fullest: str) -> list[dict[str, Any]]:
        """What is late or too much. People are no cases: their number leads to ``fullest``, where they stand first."""
        overdue, over = self.count("overdue"), sum(load.is_over for load in loads)
        return [
            _card("Reviews overdue", overdue, self.link(reviews="overdue"), alarming=overdue > 0),
            _card("Reviews due in 14 days", self.count("due"), self.link(reviews="due")),
            _card("People over their limit", over, f"?{fullest}#people", alarming=over > 0),
        ]

    def by_tier_and_status(self) -> list[tuple[str, list[Figure]]]:
        """A row for each status and one for all; a column for each tier and one for both."""
        rows = [(Status(status).label, self._row([status], status)) for status in OPEN]
        return [*rows, ("All open cases", self._row(OPEN, "open"))]

    def _row(self, statuses: Iterable[str], name: str) -> list[Figure]:
        tiers = [
            Figure(self.count(statuses=statuses, tier=tier), self.link(status=name, tier=tier.value)) for tier in TIERS
        ]
        return [*tiers, Figure(self.count(statuses=statuses), self.link(status=name))]


def by_area(cells: list[Cell], areas: dict[int, Area]) -> list[tuple[str, int, str]]:
    """(name, open cases, address) for each district, those of its localities among them; the most first."""
    numbers: Counter[int] = Counter()
    for cell in cells:
        districts = [pk for pk in areas[cell.area].lineage if areas[pk].kind == AreaKind.DISTRICT]
        numbers[districts[0] if districts else 0] += cell.number if cell.status in OPEN else 0
    elsewhere = numbers.pop(0, 0)
    rows = [(areas[pk].name, number, caseload(status="open", area=pk)) for pk, number in numbers.items() if number]
    rows.sort(key=lambda row: (-row[1], row[0]))
    return [*rows, ("In no district", elsewhere, "")] if elsewhere else rows


@dataclass(frozen=True)
class Person:
    """One row of the table of lead professionals, ready to print."""

    name: str
    agency: str
    percent: int
    bar: int
    is_over: bool
    figures: tuple[Figure, ...]


ORDER: dict[str, Callable[[Load], tuple[float, ...]]] = {
    "workload": lambda load: (-workload.share(load.weight, load.capacity), load.lead),
    "overdue": lambda load: (-load.overdue, -load.weight, load.lead),
}


def people(loads: list[Load], *, order: str, page: int, area: Area | None) -> Page:
    """The page asked for of those who lead, the fullest or the latest first; names are read for that page only."""
    shown: Page = Paginator(sorted(loads, key=ORDER[order]), SIZE).get_page(page)
    named = User.objects.select_related("agency").in_bulk([load.lead for load in shown.object_list])
    shown.object_list = [_person(load, named[load.lead], area) for load in shown.object_list]
    return shown


def _person(load: Load, user: User, area: Area | None) -> Person:
    where = {"lead": user.pk, "area": area.pk if area else None}
    figures = (
        Figure(load.targeted, caseload(tier=Tier.TARGETED.value, **where)),
        Figure(load.enhanced, caseload(tier=Tier.ENHANCED.value, **where)),
        Figure(load.due, caseload(reviews="due", **where)),
        Figure(load.overdue, caseload(reviews="overdue", **where)),
    )
    return Person(str(user), str(user.agency or ""), load.percent, min(load.percent, 100), load.is_over, figures)


def caseload(**filters: Any) -> str:
    return f"{reverse('cases:caseload')}?{urlencode({name: value for name, value in filters.items() if value})}"


def _card(label: str, value: int, url: str, *, note: str = "", alarming: bool = False) -> dict[str, Any]:
    return {"label": label, "value": f"{value:,}", "url": url, "note": note, "colour": "red" if alarming else ""}
