"""Whoever owes an action that is overdue is asked what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction as db

from earlyhelp.workflow.transitions import NotPossible
from hubs.transitions import chase


@db.atomic
def chase_all(actions: Any, *, by: Any, now: datetime) -> int:
    """Ask the owners of all that are overdue and were not chased today; says how many were asked."""
    waiting = list(actions.to_chase(now).order_by("pk"))
    if not waiting:
        raise NotPossible("Nobody can be chased: nothing is overdue, or its owner was asked today already.")
    for action in waiting:
        chase(action, by=by, now=now)
    return len(waiting)
