"""Who is involved with a family, and what else a person's page shows: each app says so, and the pages know none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from earlyhelp.families.models import Family, Person
from earlyhelp.partnership.models import User

Tell = Callable[[Family, Any], Iterable["Involvement"]]
INVOLVED: list[Tell] = []
AROUND: list[Tell] = []
WORKERS: list[Callable[[Family], Any]] = []
SECTIONS: list[tuple[str, str]] = []
PERSON_PANELS: list[PersonPanel] = []
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
    live: bool = True  # it goes on; else it was so
    is_service: bool = False
    about_children: bool = False  # the children of the family are whom it is about
    private: bool = False  # the agency says that it is involved, and no more (domain.md 5 g)

    @property
    def told(self) -> tuple[str, str, str]:
        """(who, what, how it stands), as much of it as everybody around the family may read."""
        if self.private:
            return self.who, "involved", ""
        return (self.who, self.what, self.state) if self.who else (self.what, "", self.state)


def involved(tell: Tell) -> Tell:
    """Lodge ``(family, user) -> involvements``: one query, and nothing of a restricted record."""
    INVOLVED.append(tell)
    return tell


def involvement(family: Family, user: Any) -> list[Involvement]:
    return [each for tell in INVOLVED for each in tell(family, user)]


def around(tell: Tell) -> Tell:
    """Lodge the same for the ecomap alone, which has room for everybody: a team, and each service somebody was referred to."""
    AROUND.append(tell)
    return tell


def all_around(family: Family, user: Any) -> list[Involvement]:
    return [each for tell in (*INVOLVED, *AROUND) for each in tell(family, user)]


def works_with(find: Callable[[Family], Any]) -> Callable[[Family], Any]:
    """Lodge ``(family) -> people``: the accounts of those who work with it now."""
    WORKERS.append(find)
    return find


def workers_with(family: Family) -> Any:
    """Those who work with a family now, by name."""
    found = reduce(or_, (Q(pk__in=find(family).order_by().values("pk")) for find in WORKERS), Q(pk__in=()))
    return User.objects.filter(found, is_active=True).select_related("agency").order_by("last_name", "first_name", "pk")


def family_section(url_name: str, label: str) -> None:
    """Lodge a page of a family’s own, by the name of its address, which takes the family’s reference."""
    SECTIONS.append((url_name, label))


@dataclass(frozen=True)
class PersonPanel:
    """A part of a person's page: ``template`` drawn with what ``read`` makes of a value that came with the person."""

    name: str
    template: str
    bring: Callable[[], Any]
    read: Callable[[Any], Any]


def person_panel(
    name: str, template: str, *, read: Callable[[Any], Any]
) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Lodge ``() -> expression`` over people, whose value the panel reads: it costs the page no query of its own."""

    def lodge(bring: Callable[[], Any]) -> Callable[[], Any]:
        PERSON_PANELS.append(PersonPanel(name, template, bring, read))
        return bring

    return lodge


def with_panels(people: Any) -> Any:
    return people.annotate(**{panel.name: panel.bring() for panel in PERSON_PANELS})


def panels_of(person: Any) -> list[tuple[str, Any]]:
    """(template, what it shows) for a person read ``with_panels``."""
    return [(panel.template, panel.read(getattr(person, panel.name))) for panel in PERSON_PANELS]


def person_links(offer: Callable[[Person, bool], Iterable[Link]]) -> Callable[[Person, bool], Iterable[Link]]:
    """Lodge ``(person, whether their record is kept by its reader) -> [(label, url)]`` for a person's page. No queries."""
    PERSON_LINKS.append(offer)
    return offer


def links_of(person: Person, may_change: bool) -> list[Link]:
    return [link for offer in PERSON_LINKS for link in offer(person, may_change)]
