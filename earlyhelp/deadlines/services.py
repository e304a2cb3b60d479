"""Make a promise, keep it, release it, move it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from earlyhelp.audit.models import record
from earlyhelp.core.calendar import LONDON, add_working_days, closing
from earlyhelp.deadlines.models import Deadline
from earlyhelp.deadlines.standards import due_by, standard
from earlyhelp.workflow.transitions import person

AFTER = (1, 5, 10)  # working days after the due day at which somebody more is told


def promise(
    owner: Any,
    code: str,
    *,
    now: datetime,
    holder: Any = None,
    holder_role: str = "",
    tier: int | None = None,
    due_at: datetime | None = None,
    label: str = "",
    warn: timedelta | None = None,
    once: bool = False,
) -> Any:
    """Promise ``code`` of ``owner``: fixed now, and from then on its holder is reminded without anybody remembering.

    ``owner`` gives ``deadlines`` (its own table), ``area``, ``reference`` and ``get_absolute_url()``. An open promise of
    the same code is replaced: what is owed is the newest. ``warn`` before the end, instead of at the standard's share
    of the time: for what is set by hand and may be long or short. ``once``: it rings on its day and never again, and
    reminds nobody else: an offer to repeat is not a duty that is late (domain.md R17).
    """
    rule = standard(code, tier)
    owner.deadlines.open().filter(code=code).update(void_at=now, rings_at=None)
    due_at = due_at or due_by(rule, now)
    rungs = ladder(now, due_at, rule.amber_percent)
    if warn is not None:
        rungs[0] = max(now, due_at - warn)
    if once:
        rungs = [due_at, due_at]
    return owner.deadlines.create(
        code=code,
        label=label or rule.label,
        reference=owner.reference,
        url=owner.get_absolute_url(),
        area_id=owner.area_id,
        holder=holder,
        holder_role=holder_role,
        started_at=now,
        due_at=due_at,
        rungs=rungs,
        rings_at=rungs[0],
    )


def keep(owner: Any, *codes: str, now: datetime) -> int:
    """What was promised is done."""
    return owner.deadlines.open().filter(code__in=codes).update(met_at=now, rings_at=None)


def release(owner: Any, *, now: datetime, codes: tuple[str, ...] = ()) -> int:
    """What was promised is no longer owed (all of it, unless ``codes`` are named): the matter ended another way."""
    owed = owner.deadlines.open()
    return (owed.filter(code__in=codes) if codes else owed).update(void_at=now, rings_at=None)


def pass_to(owner: Any, *codes: str, holder: Any) -> int:
    """Somebody else answers for these promises from now on."""
    return owner.deadlines.open().filter(code__in=codes).update(holder=holder, holder_role="")


def move(deadline: Deadline, *, to: datetime, by: Any, now: datetime, reason: str) -> Deadline:
    """Set another due moment. The old one and the reason stay in the trail: a standard is never met by moving it."""
    was = deadline.due_at
    amber = 100 * (deadline.rungs[0] - deadline.started_at) / (was - deadline.started_at)
    deadline.due_at, deadline.rungs = to, ladder(now, to, amber)
    deadline.rings_at = deadline.rungs[0]
    deadline.save(update_fields=["due_at", "rungs", "rings_at"])
    record("deadline.move", deadline, by=person(by), at=now, reason=reason, was_due=was.isoformat(), due=to.isoformat())
    return deadline


def ladder(start: datetime, due_at: datetime, amber_percent: float) -> list[datetime]:
    """The moments at which an unkept promise rings: amber, due, +1, +5 and +10 working days."""
    due_day = due_at.astimezone(LONDON).date()
    amber = start + (due_at - start) * amber_percent / 100
    return [amber, due_at, *(closing(add_working_days(due_day, days)) for days in AFTER)]
