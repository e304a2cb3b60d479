"""What other apps say of a case where it is told on paper, to somebody outside: the case knows none of them (design.md 2 b)."""

from __future__ import annotations

from collections.abc import Callable

from earlyhelp.cases.models import Case
from earlyhelp.core.documents import Section

Extract = Callable[[Case], Section | None]
EXTRACTS: list[tuple[int, Extract]] = []


def extract(place: int) -> Callable[[Extract], Extract]:
    """Lodge a section of such a document: ``(case) -> Section``, or none where there is nothing to tell."""

    def lodge(tell: Extract) -> Extract:
        EXTRACTS.append((place, tell))
        EXTRACTS.sort(key=lambda each: each[0])
        return tell

    return lodge


def extracts(case: Case) -> list[Section]:
    """All that apps say of it, in their order. Whoever calls has asked already whether the case may be read."""
    return [section for _, tell in EXTRACTS if (section := tell(case)) is not None]
