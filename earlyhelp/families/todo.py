"""What the record of families asks of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from earlyhelp.core.todo import Todo, todo
from earlyhelp.families.models import OddRead
from earlyhelp.partnership.enums import Role


def waiting_odd_reads(user: Any, now: datetime) -> int:
    return OddRead.objects.for_user(user).open().count()


@todo
def odd_reads(user: Any, now: datetime) -> Iterable[Todo]:
    if not user.scope.holds(Role.IG_LEAD):
        return
    if n := waiting_odd_reads(user, now):
        whose = "somebody’s reads" if n == 1 else f"the reads of {n} people"
        yield Todo(20, f"Say what {whose} of a family were", reverse("families:looked"))
