"""How much each carries and when they are away: hours, limits, languages, leave with and without cover; and somebody leaves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from earlyhelp.accounts.services import leave
from earlyhelp.demo.county import County
from earlyhelp.families.models import Person
from earlyhelp.partnership.enums import Skill
from earlyhelp.partnership.models import User
from earlyhelp.workforce.services import plan_leave

FULL, FOUR_DAYS, HALF = Decimal(37), Decimal("29.6"), Decimal("18.5")
# Who, hours, limit in full-time hours, languages, skills.
WORKERS: tuple[tuple[str, Decimal, int, list[str], list[Skill]], ...] = (
    ("jo", FULL, 12, [], [Skill.UNDER_FIVES]),
    ("sam", FULL, 15, ["British Sign Language"], [Skill.TEENAGERS]),
    ("leila", FOUR_DAYS, 15, ["Arabic", "Farsi"], [Skill.TEENAGERS]),
    ("kofi", FULL, 15, ["Twi"], [Skill.ADULTS]),
    ("marek", FULL, 12, ["Polish"], [Skill.TEENAGERS]),
    ("anya", HALF, 12, ["Russian"], [Skill.UNDER_FIVES]),
    ("zainab", FOUR_DAYS, 12, ["Urdu", "Gujarati"], [Skill.UNDER_FIVES]),
    ("gareth", HALF, 6, [], [Skill.TEENAGERS]),
    ("callum", FULL, 10, [], [Skill.TEENAGERS]),
    ("dilys", HALF, 6, ["Welsh"], [Skill.ADULTS]),
)
SPEAKS_POLISH = "Szymanski"
LAST_DAY, AWAY_LATER = timedelta(days=18), timedelta(days=35)


def tell(county: County) -> None:
    long_ago = county.since(weeks=100).at()
    county.diary.write(long_ago, lambda now: _set(county))
    day = county.since(working_days=4)
    county.diary.write(day.at(hour=12), lambda now: _plan(county, now))
    county.diary.write(day.at(1, hour=15), lambda now: _speaks())


def _set(county: County) -> None:
    for username, hours, limit, languages, skills in WORKERS:
        worker = county.people[username]
        worker.hours, worker.case_limit, worker.languages, worker.skills = hours, limit, languages, list(skills)
    User.objects.bulk_update(
        [county.people[username] for username, *_ in WORKERS], ["hours", "case_limit", "languages", "skills"]
    )


def _plan(county: County, now: datetime) -> None:
    """Kofi is away, and Leila covers; Anya will be, and nobody does yet. Leila leaves: her three families wait for others."""
    people, today = county.people, timezone.localdate(now)
    _away(people["kofi"], people["martin"], timezone.localdate(county.now) - timedelta(days=1), 14, now)
    _away(people["anya"], people["shanice"], today + AWAY_LATER, 5, now)
    leave(people["leila"], by=people["alex"], now=now, last_day=today + LAST_DAY)


def _away(worker: User, manager: User, first: date, days: int, now: datetime) -> None:
    plan_leave(worker, by=manager, now=now, from_on=first, until_on=first + timedelta(days=days - 1))


def _speaks() -> None:
    """One mother asked for an interpreter."""
    Person.objects.filter(last_name=SPEAKS_POLISH, memberships__role="parent").update(
        language="Polish", interpreter=True
    )
