"""What is missing, from everywhere it is written down: decisions, blockages, services that sent somebody back, plans (15.4).

Nobody keeps a tally. Each of these is a record made for another reason, and is counted here by need, place and quarter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Func, Q, Value
from django.db.models.functions import TruncQuarter
from django.urls import reverse
from django.utils import timezone

from assessments.access import ACTION_RULES
from assessments.enums import ActionStatus
from assessments.models import PlanAction
from earlyhelp.core.access import NOBODY
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.directory.access import ONWARD_RULES
from earlyhelp.directory.enums import OnwardStatus, ReturnReason
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.families.access import not_restricted
from earlyhelp.partnership.models import Area
from hubs.access import COUNTS_GAPS
from hubs.models import ServiceGap, TrendReport

Key = tuple[str, int, date]  # the need, the area, the first day of the quarter
NO_PLACE = (ReturnReason.FULL, ReturnReason.AREA_OR_AGE)


@dataclass(frozen=True)
class Line:
    """One time at which something was missing, as whoever may open it reads it."""

    at: datetime
    what: str
    area: str
    source: str
    note: str
    url: str


@dataclass(frozen=True)
class Source:
    """Where it is written down. ``rows`` are those counted for a person, or those they may open: unmet, placed, noticed."""

    rows: Callable[[Any, str], Any]
    line: Callable[[Any], tuple[str, str, str]]
    beside: tuple[str, ...] = ()
    area: Callable[[Any], Any] = lambda row: row.area


def _in_their_areas(user: Any, path: str) -> Q:
    areas = user.scope.areas(*COUNTS_GAPS)
    return Q(**{f"{path}__in": areas}) if areas else NOBODY


def _missing(user: Any, action: str) -> Any:
    """Named by a decision or a blockage."""
    rows = ServiceGap.objects.for_user(user, action).filter(report=None)
    return rows.annotate(unmet=F("need"), placed=F("area"), noticed=F("raised_at"))


def _returned(user: Any, action: str) -> Any:
    """Sent back because there is no place, or none for where they live. A service that meets several needs counts for each."""
    rule = ONWARD_RULES["view"](OnwardReferral._base_manager, user)
    if action == "count":
        rule |= _in_their_areas(user, "area") & not_restricted()
    rows = OnwardReferral.objects.filter(rule, status=OnwardStatus.RETURNED, returned_because__in=NO_PLACE)
    return rows.annotate(unmet=Func(F("service__needs"), function="unnest"), placed=F("area"), noticed=F("ended_at"))


def _not_done(user: Any, action: str) -> Any:
    """Planned with the family, and given up."""
    rule = ACTION_RULES["view"](PlanAction._base_manager, user)
    if action == "count":
        rule |= _in_their_areas(user, "case__area") & Q(case__restricted=False)
    rows = PlanAction.objects.filter(rule, status=ActionStatus.NOT_DONE).exclude(goal__heading="")
    return rows.annotate(unmet=F("goal__heading"), placed=F("case__area"), noticed=F("ended_at"))


def _reported(user: Any, action: str) -> Any:
    rows = TrendReport.objects.for_user(user)
    return rows.annotate(unmet=F("need"), placed=F("area"), noticed=F("raised_at"))


def _of_gap(row: Any) -> tuple[str, str, str]:
    if row.blockage is not None:
        return "A blockage", row.note, row.blockage.get_absolute_url()
    return "A decision of the hub", row.note, f"{row.decision.case.get_absolute_url()}hub/"


def _of_return(row: Any) -> tuple[str, str, str]:
    return "Sent back by a service", str(row.service), row.get_absolute_url()


def _of_action(row: Any) -> tuple[str, str, str]:
    return "Planned, and not done", "", f"{row.case.get_absolute_url()}plan/"


def _of_report(row: Any) -> tuple[str, str, str]:
    return "Reported by a collaborative", row.seen, row.get_absolute_url()


FOUND = (
    Source(_missing, _of_gap, ("area", "decision__case", "blockage")),
    Source(_returned, _of_return, ("area", "service")),
    Source(_not_done, _of_action, ("case__area",), lambda row: row.case.area),
)
REPORTED = (Source(_reported, _of_report, ("area",)),)
SOURCES = {"found": FOUND, "reported": REPORTED}


def counted(user: Any, action: str, *, since: date) -> Counter[Key]:
    """How often each need was not met, by area and quarter."""
    return _tally([source.rows(user, action) for source in FOUND], since)


def reported(user: Any, *, since: date) -> Counter[Key]:
    return _tally([source.rows(user, "view") for source in REPORTED], since)


def _tally(kinds: Iterable[Any], since: date) -> Counter[Key]:
    numbers: Counter[Key] = Counter()
    for rows in kinds:
        grouped = (
            rows.filter(noticed__gte=begins(since))
            .order_by()
            .values("unmet", "placed", quarter=TruncQuarter("noticed"))
        )
        for cell in grouped.annotate(number=Count("pk")):
            numbers[cell["unmet"], cell["placed"], timezone.localtime(cell["quarter"]).date()] += cell["number"]
    return numbers


# What a number counts, what of it may be opened one by one, and what collaboratives say: each from all its sources.
TOLD = {"counted": (FOUND, "count"), "opened": (FOUND, "view"), "reported": (REPORTED, "view")}


def told_of(user: Any, area: Area, *, since: date) -> dict[str, Counter[Key]]:
    """Of one place with all inside it, in one query."""
    found: dict[str, Counter[Key]] = {what: Counter() for what in TOLD}
    for what, unmet, quarter, number in _OF_PLACE(user, area=area.pk, since=begins(since)):
        found[what][unmet, area.pk, timezone.localtime(quarter).date()] += number
    return found


@PlannedOnce
def _OF_PLACE(user: Any, area: Any, since: Any) -> Any:
    inside = Area.objects.filter(
        lineage__contains=Func(area, function="ARRAY", template="%(function)s[%(expressions)s]")
    )
    parts = [
        _part(source.rows(user, action).filter(placed__in=inside.values("pk"), noticed__gte=since), what)
        for what, (sources, action) in TOLD.items()
        for source in sources
    ]
    return parts[0].union(*parts[1:], all=True)


def _part(rows: Any, what: str) -> Any:
    named = rows.order_by().annotate(told_as=Value(what), quarter=TruncQuarter("noticed"))
    grouped = named.values("told_as", "unmet", "quarter").annotate(number=Count("pk"))
    return grouped.values_list("told_as", "unmet", "quarter", "number")


@dataclass(frozen=True)
class Asked:
    """Which of them: of these sources, this need or any, these areas or any, from the one day until before the other."""

    sources: tuple[Source, ...]
    need: str
    areas: Collection[int] | None
    since: date
    until: date


def lines(user: Any, asked: Asked, *, most: int) -> list[Line]:
    """Each that this person may open, the newest first."""
    found = [line for source in asked.sources for line in _lines_of(source, user, asked, most)]
    return sorted(found, key=lambda line: line.at, reverse=True)[:most]


def _lines_of(source: Source, user: Any, asked: Asked, most: int) -> Iterable[Line]:
    rows = source.rows(user, "view").filter(noticed__gte=begins(asked.since), noticed__lt=begins(asked.until))
    rows = rows if asked.areas is None else rows.filter(placed__in=asked.areas)
    for row in rows.select_related(*source.beside).order_by("-noticed", "-pk")[: None if asked.need else most]:
        if asked.need in ("", row.unmet):
            label, note, url = source.line(row)
            yield Line(row.noticed, row.unmet, str(source.area(row)), label, note, url)


def begins(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def quarter_of(day: date) -> date:
    return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)


def next_quarter(first: date) -> date:
    return date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)


def quarters(today: date, number: int) -> list[date]:
    """The first days of the last ``number`` quarters, the present one last."""
    found = [quarter_of(today)]
    while len(found) < number:
        month = found[0].month - 3
        found.insert(0, date(found[0].year - (month < 1), month if month > 0 else 10, 1))
    return found


def named(quarter: date) -> str:
    last = quarter.month + 2
    return f"{quarter:%b} to {date(quarter.year, last, 1):%b %Y}"


def page_of_lines() -> str:
    return reverse("insight:gaps")
