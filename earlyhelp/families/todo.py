"""What the record of families asks of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from earlyhelp.core.calendar import closing
from earlyhelp.core.todo import Todo, todo
from earlyhelp.families.models import OddRead, Restriction
from earlyhelp.families.restricting import WARN
from earlyhelp.partnership.enums import Role

MOST = 5


def waiting_odd_reads(user: Any, now: datetime) -> int:
    return OddRead.objects.for_user(user).open().count()


@todo
def odd_reads(user: Any, now: datetime) -> Iterable[Todo]:
    if not user.scope.holds(Role.IG_LEAD):
        return
    if n := waiting_odd_reads(user, now):
        whose = "somebody’s reads" if n == 1 else f"the reads of {n} people"
        yield Todo(20, f"Say what {whose} of a family were", reverse("families:looked"))


@todo
def restricted_records(user: Any, now: datetime) -> Iterable[Todo]:
    """What is to be looked at again, by its reference alone."""
    if not user.scope.holds(Role.IG_LEAD):
        return
    rows = Restriction.objects.for_user(user, "restrict").standing().select_related("family")
    for each in rows.filter(review_on__lte=timezone.localdate(now + WARN)).order_by("review_on", "pk")[:MOST]:
        text = f"Look at a restricted record again: {each.reference}"
        yield Todo(20, text, each.get_absolute_url(), closing(each.review_on))
