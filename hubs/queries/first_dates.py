"""What follows from opening a case, by day: shown to whoever decides, before they do (screens.md A4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from earlyhelp.cases.enums import Tier
from earlyhelp.deadlines.standards import due_by, standards


@dataclass(frozen=True)
class FirstDates:
    """At one tier: by when the first TAF meeting is held, and by when the first review, if the meeting takes all its time."""

    tier: str
    taf_on: date
    review_on: date


def first_dates(*, now: datetime) -> list[FirstDates]:
    """At each tier at which the hub opens a case, in one query."""
    standard = standards("D_FIRST_TAF", "D_REVIEW_FIRST")
    found = []
    for tier in (Tier.TARGETED, Tier.ENHANCED):
        taf_at = due_by(standard("D_FIRST_TAF", tier), now)
        review_at = due_by(standard("D_REVIEW_FIRST", tier), taf_at)
        found.append(FirstDates(str(tier.label), timezone.localdate(taf_at), timezone.localdate(review_at)))
    return found
