"""Two records of one thing become one, over every foreign key there is, and are parted again: what merges share.

A kind of record that somebody adds next year goes along without being named here. Both records stay. What was moved is
written down row by row, and only that goes back; what came since stays where it was put.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import pghistory.models
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core.rights import may
from earlyhelp.families.enums import MatchStatus
from earlyhelp.families.models import FamilyMembership, Joining, Pair
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible

STAYS: set[tuple[type[models.Model], str]] = set()
AlsoClashing = Callable[[Any, Any, Any], set[int]]
Forbid = Callable[[Any, Any], str]
J = TypeVar("J", bound=Joining)
P = TypeVar("P", bound=Pair)


def stays(model: type[models.Model], name: str) -> None:
    """Lodge that rows of ``model`` remain on the record they were written on where both have one: it says what was so then.

    Of all else a second one stands in the way of a merge, and is told.
    """
    STAYS.add((model, name))


# --- before it is done ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moving:
    """The rows of one kind that name the record to be merged in one of their fields."""

    reference: Any
    going: list[int]
    clashing: list[int]  # the database would not hold them beside what the other record has

    @property
    def model(self) -> type[models.Model]:
        return self.reference.model

    @property
    def may_stay(self) -> bool:
        """A list of whom something is about names one of them already: the second name may stay on it."""
        listed = bool(self.model._meta.auto_created)
        return listed or (self.model, self.reference.name) in STAYS or _is_append_only(self.model)

    @property
    def words(self) -> str:
        n = len(self.going)
        return f"{n} {self.model._meta.verbose_name if n == 1 else self.model._meta.verbose_name_plural}"


def nothing_more(reference: Any, kept: Any, merged: Any) -> set[int]:
    return set()


def what_goes(kept: Any, merged: Any, also_clashing: AlsoClashing = nothing_more) -> list[Moving]:
    """``also_clashing``: ``(reference, kept, merged)`` -> rows that say the same, though no constraint knows it."""
    found = []
    for reference in references(type(kept)):
        rows = set(rows_of(reference, merged).values_list("pk", flat=True))
        clashing = _clashing(reference, kept, merged) | also_clashing(reference, kept, merged) if rows else set()
        if _is_append_only(reference.model):
            clashing = rows
        if rows:
            found.append(Moving(reference, sorted(rows - clashing), sorted(clashing)))
    return found


def in_the_way(moving: Iterable[Moving], one: str) -> list[str]:
    """What each of the two has once, in words. ``one``: what has it, «person»."""
    return [
        f"Each has a {each.model._meta.verbose_name} that one {one} has once at a time: end one first."
        for each in moving
        if each.clashing and not each.may_stay
    ]


def references(model: type[models.Model]) -> Iterator[Any]:
    """Every foreign key to such a record but those that say what was found of two of them, and the history of rows."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        related: Any = relation.related_model
        if not issubclass(related, pghistory.models.Event | Joining | Pair):
            yield relation.field


def rows_of(reference: Any, record: Any) -> Any:
    return reference.model._base_manager.filter(**{reference.name: record})


def _clashing(reference: Any, kept: Any, merged: Any) -> set[int]:
    """Rows that the database would not hold beside, or of, the other record: asked of the model's own constraints."""
    found: set[int] = set()
    together = [
        models.UniqueConstraint(fields=names, name="_".join(names)) for names in reference.model._meta.unique_together
    ]
    for rule in (*reference.model._meta.constraints, *together):
        if isinstance(rule, models.UniqueConstraint):
            found |= _twice(rule, reference, kept, merged)
        elif isinstance(rule, models.CheckConstraint):
            found |= _untrue(rule, reference, kept, merged)
    return found


def _twice(unique: models.UniqueConstraint, reference: Any, kept: Any, merged: Any) -> set[int]:
    """The second of what may be once."""
    if reference.name not in (names := fields_of(unique)):
        return set()
    same = {name: OuterRef(name) for name in names if name != reference.name}
    live = unique.condition or Q()
    twin = rows_of(reference, kept).filter(live, **same)
    return set(rows_of(reference, merged).filter(live).filter(Exists(twin)).values_list("pk", flat=True))


def _untrue(check: models.CheckConstraint, reference: Any, kept: Any, merged: Any) -> set[int]:
    """What could not be said of the other record: nobody is related to, or kept apart from, themselves."""
    condition: Any = check.condition
    if reference.name not in condition.referenced_base_fields:
        return set()
    return {row.pk for row in rows_of(reference, merged) if not _would_hold(check, row, reference, kept)}


def _would_hold(check: models.CheckConstraint, row: models.Model, reference: Any, kept: Any) -> bool:
    setattr(row, reference.name, kept)
    try:
        check.validate(type(row), row)
    except ValidationError:
        return False
    return True


def fields_of(unique: models.UniqueConstraint) -> list[str]:
    expressions: Any = unique.expressions  # each a plain field here: a test holds every model to that
    return [*unique.fields] or [each.name for each in expressions]


def _is_append_only(model: type[models.Model]) -> bool:
    """What was decided is never altered: it goes on naming the record that it was decided on."""
    triggers = getattr(model._meta, "triggers", [])
    return any(trigger.name == "append_only" and trigger.condition is None for trigger in triggers)


def both_held(kept: Any, merged: Any, by: Any) -> tuple[Any, Any]:
    """Both as they stand, held; always in one order, so that two who join them at once follow each other.

    Raises ``PermissionDenied`` unless ``by`` may match each of them; what was joined before is judged by its other half.
    """
    held = {pk: lock(type(kept)(pk=pk)) for pk in sorted({kept.pk, merged.pk})}
    by.forget_scope()
    if not all(each.merged_into_id or may(by, "match", each) for each in held.values()):
        raise PermissionDenied
    return held[kept.pk], held[merged.pk]


