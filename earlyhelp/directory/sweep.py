"""What the clock does by itself with referrals to services. The database is the schedule."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.directory.enums import WAITING, Occasion
from earlyhelp.directory.models import OnwardDeadline, OnwardReferral
from earlyhelp.directory.transitions.onward import remind
from earlyhelp.workflow.transitions import SYSTEM, NotPossible


def remind_services(*, now: datetime) -> int:
    """Those whose time to answer nears or is over; says how many. After an outage a service hears of the later alone."""
    owed = OnwardDeadline.objects.open().filter(code="D_PRESCRIPTION")
    passed, nears = owed.filter(due_at__lte=now), owed.filter(due_at__gt=now, rungs__0__lte=now)
    return _remind(passed, Occasion.PASSED, now) + _remind(nears, Occasion.NEARS, now)


def _remind(owed: Any, occasion: Occasion, now: datetime) -> int:
    """One commit each. What somebody answered meanwhile is passed over: it is no longer due."""
    rows = OnwardReferral.objects.filter(status__in=WAITING, reminded__lt=occasion, pk__in=owed.values("owner"))
    done = 0
    for row in rows.order_by("pk")[:500]:
        try:
            remind(row, by=SYSTEM, now=now, occasion=occasion)
            done += 1
        except NotPossible:
            continue
    return done
