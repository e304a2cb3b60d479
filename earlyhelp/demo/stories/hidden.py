"""A restricted family: the mother’s sister works in the council. Jo leads it, her manager was named; the hub sees nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from earlyhelp.demo.county import County
from earlyhelp.families.enums import RestrictionKind
from earlyhelp.families.models import Family
from earlyhelp.families.restricting import restrict

NAME = "Johal"
WHY = "An aunt of the children works in EH Access. Jo rang, and the mother asked for it."


def tell(county: County) -> None:
    day = county.since(working_days=2)
    county.diary.write(day.at(hour=15), lambda now: _restrict(county, now))


def _restrict(county: County, now: datetime) -> None:
    today = timezone.localdate(now)
    for family in Family.objects.filter(name=NAME, restricted=False):
        restrict(
            family,
            by=county.people["imran"],
            now=now,
            kind=RestrictionKind.STAFF,
            reason=WHY,
            review_on=today + timedelta(days=180),
            named=[county.people["shanice"]],
            until_on=today + timedelta(days=90),
        )
