"""What somebody leads who leaves, or is away for long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from earlyhelp.cases.enums import LED, AllocationStatus
from earlyhelp.cases.models import Allocation, Case


def led_by(leaver: Any, user: Any, *, and_shown: Iterable[int] = ()) -> Any:
    """Those that this person may hand on, and those that a page showed which may have moved on since; is each on offer?"""
    asked = Allocation.objects.filter(case=OuterRef("pk"), status=AllocationStatus.OFFERED)
    theirs = Q(lead=leaver, status__in=LED) | Q(pk__in=list(and_shown))
    rows = Case.objects.for_user(user, "hand_on").filter(theirs).annotate(is_asked=Exists(asked))
    return rows.select_related("family", "area", "lead").order_by("reference")
