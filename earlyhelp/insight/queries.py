"""What the dashboard counts: live, from the same scoped rows as the lists behind its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q

from earlyhelp.cases import workload
from earlyhelp.insight.access import MANAGING
from earlyhelp.partnership.enums import Role
from referrals.models import Referral, ReferralDeadline

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Cell:
    """How many cases of one area stand in one status at one tier, and how their reviews stand."""

    area: int
    status: str
    tier: int | None
    number: int
    overdue: int
    due: int


@dataclass(frozen=True)
class Load:
    """What one lead professional carries: the counts of the place asked for, the weight of all they lead."""

    lead: int
    limit: int
    hours: Decimal
    weight: float
    targeted: int
    enhanced: int
    due: int
    overdue: int

    @property
    def percent(self) -> int:
        return workload.percent(self.weight, self.capacity)

    @property
    def capacity(self) -> float:
        return workload.capacity(self.limit, self.hours)

    @property
    def is_over(self) -> bool:
        return self.weight > self.capacity


def cells(cases: Any, *, today: date) -> list[Cell]:
    grouped = cases.live().order_by().values("area", "status", "tier")
    counted = grouped.annotate(number=_how_many(), overdue=_how_many(_overdue(today)), due=_how_many(_due(today)))
    return [Cell(**row) for row in counted]


def loads(cases: Any, *, within: Iterable[int] | None, today: date) -> list[Load]:
    """One row for each who leads a family here.

    A person's weight is of every family, as the hub has it before it offers them another, and not only of this place or of
    those in sight: somebody full elsewhere would look free, and one person would have two workloads.
    """
    here = Q() if within is None else Q(area__in=within)
    led = workload.carried(cases).order_by().values("lead", limit=F("lead__case_limit"), hours=F("lead__hours"))
    counted = led.annotate(
        targeted=_how_many(here & Q(tier=2)),
        enhanced=_how_many(here & Q(tier=3)),
        due=_how_many(here & _due(today)),
        overdue=_how_many(here & _overdue(today)),
    )
    shown = [row for row in counted if row["targeted"] or row["enhanced"]]
    weights = workload.weights_of([row["lead"] for row in shown])
    return [Load(**row, weight=weights[row["lead"]]) for row in shown]


@dataclass(frozen=True)
class Waiting:
    number: int
    overdue: int


def in_triage(user: Any, *, within: Iterable[int] | None) -> Any:
    """The referrals that wait for a decision: counted and listed for whoever manages the place, opened only by EH Access.

    A restricted family's is counted only for whoever may take it.
    """
    triages = user.scope.holds(Role.EH_ACCESS)
    rows = (Referral.objects.for_user(user, "triage") if triages else referrals_here(user)).live()
    return rows if within is None else rows.filter(area__in=within)


def referrals_here(user: Any) -> Any:
    """All that came from the places that this person manages; of a restricted family none."""
    return Referral.objects.filter(area__in=user.scope.areas(*MANAGING), family__restricted=False)


def waiting_for_triage(user: Any, *, within: Iterable[int] | None, now: datetime) -> Waiting:
    """How many they are, and how many are past the day by which a decision was promised."""
    late = ReferralDeadline.objects.filter(code="D_TRIAGE").overdue(now).values("owner")
    rows = in_triage(user, within=within).order_by()
    return Waiting(**rows.aggregate(number=Count("pk"), overdue=Count("pk", filter=Q(pk__in=late))))


def _how_many(where: Q | None = None) -> Count:
    """Of rows: ``status`` is never null, and stands in the index that this reads."""
    return Count("status", filter=where)


def _overdue(today: date) -> Q:
    return Q(next_review_on__lt=today)


def _due(today: date) -> Q:
    return Q(next_review_on__range=(today, today + SOON))
