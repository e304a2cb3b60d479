"""Days and moments as people write and read them, in the authority's own time zone."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE | re.ASCII)
EARLIEST, LATEST = 1900, 2200


class Unreadable(ValueError):
    """What is wrong with a day or a time, worded to follow its name: "must be a real date"."""


# --- Reading ---------------------------------------------------------------------------------------------------------


def read_day(value: Mapping[str, Any] | str) -> date:
    """A day from three boxes or an ISO string; raises ``Unreadable``."""
    day = _from_parts(value) if isinstance(value, Mapping) else _from_text(value)
    if not EARLIEST <= day.year <= LATEST:
        raise Unreadable(f"must be between {EARLIEST} and {LATEST}")
    return day


def read_moment(value: Mapping[str, Any] | str) -> datetime:
    """A moment from four boxes or an ISO string, in the current time zone; raises ``Unreadable``."""
    if not isinstance(value, Mapping):
        return _moment_from_text(value)
    if not value.get("time"):
        raise Unreadable("must include a time")
    return _aware(datetime.combine(read_day(value), read_time(str(value["time"]))))


def read_time(text: str) -> time:
    """2pm, 2.07 pm, 14:07, midday; raises ``Unreadable``."""
    text = {"midday": "12pm", "noon": "12pm", "midnight": "12am"}.get(text.strip().lower(), text.strip())
    match = TIME.fullmatch(text)
    if match is None or (not match[2] and not match[3]):
        raise Unreadable("must include a time, like 2:30pm")
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        hour = _of_half(hour, half)
    try:
        return time(hour, minute)
    except ValueError as fault:
        raise Unreadable("must include a real time") from fault


def _of_half(hour: int, half: str) -> int:
    if not 1 <= hour <= 12:
        raise Unreadable("must include a real time")
    return hour % 12 + (12 if half == "pm" else 0)


def _from_parts(value: Mapping[str, Any]) -> date:
    missing = [part for part in ("day", "month", "year") if not str(value.get(part) or "").strip()]
    if missing:
        raise Unreadable("must include a " + " and ".join(missing))
    year = _number(value["year"])
    if len(str(value["year"]).strip()) != 4:
        raise Unreadable("must have a year of 4 numbers")
    return _real(year, _month(value["month"]), _number(value["day"]))


def _from_text(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip(), re.ASCII):
        raise Unreadable("must be a real date")
    return _real(*(int(part) for part in value.strip().split("-")))


def _moment_from_text(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value.strip())
    except (AttributeError, ValueError) as fault:
        raise Unreadable("must be a real date and time") from fault
    if not EARLIEST <= moment.year <= LATEST:
        raise Unreadable(f"must be between {EARLIEST} and {LATEST}")
    return moment if timezone.is_aware(moment) else _aware(moment)


def _month(value: Any) -> int:
    """A number, or a month's name as people shorten it."""
    name = str(value).strip().lower()[:3]
    return MONTHS.index(name) + 1 if name in MONTHS else _number(value)


def _number(value: Any) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Unreadable("must be a real date")
    return int(text)


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as fault:
        raise Unreadable("must be a real date") from fault


def _aware(moment: datetime) -> datetime:
    """The hour that the clocks skip in March does not exist; the one they repeat in October is taken the first time."""
    zone = timezone.get_current_timezone()
    aware = moment.replace(tzinfo=zone)
    if aware.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) != moment:
        raise Unreadable("must be a time that exists: the clocks go forward that night")
    return aware


# --- Writing ---------------------------------------------------------------------------------------------------------


def local(value: date | datetime) -> date | datetime:
    """As the clocks of the authority have it: no person has a zone of their own, and to look for one takes longer than this."""
    zone = timezone.get_default_timezone()
    return timezone.localtime(value, zone) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date | datetime) -> str:
    """12 March 2026"""
    value = local(value)
    return f"{value.day} {value:%B %Y}"


def clock(value: datetime) -> str:
    """2:07pm, 2pm, midday"""
    if (value.hour, value.minute) == (12, 0):
        return "midday"
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'am' if value.hour < 12 else 'pm'}"


def moment(value: date | datetime) -> str:
    """12 March 2026 at 2:07pm; a day alone, or an exact midnight, has no time to show."""
    value = local(value)
    if not isinstance(value, datetime) or value.time() == time(0):
        return day(value)
    return f"{day(value)} at {clock(value)}"


def distance(value: date | datetime, now: datetime, *, past: str = "overdue") -> tuple[str, bool]:
    """How far off a deadline is, in words, and whether it has passed. A deadline at midnight is the whole day's."""
    value, today = local(value), timezone.localtime(now, timezone.get_default_timezone()).date()
    days = ((value.date() if isinstance(value, datetime) else value) - today).days
    if days < 0:
        return f"{_days(-days)} {past}", True
    if days > 0:
        return ("tomorrow" if days == 1 else f"in {_days(days)}"), False
    if not isinstance(value, datetime) or value.time() == time(0):
        return "today", False
    passed = value < now
    return (f"overdue since {clock(value)}" if passed and past == "overdue" else f"today at {clock(value)}"), passed


def _days(number: int) -> str:
    return f"{number:,} day" if number == 1 else f"{number:,} days"


def years_old(born_on: date, on: date) -> int:
    """Completed years; nought for a child not born yet."""
    return max(0, on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day)))


def age(born_on: date, on: date) -> str:
    """Completed years; months in the first year; a child not born yet is "unborn"."""
    if born_on > on:
        return "unborn"
    months = (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
    if months >= 12:
        return str(months // 12)
    return "under 1 month" if months == 0 else f"{months} month" + ("s" if months > 1 else "")
