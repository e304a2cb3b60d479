"""What time alone brings about in a case's life."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from earlyhelp.cases.transitions import begin_follow_up
from earlyhelp.core.calendar import closing
from earlyhelp.workflow.transitions import SYSTEM, NotPossible


def begin_follow_ups(*, now: datetime) -> int:
    """Six months after closing: somebody is asked to find out whether the change has lasted (domain.md 6.5). Says how many.

    It begins in the morning of that day and not after its close: what was promised for a day is begun on it, in time, and
    whoever asks has from then on as long as the standard for the answer gives. That it is coming they were told before.
    """
    today = closing(timezone.localdate(now))
    due = Case.objects.filter(status=Status.CLOSED, follow_up_agreed=True)
    due = due.filter(
        deadlines__code="D_FOLLOW_UP", deadlines__met_at=None, deadlines__void_at=None, deadlines__due_at__lte=today
    )
    return sum(_begin(case, now) for case in due.order_by("pk")[:500])


def _begin(case: Case, now: datetime) -> bool:
    try:
        begin_follow_up(case, by=SYSTEM, now=now)
    except (NotPossible, ValidationError):  # moved on since it was read; the next sweep sees what it is now
        return False
    return True
