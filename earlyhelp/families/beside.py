"""What people say themselves of what is written about them: a room above keeps it and lodges it here, to be read beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model

from earlyhelp.families.models import Family, Person

Record = tuple[str, int]  # (kind, key)


@dataclass(frozen=True)
class Statement:
    """It alters nothing of the record that it is about. ``on``: the day of that; ``at``: when it was written down."""

    pk: int
    about: Record
    person: Person
    words: str
    on: date
    at: datetime
    who: str  # wrote it down


Beside = Callable[[Family], Iterable[Statement]]
BESIDE: list[Beside] = []


def stands_beside(tell: Beside) -> Beside:
    """Lodge ``(family) -> statements``: in one query."""
    BESIDE.append(tell)
    return tell


def statements_of(family: Family) -> dict[Record, list[Statement]]:
    """By the record that each is about; none where there is none."""
    found = defaultdict(list)
    for tell in BESIDE:
        for each in tell(family):
            found[each.about].append(each)
    return found


def statements_on(row: Model, family: Family) -> list[Statement]:
    return statements_of(family)[record_of(row)]


def record_of(row: Model) -> Record:
    return row._meta.label_lower, row.pk
