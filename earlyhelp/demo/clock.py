"""Moments of an invented past, counted in working days from now, so that its deadlines are true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from earlyhelp.core.calendar import LONDON, add_working_days


@dataclass(frozen=True)
class Since:
    """Moments counted from the day on which something began."""

    day: date

    def at(self, working_days: int = 0, *, weeks: int = 0, hour: int = 10, minute: int = 0) -> datetime:
        day = add_working_days(self.day + timedelta(weeks=weeks), working_days)
        return datetime.combine(day, time(hour, minute), LONDON)


def since(now: datetime, *, working_days: int = 0, weeks: int = 0) -> Since:
    """The beginning of something that began so long before ``now``, on a working day."""
    today = timezone.localdate(now)
    return Since(add_working_days(today - timedelta(weeks=weeks), -working_days))


def born(age: int, *, now: datetime, days: int) -> date:
    """A date of birth at which a person is ``age`` now, ``days`` (0 to 364) after their last birthday."""
    last_birthday = timezone.localdate(now) - timedelta(days=days % 365)
    try:
        return last_birthday.replace(year=last_birthday.year - age)
    except ValueError:  # 29 February
        return last_birthday.replace(year=last_birthday.year - age, day=28)
