"""What one may disagree with. Each app that decides something lodges how its record is found; this app knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from earlyhelp.cases.models import Case
from earlyhelp.disagreements.enums import About
from earlyhelp.families.models import Family
from earlyhelp.partnership.models import Area, User

Find = Callable[[str, Any], "Matter | None"]
MATTERS: dict[str, Find] = {}


@dataclass(frozen=True)
class Matter:
    """A record about which professionals may disagree, and who of the other side hears of it first."""

    reference: str
    url: str
    kinds: tuple[About, ...]
    area: Area
    family: Family | None
    case: Case | None
    people: tuple[User | None, ...] = ()


def matter(prefix: str) -> Callable[[Find], Find]:
    """Lodge ``(reference, user) -> Matter`` for references that begin so; none for what this person may not see."""

    def lodge(find: Find) -> Find:
        MATTERS[prefix] = find
        return find

    return lodge


def find(reference: str, user: Any) -> Matter | None:
    return next((found(reference, user) for prefix, found in MATTERS.items() if reference.startswith(prefix)), None)
