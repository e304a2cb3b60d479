"""The case's pages are a shelf: every app puts its own section on it, and the case knows none of them (design.md 2 b)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from earlyhelp.cases.models import Case

SECTIONS: list[Section] = []
DEEDS: list[Callable[[Case, Any], list[tuple[str, str]]]] = []
NEXT_STEPS: list[Callable[[Case, Any], NextStep | None]] = []
NOTES: list[Callable[[Case, Any], Iterable[Note]]] = []
FACTS: dict[str, Callable[[], Any]] = {}
KEPT_AT: dict[str, Callable[[Case], str]] = {}
HEARINGS: list[Callable[[Case], datetime | None]] = []
OFFERS: list[Callable[[Case, Any], Iterable[Offered]]] = []
UNDER_WAY: list[Callable[[Case], Iterable[str]]] = []


@dataclass(frozen=True)
class Section:
    """One entry of the case's sub-navigation: its own page, drawn from ``template`` with what ``build`` gives."""

    place: int
    slug: str
    title: str
    template: str
    build: Callable[[Case, Any], dict[str, Any]]


@dataclass(frozen=True, order=True)
class NextStep:
    """«Next step: take me there», and why. The first of all that apps suggest is shown large, as the page's one main button."""

    place: int
    text: str
    url: str
    why: str = ""


@dataclass(frozen=True)
class Note:
    """What nobody who opens the case may overlook: stands above everything else on its overview."""

    title: str
    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Offered:
    """A service named for a family. ``answers``: what may come of it but a yes, (label, address), if this reader offers it."""

    service: Any
    named: str
    state: str
    colour: str
    words: str = ""
    answers: list[tuple[str, str]] = field(default_factory=list)


def section(place: int, slug: str, title: str, template: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def lodge(build: Callable[..., Any]) -> Callable[..., Any]:
        SECTIONS.append(Section(place, slug, title, template, build))
        SECTIONS.sort(key=lambda each: each.place)
        return build

    return lodge


def deeds(offer: Callable[[Case, Any], list[tuple[str, str]]]) -> Callable[[Case, Any], list[tuple[str, str]]]:
    """Lodge buttons for a case: ``(case, user) -> [(label, url)]``. They may not query: ``rights`` came with the case."""
    DEEDS.append(offer)
    return offer


def next_step(suggest: Callable[[Case, Any], NextStep | None]) -> Callable[[Case, Any], NextStep | None]:
    """Lodge a suggestion. It may not query either: what it must know is a ``fact``."""
    NEXT_STEPS.append(suggest)
    return suggest


def note(tell: Callable[[Case, Any], Iterable[Note]]) -> Callable[[Case, Any], Iterable[Note]]:
    """Lodge ``(case, user) -> notes``. It may not query either: what it must know is a ``fact``."""
    NOTES.append(tell)
    return tell


def notes(case: Case, user: Any) -> list[Note]:
    return [each for tell in NOTES for each in tell(case, user)]


def fact(name: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Lodge what a suggestion must know, ``() -> expression`` over cases: it is read as ``case.<name>`` with the case itself."""

    def lodge(make: Callable[[], Any]) -> Callable[[], Any]:
        FACTS[name] = make
        return make

    return lodge


def with_facts(cases: Any) -> Any:
    """Bring with each case all that ``next_steps`` asks of it."""
    return cases.annotate(**{name: make() for name, make in FACTS.items()})


def next_steps(case: Case, user: Any) -> list[NextStep]:
    """What apps suggest that this person does next with a case read ``with_facts``, most pressing first."""
    return sorted(step for suggest in NEXT_STEPS if (step := suggest(case, user)) is not None)


def kept_at(*codes: str) -> Callable[[Callable[[Case], str]], Callable[[Case], str]]:
    """Lodge the page, ``(case) -> address``, on which promises of these codes are kept: whoever is reminded is led there."""

    def lodge(page: Callable[[Case], str]) -> Callable[[Case], str]:
        KEPT_AT.update(dict.fromkeys(codes, page))
        return page

    return lodge


def page_that_keeps(code: str, case: Case) -> str:
    return KEPT_AT.get(code, Case.get_absolute_url)(case)


def services_named(tell: Callable[[Case, Any], Iterable[Offered]]) -> Callable[[Case, Any], Iterable[Offered]]:
    """Lodge which services were named for a family: ``(case, user) -> offers``, shown where its services stand."""
    OFFERS.append(tell)
    return tell


def named_services(case: Case, user: Any) -> list[Offered]:
    return [each for tell in OFFERS for each in tell(case, user)]


def under_way(tell: Callable[[Case], Iterable[str]]) -> Callable[[Case], Iterable[str]]:
    """Lodge what is being done on a case and may be stopped, in its own words: ``(case) -> texts``."""
    UNDER_WAY.append(tell)
    return tell


def what_is_under_way(case: Case) -> list[str]:
    return [text for tell in UNDER_WAY for text in tell(case)]


def heard(find: Callable[[Case], datetime | None]) -> Callable[[Case], datetime | None]:
    """Lodge when a case that waits is to be decided: ``(case) -> moment``, or none if no meeting has it yet."""
    HEARINGS.append(find)
    return find


def heard_at(case: Case) -> datetime | None:
    """The meeting at which this case is to be decided, for those who wait for it outside."""
    return min((at for find in HEARINGS if (at := find(case)) is not None), default=None)
