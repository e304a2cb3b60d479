"""How many people did a self-check; nothing of any of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from earlyhelp.core.calendar import add_months
from referrals.enums import CheckResult, SetKind
from referrals.models import (
    SelfCheckCount,
)


def checks_by_month(user: Any, *, today: date, months: int = 13) -> list[dict[str, Any]]:
    """Each month and check with how often it ended in what, the newest first."""
    since = add_months(today.replace(day=1), 1 - months)
    rows = SelfCheckCount.objects.for_user(user).filter(day__gte=since).annotate(month=TruncMonth("day"))
    ends = {result.value: Sum("number", filter=Q(result=result), default=0) for result in CheckResult}
    found = rows.values("month", "kind").annotate(all=Sum("number"), **ends).order_by("-month", "kind")
    return [
        {
            "month": row["month"],
            "title": SetKind(row["kind"]).label,
            "all": row["all"],
            "ends": [row[result.value] for result in CheckResult],
        }
        for row in found
    ]
