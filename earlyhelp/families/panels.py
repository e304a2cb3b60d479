"""Who is involved with a family: each app that works with families says so, and the family's page knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from earlyhelp.families.models import Family

Tell = Callable[[Family, Any], Iterable["Involvement"]]
INVOLVED: list[Tell] = []


@dataclass(frozen=True)
class Involvement:
    """What is being done, who does it and how to reach them; a link only for whoever may open it."""

    what: str
    who: str
    phone: str = ""
    state: str = ""
    url: str = ""


def involved(tell: Tell) -> Tell:
    """Lodge ``(family, user) -> involvements``: one query, and nothing of a restricted record."""
    INVOLVED.append(tell)
    return tell


def involvement(family: Family, user: Any) -> list[Involvement]:
    return [each for tell in INVOLVED for each in tell(family, user)]
