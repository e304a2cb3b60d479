"""How much those who take families around a hub may carry together, and how much of it they do (domain.md 9.2, 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import FloatField, Func, OuterRef

from earlyhelp.cases import workload
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


def room_of(workers: Iterable[Sequence[float]]) -> Room:
    """``left``: for how many more at tier 2. Whoever is over their limit takes no room away from the others."""
    each = [(weight, workload.capacity(limit, hours)) for limit, hours, weight in workers]
    return Room(
        workers=len(each),
        weight=sum(weight for weight, _ in each),
        capacity=sum(capacity for _, capacity in each),
        left=sum(int(max(0.0, capacity - weight)) for weight, capacity in each),
    )


def workers_at(lineage: Any) -> Any:
    """Of each worker to whom a hub with this area's lineage may offer a family: their limit, their hours, and what they carry."""
    facts = Func(
        "case_limit",
        "hours",
        workload.weight_led_by(OuterRef("pk")),
        template="ARRAY[%(expressions)s]::float8[]",
        output_field=ArrayField(FloatField()),
    )
    return taking_in(lineage).order_by().values_list(facts, flat=True)
