"""Trends and gaps by need, place and quarter, ready to print; a small number only for those who may open what it counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from earlyhelp.core.counts import Counted
from earlyhelp.insight import gaps
from earlyhelp.partnership.enums import AreaKind
from earlyhelp.partnership.models import Area
from hubs.enums import GAP_NEEDS
from hubs.models import HubAction

QUARTERS = 4
RISING_FROM = 3
LINES = 500  # of one list
LABELS: dict[str, str] = dict(GAP_NEEDS)


@dataclass(frozen=True)
class Number(Counted):
    """How often, and where to open those of them that the reader may: an address is made for what is shown."""

    need: str
    place: int
    narrowed: tuple[tuple[str, str], ...]

    @property
    def url(self) -> str:
        return f"{gaps.page_of_lines()}?{urlencode({'need': self.need, 'area': self.place, **dict(self.narrowed)})}"


@dataclass(frozen=True)
class Trend:
    """One need in one place, over the last quarters."""

    need: str
    place: int
    area: str
    numbers: tuple[Number, ...]
    reports: Number
    taken_up: tuple[HubAction, ...] = ()  # what a hub of the place undertook about it, the latest first

    @property
    def label(self) -> str:
        return LABELS.get(self.need, self.need)

    @property
    def says(self) -> str:
        """Whether it is new or rises, where that gives no hidden number away."""
        before, now = self.numbers[-2:]
        if now.counted and not any(each.counted for each in self.numbers[:-1]):
            return "New"
        hidden = before.is_hidden or now.is_hidden
        return "Rising" if not hidden and now.counted >= RISING_FROM and now.counted > before.counted else ""


def trends(user: Any, *, today: date, area: Area | None = None, need: str = "") -> list[Trend]:
    """Every need in every district in which it was not met, or of which a collaborative speaks; what rises stands first."""
    shown = gaps.quarters(today, QUARTERS)
    areas = {each.pk: each for each in Area.objects.all()}
    counted = _by_district(gaps.counted(user, "count", since=shown[0]), areas)
    opened = _by_district(gaps.counted(user, "view", since=shown[0]), areas)
    reports = _by_district(gaps.reported(user, since=shown[0]), areas)
    keys = {(what, place) for what, place, _ in (*counted, *reports)}
    keys = {each for each in keys if (area is None or area.pk in areas[each[1]].lineage) and need in ("", each[0])}
    found = [_trend(each, areas, shown, counted, opened, reports) for each in keys]
    taken_up = _taken_up(user, since=shown[0])
    return sorted((replace(each, taken_up=tuple(taken_up[each.need, each.place])) for each in found), key=_pressing)


def _taken_up(user: Any, *, since: date) -> dict[tuple[str, int], list[HubAction]]:
    """By need and by the district of the hub: who has it, or what was done."""
    undertaken = HubAction.objects.for_user(user, "gap").for_gaps().filter(made_at__date__gte=since)
    found: dict[tuple[str, int], list[HubAction]] = defaultdict(list)
    for action in undertaken.select_related("hub", "owner", "agency").order_by("-made_at")[:LINES]:
        found[action.need, action.hub.area_id].append(action)
    return found


def trends_of(user: Any, area: Area, *, today: date) -> list[Trend]:
    """The same of one place, all its districts together, in one query: for a meeting that speaks of it."""
    shown = gaps.quarters(today, QUARTERS)
    told = gaps.told_of(user, area, since=shown[0])
    keys = {(what, place) for numbers in (told["counted"], told["reported"]) for what, place, _ in numbers}
    found = [_trend(key, {area.pk: area}, shown, told["counted"], told["opened"], told["reported"]) for key in keys]
    return sorted(found, key=_pressing)


def _pressing(trend: Trend) -> tuple[Any, ...]:
    return (not trend.says, *(-number.counted for number in reversed(trend.numbers)), trend.label, trend.area)


def _by_district(numbers: Counter[gaps.Key], areas: Mapping[int, Area]) -> Counter[gaps.Key]:
    rolled: Counter[gaps.Key] = Counter()
    for (what, place, quarter), number in numbers.items():
        districts = [pk for pk in areas[place].lineage if areas[pk].kind == AreaKind.DISTRICT]
        rolled[what, districts[0] if districts else place, quarter] += number
    return rolled


def _trend(
    key: tuple[str, int],
    areas: Mapping[int, Area],
    shown: list[date],
    counted: Counter[gaps.Key],
    opened: Counter[gaps.Key],
    reports: Counter[gaps.Key],
) -> Trend:
    numbers = tuple(
        Number(counted[(*key, each)], opened[(*key, each)], *key, (("of", "found"), ("quarter", each.isoformat())))
        for each in shown
    )
    told = sum(reports[(*key, each)] for each in shown)
    return Trend(*key, str(areas[key[1]]), numbers, Number(told, told, *key, (("of", "reported"),)))


def chart(found: list[Trend]) -> list[tuple[str, int, str]]:
    """This quarter's numbers that are shown, the greatest first: a hidden one is not drawn either."""
    rows = [(f"{each.label}, {each.area}", each.numbers[-1]) for each in found]
    drawn = [(name, number.counted, number.url) for name, number in rows if number.counted and not number.is_hidden]
    return sorted(drawn, key=lambda row: -row[1])[:12]
