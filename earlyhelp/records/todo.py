"""What the keeping of records asks of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from earlyhelp.core.todo import Todo, todo
from earlyhelp.records.access import decide, decides_on_disposal, review
from earlyhelp.records.enums import Status
from earlyhelp.records.models import Disposal


@todo
def disposals(user: Any, now: datetime) -> Iterable[Todo]:
    if not decides_on_disposal(user):
        return
    rows = Disposal.objects.for_user(user).open()
    counted = rows.aggregate(
        mine=Count("pk", filter=Q(status=Status.PROPOSED) & decide(rows, user)),
        due=Count("pk", filter=Q(status=Status.DUE) & review(rows, user)),
    )
    page = reverse("records:disposals")
    if n := counted["mine"]:
        yield Todo(21, f"Decide as the second person on {n} {'record' if n == 1 else 'records'} to be destroyed", page)
    if n := counted["due"]:
        yield Todo(22, f"Review {n} {'record' if n == 1 else 'records'} whose time is over", page)
