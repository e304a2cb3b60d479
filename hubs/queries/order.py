"""In which order families are heard, and why: a suggestion, never a decision (domain.md 9.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from earlyhelp.cases.briefing import SOONER
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
    suggested: int = 0

    @property
    def is_moved(self) -> bool:
        """Somebody put it elsewhere than was suggested."""
        return self.item.position is not None and self.item.position != self.suggested


def in_order(items: Iterable[AgendaItem], *, now: datetime) -> list[Line]:
    """Items, read ``with_births``, in the chair's order where one was given, else as suggested: and where that would be."""
    today = timezone.localdate(now)
    suggested = sorted((_line(item, now, today) for item in items), key=_suggested)
    numbered = [replace(line, suggested=number) for number, line in enumerate(suggested, start=1)]
    return sorted(numbered, key=lambda line: (line.item.position is None, line.item.position or 0))


def _line(item: Any, now: datetime, today: date) -> Line:
    ages = [_years(born_on, today) for born_on in item.births]
    due_at = getattr(item, "due_at", None)
    late = bool(due_at and due_at < now)
    days = _days_until(today, item)
    return Line(item, _reasons(item, ages, days, late), ", ".join(_age(age) for age in ages), days, late)


def days_waited(item: AgendaItem, now: datetime) -> int:
    """As people count them: from day to day, whatever the hour."""
    return _days_until(timezone.localdate(now), item)


def _days_until(today: date, item: AgendaItem) -> int:
    return (today - timezone.localdate(item.since_at)).days


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
    return [*reasons, *_known_elsewhere(item)]


def _known_elsewhere(item: AgendaItem) -> list[str]:
    """What other rooms know, of an item read ``with_grounds``: that social care waits to close, say."""
    return [words for n, (words, _) in enumerate(SOONER) if getattr(item, f"sooner_{n}", False)]


def _suggested(line: Line) -> tuple[Any, ...]:
    """In the running order of the meeting; within it as domain.md 9.5 says, the longest wait first of those that are alike."""
    item, known = line.item, _known_elsewhere(line.item)
    youngest_first = "a child under 2" not in line.reasons
    return (
        RUNNING_ORDER.index(item.kind),
        not item.urgent,
        -item.case.level_of_need,
        youngest_first,
        not line.late,
        -item.deferrals,
        *(words not in known for words, _ in SOONER),
        item.since_at,
        item.pk,
    )
