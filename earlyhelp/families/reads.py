"""Who has seen a family, and how they came to: the log of reads, of it and of all that is kept about it (promise P5).

Rooms above lodge what they keep about a family and who works with it through them; a read by somebody whom none of them
knows stands out, and is what a family asks about first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import attrgetter, itemgetter, or_
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import CharField, Count, Max, Q, Value
from django.db.models.functions import TruncDate

from earlyhelp.audit.models import Access
from earlyhelp.families.models import Address, Family, FamilyUserObjectPermission, Person
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User

UNKNOWN = "No link to the family is known"


class Known(NamedTuple):
    """Rows, which field of theirs is a person, and how these people come to the family."""

    rows: Any
    field: str
    how: str
    stands_first: bool = False  # told of somebody whatever else links them to it


def nobody(family: Family) -> list[Known]:
    return []


@dataclass(frozen=True)
class Kept:
    """A kind of record that is kept about families: what a page calls it, the way to its family, who works with it so."""

    model: Any
    label: str
    family: str
    workers: Callable[[Family], list[Known]]

    @property
    def subject(self) -> str:
        return self.model._meta.label_lower

    @property
    def rows(self) -> Any:
        return self.model._base_manager.order_by()


KEPT: list[Kept] = []


def keeps(model: Any, label: str, *, family: str = "family", workers: Callable[[Family], list[Known]] = nobody) -> None:
    """Lodge a kind of record. ``workers``: of several ways to a family the last one is told."""
    KEPT.append(Kept(model, label, family, workers))


def _watch_over_it(family: Family) -> list[Known]:
    watch = Post.objects.filter(role=Role.IG_LEAD, area__in=family.area.lineage)
    named = FamilyUserObjectPermission.objects.filter(content_object=family)
    return [Known(watch, "user", "watches over who reads what"), Known(named, "user", "was named for it")]


def _wrote_it_down(family: Family) -> list[Known]:
    return [Known(Family.objects.filter(pk=family.pk), "created_by", "wrote the family down")]


keeps(Family, "the family", family="pk", workers=_watch_over_it)
keeps(Family, "the family", family="merged_into")  # under a record that became one with it
keeps(Address, "a secret address", family="person__memberships__family")
# Everybody who is or was in it: what was read of somebody who has left was read of this family.
keeps(Person, "its people", family="memberships__family", workers=_wrote_it_down)
keeps(Person, "its people", family="merged_into__memberships__family")  # under a record that became one with another


@dataclass(frozen=True)
class Reader:
    """One person on one day."""

    who: User | None
    at: datetime
    times: int
    what: str
    link: str
    purposes: list[str]

    @property
    def stands_out(self) -> bool:
        return self.who is not None and self.link == UNKNOWN


def reads_of(family: Family, *, since: datetime) -> Any:
    """A row for each person and day, the newest first: to be read with ``told``, a page at a time."""
    about = [Q(subject=subject, subject_id__in=pks) for subject, pks in _records_of(family).items()]
    rows = Access.objects.filter(reduce(or_, about), at__gte=since).annotate(day=TruncDate("at"))
    return (
        rows.values("day", "actor")
        .annotate(
            times=Count("request_id", distinct=True),
            last=Max("at"),
            subjects=ArrayAgg("subject", distinct=True),
            purposes=ArrayAgg("purpose", distinct=True, filter=~Q(purpose=""), default=[]),
        )
        .order_by("-day", "-last", "actor")
    )


def told(family: Family, rows: Iterable[dict[str, Any]]) -> list[Reader]:
    """The rows in words: who, what of it, how often, and how they come to the family."""
    rows = list(rows)
    people = User.objects.select_related("agency").in_bulk({row["actor"] for row in rows if row["actor"]})
    ways = links(family)
    return [
        Reader(
            who=people.get(row["actor"]),
            at=row["last"],
            times=row["times"],
            what=", ".join(dict.fromkeys(each.label for each in KEPT if each.subject in row["subjects"])),
            link=ways.get(row["actor"], UNKNOWN) if row["actor"] else "By a link, without an account",
            purposes=row["purposes"],
        )
        for row in rows
    ]


def _records_of(family: Family) -> dict[str, list[int]]:
    """All that is kept about them, by kind, in one query; by identity, so that the log is read by its index."""
    kinds = [
        each.rows.filter(**{each.family: family.pk}).values_list(Value(each.subject, CharField()), "pk")
        for each in KEPT
    ]
    found: dict[str, list[int]] = {}
    for subject, pk in kinds[0].union(*kinds[1:]):
        found.setdefault(subject, []).append(pk)
    return found


def links(family: Family) -> dict[int, str]:
    """How each person comes to the family, in one query; of several ways the one that was lodged last."""
    ways = sorted((way for each in KEPT for way in each.workers(family)), key=attrgetter("stands_first"))
    rows = [way.rows.order_by().values_list(way.field, Value(place)) for place, way in enumerate(ways)]
    return {person: ways[place].how for person, place in sorted(rows[0].union(*rows[1:]), key=itemgetter(1)) if person}
