"""How much those who take families around a hub may carry together, and how much of it they do (domain.md 9.2, 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef

from earlyhelp.cases import workload
from earlyhelp.core.composed import PlannedOnce
from hubs.models import Hub
from hubs.queries.candidates import taking_in


@dataclass(frozen=True)
class Room:
    """Of all workers to whom this hub may offer a family: what they carry, and may, in families at tier 2."""

    workers: int
    weight: float
    capacity: float
    left: int

    @property
    def percent(self) -> int:
        return workload.percent(self.weight, self.capacity)


def room_at(hub: Hub) -> Room:
    """``left``: for how many more at tier 2. Whoever is over their limit takes no room away from the others."""
    each = [
        (weight, workload.capacity(limit, hours)) for limit, hours, weight in _WORKERS(None, lineage=hub.area.lineage)
    ]
    return Room(
        workers=len(each),
        weight=sum(weight for weight, _ in each),
        capacity=sum(capacity for _, capacity in each),
        left=sum(int(max(0.0, capacity - weight)) for weight, capacity in each),
    )


@PlannedOnce
def _WORKERS(user: None, lineage: Any) -> Any:
    carried = taking_in(lineage).annotate(weight=workload.weight_led_by(OuterRef("pk"))).order_by()
    return carried.values_list("case_limit", "hours", "weight")
