"""Deeds with what a genogram shows besides people: a pregnancy that ended, and how two people get on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core import dates
from earlyhelp.families import services
from earlyhelp.families.enums import BondKind
from earlyhelp.families.models import Bond, FamilyMembership, Person, PregnancyLoss
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible

GoesOn = Callable[[Person], str]
GOING_ON: list[GoesOn] = []


def goes_on(rule: GoesOn) -> GoesOn:
    """Lodge ``(child) -> what goes on for a child not born yet``, in words, or nothing: whoever leads it has to end it first."""
    GOING_ON.append(rule)
    return rule


# --- a pregnancy that ended -------------------------------------------------------------------------------------------


@transaction.atomic
def write_down_loss(
    mother: Person, *, by: Any, now: datetime, was: Person | None = None, **facts: Any
) -> PregnancyLoss:
    """In the record of the mother, as far as she wishes it. ``was``: the child not born yet, see ``end_pregnancy``."""
    loss = PregnancyLoss(mother=mother, was=was, recorded_by=by, recorded_at=now, **facts)
    loss.full_clean()
    loss.save()
    record("families.person.loss", mother, by=by, at=now)
    return loss


@transaction.atomic
def end_pregnancy(child: Person, *, mother: Person, by: Any, now: datetime, **facts: Any) -> PregnancyLoss:
    """Nobody expects this child any more: it is a loss of its mother's now, and a person of its own no longer.

    Its record goes into hers, as one of two records of a person does: it leaves its families, no page or search shows it, an
    old address leads to her, nobody is asked for its voice. Raises ``NotPossible`` where something still goes on for it.
    """
    for each in sorted((child.pk, mother.pk)):  # in one order: two who do so at once follow each other
        lock(Person(pk=each))
    child = lock(child)
    if not child.expected_on or child.merged_into_id:
        raise NotPossible("This child is not expected any more: look at the family again.")
    if found := next((words for rule in GOING_ON if (words := rule(child))), ""):
        raise NotPossible(f"{found} goes on for {child.name}: end it first.")
    FamilyMembership.objects.current().filter(person=child).update(until_on=timezone.localdate(now))
    _stands_in_the_record_of(mother, child)
    record("families.person.pregnancy_ended", child, by=by, at=now)
    return write_down_loss(mother, by=by, now=now, was=child, **facts)


@transaction.atomic
def loss_in_error(loss: PregnancyLoss, *, by: Any, now: datetime, reason: str) -> PregnancyLoss:
    """It was a mistake: a child who was expected is expected again, where they were."""
    loss = services.entered_in_error(loss, by=by, now=now, reason=reason)
    if loss.was:
        child = lock(loss.was)
        _stands_in_the_record_of(None, child)
        left = child.memberships.filter(until_on=timezone.localdate(loss.recorded_at))
        left.exclude(family__in=child.memberships.current().values("family")).update(until_on=None)
        record("families.person.expected_again", child, by=by, at=now)
    return loss


def _stands_in_the_record_of(mother: Person | None, child: Person) -> None:
    child.merged_into = mother
    child.version += 1
    child.save(update_fields=["merged_into", "version"])


# --- how two people get on --------------------------------------------------------------------------------------------


@transaction.atomic
def say_bond(
    person: Person,
    other: Person,
    *,
    kind: str,
    said_on: date,
    by: Any,
    now: datetime,
    said_by: Person | None = None,
) -> Bond:
    """How somebody sees two people get on. What was said of the two before ends on that day, and is kept.

    ``said_by``: of the family; nobody, if it is how ``by`` sees it. Raises ``NotPossible`` where something was said later.
    """
    first, second = sorted((person, other), key=lambda each: each.pk)
    for each in (first, second):  # in one order: two who say something at once follow each other
        lock(each)
    for before in Bond.objects.live().of(first.pk, second.pk):
        if before.said_on > said_on:
            raise NotPossible(
                f"Something else was said on {dates.day(before.said_on)}: enter that day or a later one.",
                field="said_on",
            )
        before.ended_on = said_on
        before.save(update_fields=["ended_on"])
    bond = Bond(person=first, other=second, kind=BondKind(kind), said_by=said_by, said_on=said_on)
    bond.recorded_by, bond.recorded_at = by, now
    bond.full_clean()
    bond.save()
    record("families.person.bond", first, by=by, at=now, other=second.pk)
    return bond


@transaction.atomic
def end_bond(bond: Bond, *, on: date, by: Any, now: datetime) -> Bond:
    """It is so no longer, and nobody says yet what is."""
    bond = lock(bond)
    if bond.ended_on:
        raise NotPossible("This has ended already.")
    if on < bond.said_on:
        raise NotPossible(f"It was said on {dates.day(bond.said_on)}: enter that day or a later one.", field="on")
    bond.ended_on = on
    bond.save(update_fields=["ended_on"])
    record("families.person.bond_ended", bond.person, by=by, at=now, other=bond.other_id)
    return bond
