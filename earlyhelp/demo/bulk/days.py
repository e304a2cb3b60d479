"""Days and moments as texts, each made once: a county has millions of them and a few thousand different ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from earlyhelp.core.calendar import Unit, add_working_days, closing, due
from earlyhelp.deadlines.services import ladder
from earlyhelp.demo.bulk.copying import NULL

HOUR = 10  # at which everything of a grown county happens


@cache
def day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@cache
def moment(ordinal: int, hour: int = HOUR) -> str:
    return f"{date.fromordinal(ordinal).isoformat()} {hour:02d}:00:00+00"


@cache
def at(ordinal: int) -> datetime:
    return datetime.combine(date.fromordinal(ordinal), datetime.min.time(), UTC) + timedelta(hours=HOUR)


@cache
def working(ordinal: int, days: int) -> int:
    """The working day so many after that one."""
    return add_working_days(date.fromordinal(ordinal), days).toordinal()


@cache
def due_on(started: int, amount: int, unit: str) -> int:
    return due(at(started), amount, Unit(unit)).date().toordinal()


@cache
def due_at(ordinal: int) -> str:
    return closing(date.fromordinal(ordinal)).isoformat()


@cache
def _rungs(started: int, due_ordinal: int, amber: int) -> list[datetime]:
    return ladder(at(started), closing(date.fromordinal(due_ordinal)), amber)


@cache
def rungs(started: int, due_ordinal: int, amber: int) -> str:
    return "{" + ",".join(f'"{each.isoformat()}"' for each in _rungs(started, due_ordinal, amber)) + "}"


@cache
def rings_at(started: int, due_ordinal: int, amber: int, now: datetime) -> str:
    """The next rung that has not rung; nothing once all have."""
    return next((each.isoformat() for each in _rungs(started, due_ordinal, amber) if each > now), NULL)
