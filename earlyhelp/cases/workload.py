"""How much a lead professional carries, said once: for the chair who offers a family, and for whoever looks after those who lead.

The families whose lead has accepted them, by their tier, against what this person may carry in the hours they work (domain.md
15.1). A family that is only on offer is no load yet: whoever offers another counts those apart, and says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, FloatField, Func, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from earlyhelp.cases.enums import AllocationStatus, Tier
from earlyhelp.cases.models import Allocation, Case
from earlyhelp.core.composed import Composed

WEIGHTS: dict[int | None, float] = {Tier.TARGETED: 1.0, Tier.ENHANCED: 2.5}
FULL_TIME = 37  # hours a week
NONE: Counter[int] = Counter()  # no families, at any tier
WORDS = (
    "Workload counts the families that somebody has accepted, one at tier 2 as 1 and one at tier 3 as 2½, against what they "
    f"may carry in their contracted hours: their limit is for {FULL_TIME} hours a week, and half the hours halve it."
)


def carried(cases: Any) -> Any:
    """Those of these cases that are somebody's load."""
    return cases.live().filter(lead__isnull=False)


def weight_of(tier: int | None) -> float:
    return WEIGHTS.get(tier, 1.0)


def weight_led_by(person: Any) -> Any:
    """Over people, with ``person`` a column: the weight of what each carries, as ``weights_of`` has it."""
    by_tier = [When(tier=tier, then=Value(weight)) for tier, weight in WEIGHTS.items()]
    weight = Func(Choose(*by_tier, default=Value(1.0)), function="SUM", output_field=FloatField())
    led = carried(Case.objects.filter(restricted=False, lead=person)).order_by()
    return Coalesce(Subquery(led.values(weight=weight)), 0.0)


def capacity(limit: float, hours: Decimal | float) -> float:
    """What somebody may carry, in families at tier 2: their limit, in proportion to the hours they work."""
    return limit * float(hours) / FULL_TIME


def percent(weight: float, capacity: float) -> int:
    return round(share(weight, capacity))


def share(weight: float, capacity: float) -> float:
    """The same, unrounded. Of nothing that may be carried, one family is all."""
    return 100 * weight / (capacity or 1.0)


@dataclass(frozen=True)
class Load:
    """What one person carries now, by tier; what waits for their answer; what is new to them."""

    carried: Counter[int] = field(default_factory=Counter)
    offered: Counter[int] = field(default_factory=Counter)
    new_7: int = 0
    new_28: int = 0

    @cached_property
    def weight(self) -> float:
        return _weight(self.carried)

    @cached_property
    def with_offers(self) -> float:
        return self.weight + _weight(self.offered)

    @property
    def tier_2(self) -> int:
        return self.carried[Tier.TARGETED]

    @property
    def tier_3(self) -> int:
        return self.carried[Tier.ENHANCED]

    @property
    def families(self) -> int:
        return self.carried.total()

    @property
    def on_offer(self) -> int:
        return self.offered.total()


def loads_of(people: Sequence[int], *, now: datetime, beside: Sequence[int] = ()) -> dict[int, Load]:
    """What each of these carries, in three queries; of the cases ``beside`` nothing that is on offer is counted.

    Restricted records are left out: a number must not tell whoever may not see them that they are there (promise P4).
    """
    ids = list(people)
    fresh = {person: new for person, *new in _FRESH(None, ids=ids, week=_ago(now, 7), month=_ago(now, 28))}
    return {person: Load(*load, *fresh.get(person, (0, 0))) for person, load in _held(ids, beside).items()}


def load_of(person: int, *, beside: Sequence[int] = ()) -> Load:
    """The same of one, but for what is new to them, in two queries."""
    return Load(*_held([person], beside)[person])


def _held(ids: list[int], beside: Sequence[int]) -> dict[int, tuple[Counter[int], Counter[int]]]:
    """What each carries, and what is on offer to them."""
    led = _by_person(_CARRIED(None, ids=ids))
    asked = _by_person(_OFFERED(None, ids=ids, beside=list(beside)))
    return {person: (led.get(person, NONE), asked.get(person, NONE)) for person in ids}


def weights_of(people: Sequence[int]) -> dict[int, float]:
    """The weight alone of what each of these carries, as ``loads_of`` has it, in one query."""
    led = _by_person(_CARRIED(None, ids=list(people)))
    return {person: _weight(led.get(person, NONE)) for person in people}


@Composed
def _CARRIED(user: None, ids: Any) -> Any:
    led = carried(Case.objects.filter(restricted=False, lead__in=ids))
    return led.values_list("lead", "tier").annotate(n=Count("status")).order_by()  # never null, and in the index


@Composed
def _OFFERED(user: None, ids: Any, beside: Any) -> Any:
    asked = Allocation.objects.filter(worker__in=ids, status=AllocationStatus.OFFERED, case__tier__isnull=False)
    others = asked.filter(case__restricted=False).exclude(case__in=beside)
    return others.values_list("worker", "case__tier").annotate(n=Count("pk")).order_by()


@Composed
def _FRESH(user: None, ids: Any, week: Any, month: Any) -> Any:
    """Families newly offered or taken in the last 7 and 28 days."""
    taken = Allocation.objects.filter(
        worker__in=ids, offered_at__gte=month, status__in=(AllocationStatus.OFFERED, AllocationStatus.ACCEPTED)
    ).filter(case__restricted=False)
    in_week = Count("pk", filter=Q(offered_at__gte=week))
    return taken.values_list("worker").annotate(seven=in_week, month=Count("pk")).order_by()


def _ago(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def _by_person(rows: Iterable[tuple[int, int, int]]) -> dict[int, Counter[int]]:
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for person, tier, number in rows:
        found[person][tier] += number
    return found


def _weight(families: Counter[int]) -> float:
    return sum(number * weight_of(tier) for tier, number in families.items())
