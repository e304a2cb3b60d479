"""A sending that counts once, and an edit that overwrites nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from psycopg2.errors import UniqueViolation

from earlyhelp.audit.models import Event, record
from earlyhelp.core.composed import held
from earlyhelp.core.wall import beyond
from earlyhelp.workflow.models import Draft, Submission, Versioned
from earlyhelp.workflow.transitions import NotPossible, Spent, Stale, person

V = TypeVar("V", bound=Versioned)
REPEATED_WITHIN = timedelta(days=30)  # a page that lay open for longer belongs to a session long over


@transaction.atomic
def once(token: UUID | None, *, by: Any, now: datetime, deed: Callable[[], str], said: str = "") -> str:
    """Do ``deed`` unless this sending was done already; either way, say where it led.

    The token is stored in the deed's own transaction: two sendings at once wait for each other, and the second finds
    the first one's answer. ``said``: what is sent and where, the same if it is sent again. Raises ``Spent`` if it is not
    the same, and ``NotPossible`` for the token of another person's sending: its answer is not theirs.
    """
    if token is None:
        return _done(deed)
    seal = salted_hmac("workflow.once", said, algorithm="sha256").hexdigest()
    made = Submission.objects.bulk_create([Submission(token=token, user=by, at=now, said=seal)], ignore_conflicts=True)
    mine = Submission.objects.select_for_update().get(token=token)
    if mine.user_id != by.pk:
        raise NotPossible("This was sent by somebody else. Open the page again and repeat it.")
    if mine.said and mine.said != seal:
        raise Spent
    if mine.answer or not made:
        return mine.answer
    mine.answer = _done(deed)
    mine.save(update_fields=["answer"])
    return mine.answer


def _done(deed: Callable[[], str]) -> str:
    """Where two save the same at once and the database lets one of them, the other is told so."""
    try:
        with beyond("a deed asks its own rule; what follows may lie out of its doer's sight"):
            return deed()
    except IntegrityError as problem:
        if not isinstance(problem.__cause__, UniqueViolation):
            raise
        text = "Somebody else saved the same a moment ago. Look at what is there now, or send it again."
        raise NotPossible(text) from problem


@transaction.atomic
def edit(row: V, *, by: Any, now: datetime, version: int | None = None, **changes: Any) -> V:
    """Save ``changes`` to a record that people edit. Raises ``Stale`` if it was changed since ``version`` was read."""
    row = lock(row)
    if version is not None and row.version != version:
        raise Stale(row)
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.full_clean()
    row.save()
    record(f"{row._meta.label_lower}.edit", row, by=person(by), at=now, fields=sorted(changes))
    return row


def lock(row: Any) -> Any:
    """The record as it stands, held for the rest of the transaction."""
    return held(type(row), row.pk)


def last_step(row: Any, *names: str) -> Event | None:
    """The latest of these steps of a record: who took it, when, why, and whom they asked."""
    return last_steps([row], *names).get(row.pk)


def last_steps(rows: Sequence[Any], *names: str) -> dict[int, Event]:
    """The same of several records of one kind, by their keys, in one query."""
    if not rows:
        return {}
    label = rows[0]._meta.label_lower
    steps = Event.objects.filter(
        subject=label, subject_id__in=[row.pk for row in rows], kind__in=[f"{label}.{name}" for name in names]
    )
    return {step.subject_id: step for step in steps.select_related("actor").order_by("at", "pk")}


def tidy(*, now: datetime) -> int:
    """Throw away what was typed and never sent for a month, and the tokens of sendings as old; says how many."""
    forgotten = Submission.objects.filter(at__lt=now - REPEATED_WITHIN).delete()[0]
    return forgotten + Draft.objects.stale(now).delete()[0]
