"""What people do by themselves: referrers and EH Access write to each other; people do a self-check, and one asks to be rung."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from earlyhelp.demo.county import County
from referrals.enums import CheckResult, SetKind
from referrals.models import Referral, SelfCheckCount
from referrals.services import checking
from referrals.transitions.message import write

ANSWERS = {"fall": "unhurt", "reach_help": "no", "washing": "yes", "medicine": "yes", "alarm": "unsure"}
TALK = {
    "Kinch": (("", "The school rang: both children were away again today. Does that change anything for you?"),),
    "Wardell": (
        ("", "Their mother asks me when she will hear. What may I tell her?"),
        ("bilal", "Tell her that we decide tomorrow, and that I ring her myself before four o’clock."),
    ),
}


def tell(county: County) -> None:
    for name, said in TALK.items():
        for hours, (by, words) in enumerate(said):
            county.diary.write(county.now - timedelta(hours=3 - hours), _message(county, name, by, words))
    county.diary.write(county.now - timedelta(minutes=50), _grant(county))
    county.diary.write(county.since(working_days=1).at(hour=11), _rings_back(county))
    county.diary.write(county.now - timedelta(minutes=40), lambda now: _count(county, now))


def _message(county: County, family: str, by: str, words: str) -> Any:
    def say(now: datetime) -> None:
        referral = Referral.objects.get(family__name=family)
        write(referral, by=county.people[by] if by else referral.author, now=now, text=words)

    return say


def _grant(county: County) -> Any:
    """The housing officer, to the lead professional of the case that came of it."""

    def say(now: datetime) -> None:
        referral = Referral.objects.filter(family__name="Grant", case__isnull=False).order_by("pk").first()
        if referral and referral.author:
            words = "The court has put the hearing off by two weeks. I thought you would want to know at once."
            write(referral, by=referral.author, now=now, text=words)

    return say


def _rings_back(county: County) -> Any:
    """A man of eighty who did the check on his daughter’s telephone."""

    def ask(now: datetime) -> None:
        row = checking.in_use(SetKind.EQUIPMENT)
        assert row is not None
        checking.ask_contact(
            row,
            ANSWERS,
            token=UUID(int=1948),
            reach="Mornings. I am slow to the telephone: let it ring.",
            doubts=[],
            address="",
            now=now,
            area=county.areas["Melton"],
            caller_name="Harold Pym",
            caller_phone="01632 960 144",
            caller_email="",
        )

    return ask


def _count(county: County, now: datetime) -> None:
    """A year of those who did one and stay unknown: more in the cold months."""
    today = timezone.localdate(now)
    days = [today - timedelta(days=back) for back in range(0, 360, 3)]
    chances = {CheckResult.URGENT: 0.3, CheckResult.SUGGESTED: 3.0, CheckResult.NOTHING: 0.8}
    rows = [
        SelfCheckCount(kind=kind, day=day, result=result, number=number)
        for kind in (SetKind.EQUIPMENT, SetKind.TEMPERATURE)
        for day in days
        for result, chance in chances.items()
        if (number := round(county.dice.random() * chance * (2 if day.month in (11, 12, 1, 2) else 1)))
    ]
    SelfCheckCount.objects.bulk_create(rows, ignore_conflicts=True)
