"""What of a person's needs somebody else when they leave: apps above lodge it here, for accounts know no families."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Held:
    """«3 families they lead», without which."""

    count: int
    one: str
    several: str

    def __str__(self) -> str:
        return f"{self.count} {self.one if self.count == 1 else self.several}"


LEAVING: list[Callable[[Any], Held]] = []


def leaving(source: Callable[[Any], Held]) -> Callable[[Any], Held]:
    """Lodge ``(person) -> Held``: one count, one query."""
    LEAVING.append(source)
    return source


def held_by(person: Any) -> list[Held]:
    return [held for source in LEAVING if (held := source(person)).count]
