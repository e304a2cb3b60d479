"""Who is involved with a family, and what can be done with a person: each app says so, and these pages know none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from earlyhelp.families.models import Family, Person

Tell = Callable[[Family, Any], Iterable["Involvement"]]
INVOLVED: list[Tell] = []
Link = tuple[str, str]
PERSON_LINKS: list[Callable[[Person, bool], Iterable[Link]]] = []


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


def person_links(offer: Callable[[Person, bool], Iterable[Link]]) -> Callable[[Person, bool], Iterable[Link]]:
    """Lodge ``(person, whether their record is kept by its reader) -> [(label, url)]`` for a person's page. No queries."""
    PERSON_LINKS.append(offer)
    return offer


def links_of(person: Person, may_change: bool) -> list[Link]:
    return [link for offer in PERSON_LINKS for link in offer(person, may_change)]
