"""What people say themselves of an assessment: a room above keeps it and lodges it here, to be read beside what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from assessments.models import Assessment
from earlyhelp.families.models import Person


@dataclass(frozen=True)
class Statement:
    """It alters nothing of what it stands beside."""

    pk: int
    person: Person
    words: str
    at: datetime


Beside = Callable[[Assessment], Iterable[Statement]]
BESIDE: list[Beside] = []


def stands_beside(tell: Beside) -> Beside:
    """Lodge ``(assessment) -> statements``: in one query."""
    BESIDE.append(tell)
    return tell


def statements_on(assessment: Assessment) -> list[Statement]:
    return [each for tell in BESIDE for each in tell(assessment)]
