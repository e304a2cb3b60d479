"""What a record says on paper, before anybody decides how it looks: sections of facts, of text and of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Section:
    """A heading, and under it text, facts and one table, each if there is any; else what is said where there is nothing."""

    heading: str
    text: str = ""
    facts: Sequence[tuple[str, str]] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    nothing: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.facts or self.rows)


@dataclass(frozen=True)
class Paper:
    """One document. ``marking`` says who may read it, ``made`` who made this copy and when: both stand on every page."""

    title: str
    reference: str
    marking: str
    made: str
    intro: str = ""
    sections: Sequence[Section] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        return asdict(self)
