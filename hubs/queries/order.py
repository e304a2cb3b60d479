"""In which order families are heard, and why: a suggestion, never a decision (domain.md 9.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from hubs.enums import RUNNING_ORDER
from hubs.models import AgendaItem


@dataclass(frozen=True)
class Line:
    """One line of an agenda, with the reasons for its place (domain.md 9.5): a suggestion, never a decision."""

    item: AgendaItem
    reasons: list[str] = field(default_factory=list)
    ages: str = ""
    days: int = 0
    late: bool = False


def in_order(items: Iterable[AgendaItem], *, now: datetime) -> list[Line]:
    """Items, read ``with_births``, in the chair's order where one was given, else as suggested."""
    return sorted((_line(item, now) for item in items), key=_heard_first)


def _line(item: Any, now: datetime) -> Line:
    ages = [_years(born_on, timezone.localdate(now)) for born_on in item.births]
    due_at = getattr(item, "due_at", None)
    late = bool(due_at and due_at < now)
    days = days_waited(item, now)
    return Line(item, _reasons(item, ages, days, late), ", ".join(_age(age) for age in ages), days, late)


def days_waited(item: AgendaItem, now: datetime) -> int:
    """As people count them: from day to day, whatever the hour."""
    return (timezone.localdate(now) - timezone.localdate(item.since_at)).days


def _years(born_on: date, today: date) -> int:
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def _age(years: int) -> str:
    return "under 1" if years < 1 else str(years)


def _reasons(item: AgendaItem, ages: list[int], days: int, late: bool) -> list[str]:
    reasons = ["urgent"] if item.urgent else []
    if item.case.level_of_need >= 3:
        reasons.append(f"level of need {item.case.level_of_need}")
    if any(age < 2 for age in ages):
        reasons.append("a child under 2")
    if late:
        reasons.append(f"{days} days waiting, past the standard")
    if item.deferrals:
        reasons.append(
            "deferred twice"
            if item.deferrals == 2
            else f"deferred {item.deferrals} times"
            if item.deferrals > 2
            else "deferred before"
        )
    return reasons


def _heard_first(line: Line) -> tuple[Any, ...]:
    item = line.item
    youngest_first = "a child under 2" not in line.reasons
    suggested = (
        not item.urgent,
        -item.case.level_of_need,
        youngest_first,
        not line.late,
        -item.deferrals,
        item.since_at,
        item.pk,
    )
    return (item.position is None, item.position or 0, RUNNING_ORDER.index(item.kind), *suggested)
