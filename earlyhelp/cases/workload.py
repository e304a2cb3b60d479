"""How much a lead professional carries, said once: for the chair who offers a family, and for whoever looks after those who lead.

The families whose lead has accepted them, by their tier, against the number that this person may carry (domain.md 15.1). A family
that is only on offer is no load yet: whoever offers another counts those apart, and says so.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case as Choose
from django.db.models import FloatField, Sum, Value, When

from earlyhelp.cases.enums import Tier

WEIGHTS: dict[int | None, float] = {Tier.TARGETED: 1.0, Tier.ENHANCED: 2.5}
WORDS = (
    "Workload counts the families that somebody has accepted, one at tier 2 as 1 and one at tier 3 as 2½, "
    "against the number of families that they may carry."
)


def carried(cases: Any) -> Any:
    """Those of these cases that are somebody's load."""
    return cases.live().filter(lead__isnull=False)


def weight_of(tier: int | None) -> float:
    return WEIGHTS.get(tier, 1.0)


def total() -> Sum:
    """The weight of rows that were ``carried``, to be grouped by their lead."""
    by_tier = [When(tier=tier, then=Value(weight)) for tier, weight in WEIGHTS.items()]
    return Sum(Choose(*by_tier, default=Value(1.0), output_field=FloatField()))


def percent(weight: float, limit: int) -> int:
    return round(100 * weight / max(limit, 1))
