"""What happened in a quarter, and in the one before: counted from the same scoped rows as the dashboard (domain.md 15.1)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assessments.models import Assessment, HeadingNote, OutcomeReading
from assessments.queries import Occasion, made_progress
from earlyhelp.cases.models import Case, CaseDeadline, TierChange
from earlyhelp.deadlines.models import ServiceStandard
from earlyhelp.insight import gaps
from hubs.models import HubDecision
from referrals.models import ReferralDeadline

# The promises to a family on its way, in their order (domain.md 7).
TO_REFERRERS = ("D_PICKUP", "D_TRIAGE", "D_OUTCOME")
TO_FAMILIES = (
    "D_MMT_WAIT",
    "D_ACCEPT",
    "D_FIRST_CONTACT",
    "D_ASSESS",
    "D_FIRST_TAF",
    "D_REVIEW_FIRST",
    "D_REVIEW",
    "D_STEP",
    "D_CLOSE",
)
KEPT = Q(met_at__lte=F("due_at"))
BROKEN = Q(met_at__gt=F("due_at")) | Q(met_at=None) & (Q(void_at=None) | Q(void_at__gt=F("due_at")))


@dataclass(frozen=True)
class Quarter:
    first: date

    @property
    def until(self) -> date:
        return gaps.next_quarter(self.first)

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    @property
    def before(self) -> Quarter:
        return Quarter(gaps.quarter_of(self.first - timedelta(days=1)))

    def moments(self, field: str) -> Q:
        return Q(**{f"{field}__gte": gaps.begins(self.first), f"{field}__lt": gaps.begins(self.until)})

    def days(self, field: str) -> Q:
        return Q(**{f"{field}__range": (self.first, self.last)})

    def __str__(self) -> str:
        return gaps.named(self.first)


@dataclass(frozen=True)
class Both:
    """A number of the quarter, and of the one before."""

    now: int = 0
    before: int = 0


def _both(now: Q, before: Q) -> dict[str, Count]:
    return {"now": Count("pk", filter=now), "before": Count("pk", filter=before)}


def how_many(rows: Any, now: Q, before: Q) -> Both:
    return Both(**rows.filter(now | before).order_by().aggregate(**_both(now, before)))


def by(rows: Any, field: str, now: Q, before: Q) -> dict[Any, Both]:
    """The same for each value of a field."""
    grouped = rows.filter(now | before).order_by().values(field).annotate(**_both(now, before))
    return {row[field]: Both(row["now"], row["before"]) for row in grouped}


def decisions(cases: Any, quarter: Quarter) -> dict[str, Both]:
    rows = HubDecision.objects.filter(case__in=cases.order_by().values("pk"))
    return by(rows, "kind", quarter.moments("at"), quarter.before.moments("at"))


def steps(cases: Any, quarter: Quarter) -> dict[str, Both]:
    """How often a tier was raised, and how often lowered."""
    rows = TierChange.objects.filter(case__in=cases.order_by().values("pk"), from_tier__isnull=False)
    now, before = quarter.moments("decided_at"), quarter.before.moments("decided_at")
    ways = {"up": Q(to_tier__gt=F("from_tier")), "down": Q(to_tier__lt=F("from_tier"))}
    numbers = rows.filter(now | before).aggregate(
        **{
            f"{way}_{which}": Count("pk", filter=asked & period)
            for way, asked in ways.items()
            for which, period in (("now", now), ("before", before))
        }
    )
    return {way: Both(numbers[f"{way}_now"], numbers[f"{way}_before"]) for way in ways}


def open_at_the_end(cases: Any, quarter: Quarter) -> dict[tuple[int, int], int]:
    """How many were open when the quarter was over, or are now, by (area, tier): the tier as it was then."""
    then = TierChange.objects.filter(case=OuterRef("pk"), decided_at__lt=gaps.begins(quarter.until))
    still = Q(closed_on=None) | Q(closed_on__gt=quarter.last)
    rows = cases.filter(still, opened_on__lte=quarter.last).order_by()
    tier = Coalesce(Subquery(then.order_by("-decided_at", "-pk").values("to_tier")[:1]), F("tier"))
    grouped = rows.annotate(tier_then=tier).values("area", "tier_then").annotate(number=Count("pk"))
    return {(row["area"], row["tier_then"]): row["number"] for row in grouped}


# --- whether promises were kept -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Promised:
    """What was due, and what of it was done in time. What is open and overdue counts as late (domain.md 15.1)."""

    due: Both
    kept: Both


def timeliness(cases: Any, referrals: Any, quarter: Quarter, *, now: datetime) -> dict[str, Promised]:
    """By the words of each standard, in the order of the journey."""
    counted = _promised(ReferralDeadline, referrals, TO_REFERRERS, quarter, now)
    counted |= _promised(CaseDeadline, cases, TO_FAMILIES, quarter, now)
    words = dict(ServiceStandard.objects.filter(code__in=counted).values_list("code", "label"))
    return {words.get(code, code): counted[code] for code in (*TO_REFERRERS, *TO_FAMILIES) if code in counted}


def _promised(
    deadlines: Any, owners: Any, codes: tuple[str, ...], quarter: Quarter, now: datetime
) -> dict[str, Promised]:
    rows = deadlines.objects.filter(owner__in=owners.order_by().values("pk"), code__in=codes, due_at__lt=now)
    this, last = quarter.moments("due_at"), quarter.before.moments("due_at")
    grouped = rows.filter((this | last) & (KEPT | BROKEN)).order_by().values("code")
    counted = grouped.annotate(
        **_both(this, last), kept=Count("pk", filter=this & KEPT), kept_before=Count("pk", filter=last & KEPT)
    )
    return {
        row["code"]: Promised(Both(row["now"], row["before"]), Both(row["kept"], row["kept_before"])) for row in counted
    }


# --- what came of it ----------------------------------------------------------------------------------------------------


def follow_ups(cases: Any, quarter: Quarter) -> dict[str, Both]:
    """What families said whose follow-up fell due, by their answer; empty where nobody has asked them yet."""
    rows = CaseDeadline.objects.filter(owner__in=cases.order_by().values("pk"), code="D_FOLLOW_UP", void_at=None)
    return by(rows, "owner__follow_up_result", quarter.moments("due_at"), quarter.before.moments("due_at"))


@dataclass(frozen=True)
class Progress:
    """Of families whose case ended: of how many there are two readings, and how many of these moved (domain.md 10)."""

    read: Both
    moved: Both


def progress(cases: Any, quarter: Quarter) -> Progress:
    ended = {
        pk: 0 if on >= quarter.first else 1
        for pk, on in cases.filter(quarter.days("closed_on") | quarter.before.days("closed_on"))
        .order_by()
        .values_list("pk", "closed_on")
    }
    taken, needs = _readings(ended), _needs(ended)
    read, moved = [0, 0], [0, 0]
    for pk, values in taken.items():
        first = Occasion(quarter.first, {heading: each[0] for heading, each in values.items()})
        last = Occasion(quarter.last, {heading: each[-1] for heading, each in values.items()})
        if any(len(each) > 1 for each in values.values()):
            read[ended[pk]] += 1
            moved[ended[pk]] += made_progress(first, last, needs[pk])
    return Progress(Both(*read), Both(*moved))


def _readings(cases: Any) -> dict[int, dict[str, list[int]]]:
    """Of each case its readings by heading, the first to the last."""
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = OutcomeReading.objects.filter(case__in=list(cases)).in_order()
    for case, heading, value in rows.values_list("case", "heading", "value"):
        found[case][heading].append(value)
    return found


def _needs(cases: Any) -> dict[int, set[str]]:
    """What the assessment that stands found to be needs."""
    standing = Assessment.objects.standing().filter(case__in=list(cases))
    found: dict[int, set[str]] = defaultdict(set)
    for case, heading in (
        HeadingNote.objects.needs().filter(assessment__in=standing).values_list("assessment__case", "heading")
    ):
        found[case].add(heading)
    return found


def scoped(user: Any, within: set[int] | None) -> Any:
    """The cases that the dashboard counts for this person, in these areas or all."""
    cases = Case.objects.for_user(user, "list")
    return cases if within is None else cases.filter(area__in=within)
