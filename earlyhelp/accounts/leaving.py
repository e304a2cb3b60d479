"""What of a person's needs somebody else when they leave: apps above lodge it here, for accounts know no families."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Held:
    """«3 families they lead», without which."""

    count: int
    one: str
    several: str
    url: str = ""  # where whoever manages them hands it on

    def __str__(self) -> str:
        return f"{self.count} {self.one if self.count == 1 else self.several}"


LEAVING: list[Callable[[Any], Held]] = []


def leaving(source: Callable[[Any], Held]) -> Callable[[Any], Held]:
    """Lodge ``(person) -> Held``: one count, one query."""
    LEAVING.append(source)
    return source


# What ends by itself with their last day: ``(person, by, now)``.
PARTING: list[Callable[..., None]] = []


def parting(deed: Callable[..., None]) -> Callable[..., None]:
    PARTING.append(deed)
    return deed


# Whom else it concerns, once their last day is known: ``(person, by, now)``.
ANNOUNCED: list[Callable[..., None]] = []


def announced(deed: Callable[..., None]) -> Callable[..., None]:
    ANNOUNCED.append(deed)
    return deed


def announce(person: Any, *, by: Any, now: datetime) -> None:
    for deed in ANNOUNCED:
        deed(person, by=by, now=now)


def part(person: Any, *, by: Any, now: datetime) -> None:
    for deed in PARTING:
        deed(person, by=by, now=now)


def held_by(person: Any) -> list[Held]:
    return [held for source in LEAVING if (held := source(person)).count]
