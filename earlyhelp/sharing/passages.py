"""What a document is made of, as the rooms above lodge it: passages, each of them about somebody (design.md 2 b)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from earlyhelp.families.models import Family
from earlyhelp.sharing.enums import Data


@dataclass(frozen=True)
class Passage:
    """A part that stays whole or is left out. ``subjects``: whom it is about, by identity; nobody in particular is everybody.

    ``private_to``: the agency that wrote it for itself. ``third_party``: it tells of somebody who is not of the family.
    ``beside``: the key of a passage before it, without which it goes to nobody. ``theirs_alone``: of the people of a family
    only those whom it is about may have it, and nobody who decides for them. ``no_agency``: it goes to people alone.
    """

    key: str
    heading: str
    text: str
    subjects: frozenset[int] = frozenset()
    private_to: int | None = None
    third_party: bool = False
    beside: str = ""
    theirs_alone: bool = False
    no_agency: bool = False


Tell = Callable[[Family], Sequence[Passage]]


@dataclass(frozen=True)
class Document:
    code: str
    label: str
    content: Data
    passages: Tell


DOCUMENTS: dict[str, Document] = {}


def document(code: str, label: str, content: Data) -> Callable[[Tell], Tell]:
    """Lodge ``(family) -> passages``: none at all where there is no such document yet."""

    def lodge(tell: Tell) -> Tell:
        DOCUMENTS[code] = Document(code, label, content, tell)
        return tell

    return lodge


def choices() -> list[tuple[str, Any]]:
    """For a form: a function, because apps lodge their documents after forms are read."""
    return [(each.code, each.label) for each in DOCUMENTS.values()]
