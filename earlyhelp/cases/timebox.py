"""A programme that lasts so many weeks and no longer (domain.md 17, story 7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from earlyhelp.cases.enums import LED, OPEN
from earlyhelp.cases.models import Case
from earlyhelp.cases.queries import offered_to
from earlyhelp.cases.services import decider, end_the_timebox
from earlyhelp.core.calendar import closing
from earlyhelp.deadlines.services import promise
from earlyhelp.workflow.transitions import NotPossible, transition

TIMEBOX_WARNING = timedelta(weeks=2)  # domain.md 7, D_TIMEBOX


@transition(Case, label="Set the end of the programme", sources=OPEN, rule="time_box")
def set_timebox(case: Case, *, by: Any, now: datetime, ends_on: date, programme: str) -> dict[str, Any]:
    """The hub gave help of so many weeks (domain.md 17, story 7). Two weeks before they end, what follows is asked about."""
    if ends_on <= timezone.localdate(now):
        raise NotPossible("The last day of the programme has to be in the future.")
    worker = case.lead or offered_to(case)
    held = {"holder": worker} if worker else decider(case)
    promise(case, "D_TIMEBOX", now=now, due_at=closing(ends_on), warn=TIMEBOX_WARNING, **held)
    case.timebox_ends_on = ends_on
    return {"ends_on": ends_on.isoformat(), "reason": programme}


@transition(Case, label="Record the end of the programme", sources=LED, rule="lead")
def end_timebox(case: Case, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The programme has ended, and the family knows what follows: nobody is left at the end of twelve weeks without a word."""
    if case.timebox_ends_on is None:
        raise NotPossible("No time-limited programme is set for this case.")
    ended = case.timebox_ends_on
    end_the_timebox(case, now=now)
    return {"ends_on": ended.isoformat(), "reason": reason}