# --- doing it ---------------------------------------------------------------------------------------------------------


@dataclass
class Journal:
    """What a merge does, written down as it is done."""

    moved: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)

    def move(self, each: Moving, kept: Any) -> None:
        had = sorted(rows_of(each.reference, kept).values_list("pk", flat=True))
        each.model._base_manager.filter(pk__in=each.going).update(**{each.reference.name: kept})
        names = {"model": each.model._meta.label_lower, "field": each.reference.name}
        self.moved.append(names | {"went": each.going, "had": had})

    def change(self, row: models.Model, name: str, value: Any) -> None:
        altered: Any = row._meta.get_field(name)
        was = _as_text(row, altered)
        setattr(row, altered.attname, value)
        row.save(update_fields=[name])
        became = _as_text(row, altered)
        named = {"model": row._meta.label_lower, "pk": row.pk, "field": name}
        self.changed.append(named | {"was": was, "became": became})

    def put_back(self) -> None:
        """What was altered since is left: somebody knew better."""
        for each in reversed(self.changed):
            model = apps.get_model(each["model"])
            row: Any = model._base_manager.filter(pk=each["pk"]).first()
            altered = model._meta.get_field(each["field"])
            if row is None or _as_text(row, altered) != each["became"]:
                continue
            setattr(row, altered.attname, None if each["was"] is None else altered.to_python(each["was"]))
            with suppress(IntegrityError), transaction.atomic():  # or something newer has its place by now
                row.save(update_fields=[each["field"]])

    def move_back(self, kept: Any, merged: Any) -> None:
        for each in self.moved:
            reference = apps.get_model(each["model"])._meta.get_field(each["field"])
            rows_of(reference, kept).filter(pk__in=each["went"]).update(**{reference.name: merged})


def move_all(journal: Journal, moving: Iterable[Moving], kept: Any, *, now: datetime) -> None:
    """Nobody is in a family twice: under the merged record such a membership ends, and is not shown as one who left."""
    for each in moving:
        if each.model is FamilyMembership:
            for membership in FamilyMembership.objects.filter(pk__in=each.clashing):
                journal.change(membership, "until_on", timezone.localdate(now))
        journal.move(each, kept)


def now_one_with(merged: Any, kept: Any) -> None:
    """``kept``: none where they are two again."""
    type(merged).objects.filter(pk=merged.pk).update(merged_into=kept, version=F("version") + 1)


def tell_both(kind: str, kept: Any, merged: Any, *, by: Any, now: datetime, reason: str) -> None:
    for one, other in ((kept, merged), (merged, kept)):
        record(kind, one, by=by, at=now, reason=reason, other=other.pk)


def undo(
    done: J, *, by: Any, now: datetime, reason: str, forbids: Iterable[Forbid], settle: Callable[[Any], None]
) -> J:
    """They are two after all: each has again what was theirs. What was written down since stays with the record it is on.

    Called within a transaction. ``settle``: what follows for each of the two from where they stand then.
    """
    done = lock(done)
    if done.undone_at:
        raise NotPossible(f"{done.undone_by} has undone this already.")
    kept, merged = _held_again(done)
    by.forget_scope()
    if not may(by, "view", done):
        raise PermissionDenied
    if kept.merged_into_id:
        raise NotPossible("The record that was kept became one with another since. Undo that first.")
    if found := next((why for rule in forbids if (why := rule(kept, merged))), ""):
        raise NotPossible(found)
    journal = Journal(done.moved, done.changed)
    journal.move_back(kept, merged)
    journal.put_back()
    now_one_with(merged, None)
    for each in (kept, merged):
        settle(each)
    done.undone_by, done.undone_at, done.undone_why = by, now, reason
    done.save(update_fields=["undone_by", "undone_at", "undone_why"])
    return done


def _held_again(done: Any) -> tuple[Any, Any]:
    """In the order in which ``both_held`` holds them."""
    held = {pk: lock(type(done.kept)(pk=pk)) for pk in sorted((done.kept_id, done.merged_id))}
    return held[done.kept_id], held[done.merged_id]


def _as_text(row: models.Model, named: Any) -> str | None:
    return None if getattr(row, named.attname) is None else named.value_to_string(row)


def added_since(done: Any) -> list[str]:
    """What came to the kept record after the merge, in words: it stays there when the merge is undone."""
    told = []
    for each in done.moved:
        model: Any = apps.get_model(each["model"])
        rows = model._base_manager.filter(**{each["field"]: done.kept_id})
        if n := rows.exclude(pk__in=[*each["went"], *each["had"]]).count():
            told.append(f"{n} {model._meta.verbose_name if n == 1 else model._meta.verbose_name_plural}")
    return told


# --- what was said of two records -------------------------------------------------------------------------------------


def say(
    pairs: type[P], status: MatchStatus, one: Any, other: Any, *, kind: str, by: Any, now: datetime, note: str
) -> P:
    """Somebody says that they are two, or takes that back; ``kind``: of the entry in the trail. Within a transaction."""
    one, other = both_held(one, other, by)
    if status == MatchStatus.NOT_SAME and (one.merged_into_id or other.merged_into_id):
        raise NotPossible("These are one record already. Undo that first.")
    record(kind, one, by=by, at=now, reason=note, other=other.pk)
    return remember(pairs, status, one, other, by=by, now=now, note=note)


def remember(pairs: type[P], status: MatchStatus, one: Any, other: Any, *, by: Any, now: datetime, note: str) -> P:
    said = {"status": status, "said_by": by, "said_at": now, "note": note}
    pair, _ = pairs._default_manager.update_or_create(
        **pairs.names(one, other), defaults=said, create_defaults=said | {"found_at": now}
    )
    return pair
