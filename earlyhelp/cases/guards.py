"""What other apps ask before a case may close, and put in order once it has: the case knows none of them (design.md 2 b)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from earlyhelp.cases.models import Case
from earlyhelp.workflow.transitions import NotPossible

ClosureGuard = Callable[[Case], str | None]
Ending = Callable[[Case, datetime], None]
CLOSURE_GUARDS: list[ClosureGuard] = []
ENDINGS: list[Ending] = []


def closure_guard(guard: ClosureGuard) -> ClosureGuard:
    """Lodge a reason why a case may not close yet, in words fit for a person; none if it may."""
    CLOSURE_GUARDS.append(guard)
    return guard


def at_the_end(ending: Ending) -> Ending:
    """Lodge what is put in order in the moment in which a case ends, however it ends: nobody is reminded afterwards."""
    ENDINGS.append(ending)
    return ending


def refuse_if_unfinished(case: Case) -> None:
    """Raise ``NotPossible`` with all that still stands in the way of closing (domain.md 6.5)."""
    reasons = [reason for guard in CLOSURE_GUARDS if (reason := guard(case))]
    if reasons:
        raise NotPossible(" ".join(reasons))


def put_in_order(case: Case, *, now: datetime) -> None:
    for ending in ENDINGS:
        ending(case, now)
