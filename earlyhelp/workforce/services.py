"""What a team's manager sets of their people: how much they may carry, what they know, and when they are away."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core.dates import day
from earlyhelp.partnership.models import Leave, User
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workforce.queries import workers


@transaction.atomic
def set_capacity(
    worker: User,
    *,
    by: Any,
    now: datetime,
    hours: Decimal,
    case_limit: int,
    takes_cases: bool,
    languages: list[str],
    skills: list[str],
) -> User:
    """How many hours they work, how many families they may carry in full-time hours, and whom they work well with.

    Whoever takes no more families keeps those that they lead: only nothing more is offered to them.
    """
    worker = _managed(worker, by)
    worker.hours, worker.case_limit, worker.takes_cases = hours, case_limit, takes_cases
    worker.languages, worker.skills = languages, skills
    worker.save(update_fields=["hours", "case_limit", "takes_cases", "languages", "skills"])
    record("workforce.set_capacity", worker, by=by, at=now, hours=str(hours), case_limit=case_limit)
    return worker


@transaction.atomic
def plan_leave(worker: User, *, by: Any, now: datetime, from_on: date, until_on: date) -> Leave:
    """They are away, and nothing is offered to them that they could not begin with. Cover is named apart."""
    worker = _managed(worker, by)
    if until_on < timezone.localdate(now):
        raise NotPossible("This leave is over already.", field="until_on")
    if (until_on - from_on).days >= Leave.MOST_DAYS:
        raise NotPossible(f"For at most {Leave.MOST_DAYS} days.", field="until_on")
    if there := Leave.objects.between(from_on, until_on).filter(person=worker).first():
        raise NotPossible(
            f"They are away from {day(there.from_on)} to {day(there.until_on)} already: take that back first.",
            field="from_on",
        )
    leave = Leave.objects.create(person=worker, from_on=from_on, until_on=until_on, planned_by=by, planned_at=now)
    record("workforce.plan_leave", worker, by=by, at=now, leave=leave.pk)
    return leave


@transaction.atomic
def take_back_leave(leave: Leave, *, by: Any, now: datetime) -> Leave:
    _managed(leave.person, by)
    leave = Leave.objects.select_for_update(of=("self",)).select_related("person").get(pk=leave.pk)
    if leave.taken_back_at:
        raise NotPossible("This was taken back already.")
    leave.taken_back_at = now
    leave.save(update_fields=["taken_back_at"])
    record("workforce.take_back_leave", leave.person, by=by, at=now, leave=leave.pk)
    return leave


def _managed(worker: User, by: Any) -> User:
    """The person as they stand, held for the rest of the transaction. Raises ``PermissionDenied`` for others' people."""
    by.forget_scope()
    if not workers().for_user(by, "manage").filter(pk=worker.pk).exists():
        raise PermissionDenied
    return User.objects.select_for_update(of=("self",)).select_related("agency", "team").get(pk=worker.pk)
