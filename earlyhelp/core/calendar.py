"""Working days, as England and Wales count them, and the local hour at which a day's promises fall due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
OPENS, CLOSES = time(9), time(17)
_BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")


class Unit(StrEnum):
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _BANK_HOLIDAYS


@lru_cache(maxsize=20_000)
def add_working_days(day: date, days: int) -> date:
    """The working day ``days`` after ``day`` (before it, if negative). Nought gives the first working day not before it."""
    step = timedelta(days=-1 if days < 0 else 1)
    if days == 0:
        while not is_working_day(day):
            day += step
    for _ in range(abs(days)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def add_months(day: date, months: int) -> date:
    """The same day number ``months`` later, clamped to the end of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    end = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, end))


def closing(day: date) -> datetime:
    """The moment at which that day's business ends, local time."""
    return datetime.combine(day, CLOSES, LONDON)


def due(start: datetime, amount: int, unit: Unit | str) -> datetime:
    """When something started at ``start`` falls due. Everything but hours falls due at the close of a working day."""
    local = start.astimezone(LONDON)
    match Unit(unit):
        case Unit.WORKING_HOURS:
            return _add_working_hours(local, amount)
        case Unit.WORKING_DAYS:
            day = add_working_days(local.date(), amount)
        case Unit.DAYS:
            day = local.date() + timedelta(days=amount)
        case Unit.WEEKS:
            day = local.date() + timedelta(weeks=amount)
        case Unit.MONTHS:
            day = add_months(local.date(), amount)
    return closing(add_working_days(day, 0))


def _add_working_hours(local: datetime, hours: int) -> datetime:
    left = timedelta(hours=hours)
    day = add_working_days(local.date(), 0)
    begins = max(local, _opening(day)) if day == local.date() else _opening(day)
    while begins + left > closing(day):
        left -= max(closing(day) - begins, timedelta())
        day = add_working_days(day, 1)
        begins = _opening(day)
    return begins + left


def _opening(day: date) -> datetime:
    return datetime.combine(day, OPENS, LONDON)
