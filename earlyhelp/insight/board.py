"""The report to a board, of one quarter against the one before: what happened, whether promises were kept, what came of it and
what is missing (domain.md R32, 15, story 7). It names nobody, and no number in it could point at a family.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from earlyhelp.cases.enums import EndReason, FollowUpResult, Tier
from earlyhelp.core import dates
from earlyhelp.core.documents import Paper, Section
from earlyhelp.insight import activity, gaps
from earlyhelp.insight.activity import Both, Quarter
from earlyhelp.insight.queries import referrals_here
from earlyhelp.insight.small import is_small, parts, share, shown
from earlyhelp.insight.trends import Trend, trends
from earlyhelp.partnership.enums import AreaKind
from earlyhelp.partnership.models import Area
from hubs.enums import DECIDED_AS
from referrals.enums import DECIDED, Status

MARKING = "Numbers only: it names nobody, and shows no number from one to four."
COLUMNS = ("Part", "What", "This quarter", "The quarter before", "Remark")
CHOICES = 5  # quarters to choose from, the present one among them


@dataclass(frozen=True)
class Line:
    what: str
    now: str
    before: str
    remark: str = ""


@dataclass(frozen=True)
class Part:
    """A heading, and under it what is counted; else what is said where nothing is."""

    heading: str
    lines: Sequence[Line]
    nothing: str = "Nothing in either quarter."


@dataclass(frozen=True)
class Report:
    quarter: Quarter
    place: str
    parts: Sequence[Part]

    @property
    def head(self) -> tuple[str, ...]:
        return "What", str(self.quarter), str(self.quarter.before), "Remark"


def quarters(today: date) -> list[Quarter]:
    """Those that may be asked for, the newest first."""
    return [Quarter(first) for first in reversed(gaps.quarters(today, CHOICES))]


def report(user: Any, quarter: Quarter, *, now: datetime, area: Area | None = None) -> Report:
    """Of all that this person counts, or of one place: in as many queries, however much that is."""
    areas = {each.pk: each for each in Area.objects.all()}
    within = {pk for pk, each in areas.items() if area.pk in each.lineage} if area else None
    cases, referrals = activity.scoped(user, within), referrals_here(user)
    referrals = referrals if within is None else referrals.filter(area__in=within)
    found = trends(user, today=quarter.last, area=area)
    said = [
        _referred(referrals, quarter),
        Part("What the hub decided", _listed(DECIDED_AS, activity.decisions(cases, quarter), "All decisions")),
        _cases(cases, quarter, areas),
        Part("In time", list(_in_time(activity.timeliness(cases, referrals, quarter, now=now)))),
        _ended(cases, quarter),
        Part("What is missing", list(_missing(found)), "No need was found unmet in either quarter."),
    ]
    return Report(quarter, str(area) if area else "Every area", said)


# --- its parts ----------------------------------------------------------------------------------------------------------


def _referred(referrals: Any, quarter: Quarter) -> Part:
    received = activity.how_many(referrals, quarter.moments("submitted_at"), quarter.before.moments("submitted_at"))
    decided = activity.by(referrals, "status", quarter.moments("decided_at"), quarter.before.moments("decided_at"))
    labels = {status: Status(status).label for status in DECIDED}
    lines = [_line("Referrals received", received), *_listed(labels, decided, "Referrals decided by EH Access")]
    return Part("Referrals", lines)


def _cases(cases: Any, quarter: Quarter, areas: Mapping[int, Area]) -> Part:
    opened = activity.how_many(cases, quarter.days("opened_on"), quarter.before.days("opened_on"))
    steps = activity.steps(cases, quarter)
    now, before = (activity.open_at_the_end(cases, each) for each in (quarter, quarter.before))
    lines = [
        _line("Families taken on", opened),
        _line("Stepped up", steps["up"]),
        _line("Stepped down", steps["down"]),
        *_listed(
            {tier.value: f"At tier {tier.label}" for tier in Tier},
            _paired(_by_tier(now), _by_tier(before)),
            "Open when the quarter was over",
            "Until today, where the quarter is not over yet.",
        ),
        *_places(_paired(_by_district(now, areas), _by_district(before, areas)), areas),
    ]
    return Part("Cases", lines)


def _by_tier(numbers: Mapping[tuple[int, int], int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for (_, tier), number in numbers.items():
        found[tier] += number
    return found


def _by_district(numbers: Mapping[tuple[int, int], int], areas: Mapping[int, Area]) -> Counter[int]:
    found: Counter[int] = Counter()
    for (area, _), number in numbers.items():
        districts = [pk for pk in areas[area].lineage if areas[pk].kind == AreaKind.DISTRICT]
        found[districts[0] if districts else 0] += number
    return found


def _places(numbers: Mapping[int, Both], areas: Mapping[int, Area]) -> list[Line]:
    """Of each district beside the others: of one alone the whole has been said."""
    labels = {pk: f"Open in {areas[pk].name}" if pk else "Open in no district" for pk in numbers}
    named = dict(sorted(labels.items(), key=lambda each: each[1]))
    return _listed(named, numbers, "")[1:] if len(numbers) > 1 else []


def _in_time(promised: Mapping[str, activity.Promised]) -> Iterator[Line]:
    for label, each in promised.items():
        yield Line(label, share(each.kept.now, each.due.now), share(each.kept.before, each.due.before))


def _ended(cases: Any, quarter: Quarter) -> Part:
    ends = activity.by(cases, "end_reason", quarter.days("closed_on"), quarter.before.days("closed_on"))
    lines = _listed(dict(EndReason.choices), ends, "Cases ended")
    read = activity.progress(cases, quarter)
    if read.read != Both():
        what, remark = "Of those with two readings: better under a need", "And nowhere much worse."
        moved = share(read.moved.now, read.read.now), share(read.moved.before, read.read.before)
        lines.append(Line(what, *moved, remark))
    answers = activity.follow_ups(cases, quarter)
    labels = {**dict(FollowUpResult.choices), "": "Not asked yet"}
    return Part("What came of it", [*lines, *_listed(labels, answers, "Follow-ups that fell due")])


def _missing(found: Iterable[Trend]) -> Iterator[Line]:
    """What the page of trends says of these two quarters."""
    for each in found:
        before, now = (number.counted for number in each.numbers[-2:])
        if now or before or each.reports.counted:
            yield Line(f"{each.label}, {each.area}", shown(now), shown(before), _remark(each, now, before))


def _remark(trend: Trend, now: int, before: int) -> str:
    """Whether it is new or rises, where that gives no hidden number away; who else speaks of it; what is undertaken about it."""
    hidden = is_small(now) or is_small(before)
    says = trend.says if trend.says == "New" or not hidden else ""
    heard = f"Reports of collaboratives in a year: {trend.reports}" if trend.reports.counted else ""
    done = f"Actions of the hub about it: {len(trend.taken_up)}" if trend.taken_up else ""
    return ". ".join(filter(None, [says, heard, done]))


# --- lines --------------------------------------------------------------------------------------------------------------


def _line(what: str, number: Both, remark: str = "") -> Line:
    return Line(what, shown(number.now), shown(number.before), remark)


def _paired(now: Mapping[Any, int], before: Mapping[Any, int]) -> dict[Any, Both]:
    return {key: Both(now.get(key, 0), before.get(key, 0)) for key in {*now, *before}}


def _listed(labels: Mapping[Any, str], numbers: Mapping[Any, Both], whole: str, remark: str = "") -> list[Line]:
    """The whole, and each part of which there was any, in the order of their labels; nothing where there was none."""
    found = [(label, numbers[key]) for key, label in labels.items() if numbers.get(key, Both()) != Both()]
    if not found:
        return []
    now, all_now = parts([each.now for _, each in found])
    before, all_before = parts([each.before for _, each in found])
    split = [Line(label, *said) for (label, _), said in zip(found, zip(now, before, strict=True), strict=True)]
    return [Line(whole, all_now, all_before, remark), *split]


# --- on paper -----------------------------------------------------------------------------------------------------------


def paper(made: Report, *, by: Any, now: datetime) -> Paper:
    return Paper(
        title="Report to the board",
        reference=f"{made.place}, {made.quarter}",
        marking=MARKING,
        made=f"Counted for {by}, {dates.moment(now)}",
        sections=[
            Section(
                each.heading,
                head=made.head,
                rows=[(line.what, line.now, line.before, line.remark) for line in each.lines],
                nothing=each.nothing,
            )
            for each in made.parts
        ],
    )


def rows(made: Report) -> Iterator[tuple[str, ...]]:
    """As ``COLUMNS`` names them."""
    for part in made.parts:
        for line in part.lines:
            yield part.heading, line.what, line.now, line.before, line.remark
