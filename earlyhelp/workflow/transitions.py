"""The one mechanism by which anything changes its state (design.md 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db import transaction as db

from earlyhelp.audit.models import Event, record
from earlyhelp.core import dates
from earlyhelp.core.composed import held
from earlyhelp.core.rights import may, rights
from earlyhelp.core.wall import beyond
from earlyhelp.core.words import within


class System:
    """The actor of scheduled work. Never ``None``, so that a forgotten user is refused and not let through."""

    pk = None

    def __str__(self) -> str:
        return "Early Help"


SYSTEM: Final = System()
REGISTRY: dict[type[models.Model], dict[str, Transition]] = {}


class NotPossible(Exception):
    """The record is not in a state from which this can be done. Its text is fit to show to a person, beside ``field``."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class Spent(NotPossible):
    """The token of a sending comes back with something else: the first is saved, and this is not."""

    def __init__(self) -> None:
        super().__init__(
            "This page was sent before, and what you wrote then is saved. What stands here now is different, and is not "
            "saved: send it again to save it too."
        )


class Stale(Exception):
    """Somebody else saved this record since it was read. Carries the record as it stands now."""

    def __init__(self, row: models.Model) -> None:
        super().__init__(f"{row} was changed by somebody else meanwhile.")
        self.row = row


@dataclass(frozen=True)
class Transition:
    model: type[models.Model]
    name: str
    label: str
    sources: frozenset[str]
    target: str | None
    rule: str
    body: Callable[..., dict[str, Any] | None]
    do_not_call_in_templates = True  # callable, but a template only reads it

    def __call__(self, row: Any, *, by: Any, now: datetime, **facts: Any) -> Any:
        """Do it, whole or not at all. Returns the record as it now stands.

        Raises ``PermissionDenied`` if the rule does not allow ``by``, ``NotPossible`` if the state does not allow it.
        """
        with beyond("a deed asks its own rule; what follows may lie out of its doer's sight"), db.atomic():
            row = held(self.model, row.pk)
            _refuse_strangers(self.rule, row, by)
            if row.status not in self.sources:
                raise NotPossible(self._why_not(row))
            was = row.status
            row.status = self.target or was
            noted = self.body(row, by=by, now=now, **facts) or {}
            row.version += 1
            clean_values(row)
            row.save()
            record(
                f"{row._meta.label_lower}.{self.name}", row, by=person(by), at=now, was=was, became=row.status, **noted
            )
        return row

    def _why_not(self, row: Any) -> str:
        last = (
            Event.objects.filter(subject=row._meta.label_lower, subject_id=row.pk)
            .select_related("actor")
            .order_by("-at", "-pk")
            .first()
        )
        who = f" ({last.actor or row.nameless_actor}, {dates.moment(last.at)})" if last else ""
        return f"{row} is now “{within(row.get_status_display())}”{who}, so this is no longer possible: {within(self.label)}."


def transition(
    model: type[models.Model], *, label: str, sources: Iterable[str], target: str | None = None, rule: str = ""
) -> Callable[[Callable[..., Any]], Transition]:
    """Declare a change of state. ``target`` of none keeps the state; ``rule`` names the access rule, else its own name does."""

    def register(body: Callable[..., Any]) -> Transition:
        move = Transition(model, body.__name__, label, frozenset(sources), target, rule or body.__name__, body)
        REGISTRY.setdefault(model, {})[move.name] = move
        return move

    return register


def open_to(user: Any, row: Any) -> list[Transition]:
    """What this person may start now, in the order in which it is declared."""
    possible = [move for move in REGISTRY.get(type(row), {}).values() if row.status in move.sources]
    allowed = rights(user, row, {move.rule for move in possible})
    return [move for move in possible if move.rule in allowed]


def clean_values(row: models.Model) -> None:
    """Refuse a value that its field cannot hold. Keys and constraints are the database's own, which asks them at saving.

    Django would ask each of them in a query of its own: half of all the queries of a hub's decision.
    """
    row.clean_fields(exclude={field.name for field in row._meta.concrete_fields if field.is_relation})
    row.clean()


def person(by: Any) -> Any:
    return None if by is SYSTEM else by


def _refuse_strangers(rule: str, row: models.Model, by: Any) -> None:
    if by is SYSTEM:
        return
    by.forget_scope()
    if not may(by, rule, row):
        raise PermissionDenied
