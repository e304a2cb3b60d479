"""Whose voice decides for a person: from sixteen on their own; for a child whoever holds parental responsibility (domain.md 16).

One rule for a yes to early help and for what an agency may be told.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from earlyhelp.core import dates
from earlyhelp.families.enums import DECIDES_FROM, GivenBy
from earlyhelp.families.models import Person, Relationship
from earlyhelp.workflow.transitions import NotPossible


class Said(Protocol):
    """What was answered, by whom, for whom."""

    person: Person
    parent: Person | None
    given_by: str
    capacity_note: str
    years: int | None


def age_of(born_on: date | None, expected_on: date | None, today: date) -> int | None:
    """In years; of a child not born yet none at all, so that others decide."""
    if expected_on:
        return 0
    return dates.years_old(born_on, today) if born_on else None


def note_that_counts(note: str, given_by: str, years: int | None) -> str:
    """Of a child a parent decides anyhow: a note would outlive their sixteenth birthday."""
    return "" if given_by == GivenBy.PARENT and years is not None and years < DECIDES_FROM else note


def refuse_wrong_voice(said: Said) -> None:
    """Raises ``NotPossible`` where it is not this voice that decides, or nothing says why it is."""
    if said.given_by == GivenBy.DECIDER and not said.capacity_note:
        raise NotPossible("Say how it was found that they cannot decide this, and who may.", field="capacity_note")
    if said.given_by != GivenBy.PARENT:
        return
    if said.years is not None and said.years >= DECIDES_FROM and not said.capacity_note:
        raise NotPossible("They are 16 or over and decide themselves.", field="given_by")
    if said.parent is None:
        raise NotPossible("Choose the parent who answered.", field="parent")
    held = Relationship.objects.responsible().filter(person=said.parent, other=said.person)
    if not held.exists():
        raise NotPossible(
            f"It is not written down that {said.parent.name} holds parental responsibility for {said.person.name}.",
            field="parent",
        )
