"""Ways on to other help: each app lodges where it can take somebody, and who offers them knows none of them.

A route creates a record of its own app (an introduction, a contact, an onward referral). It may only be taken with the
yes of the person it is for, and never for somebody whose whereabouts are protected: those are rung (domain.md 5 d, 6.3, 16).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from earlyhelp.directory.enums import AskedHow
from earlyhelp.directory.models import Service
from earlyhelp.directory.queries import is_restricted
from earlyhelp.families.models import Family, Person
from earlyhelp.workflow.transitions import NotPossible

ROUTES: dict[str, Route] = {}


@dataclass(frozen=True)
class Ask:
    """Who is to go, what they hope for in their own words, how they like to be reached, and their yes: whose, and how given."""

    person: Person
    words: str
    reach: str
    agreement: str
    family: Family | None = None
    asked_how: str = AskedHow.PHONE
    service: Service | None = None  # of the directory, where the way leads to one of many


@dataclass(frozen=True)
class Went:
    """Where somebody went: the place in words, and the reference of the record that was made there."""

    where: str
    reference: str = ""


@dataclass(frozen=True)
class Route:
    place: int
    code: str
    label: str
    for_whom: str
    needs: str
    go: Callable[..., Went]
    longest: int  # letters of what they hope for
    title: str  # of the place, inside a sentence


def route(
    place: int, code: str, label: str, *, for_whom: str, needs: str = "", longest: int = 2_000, title: str = ""
) -> Callable[[Callable[..., Went]], Callable[..., Went]]:
    """Lodge ``(ask, *, by, now) -> Went``: for whom it is, and what must be known before one takes it."""

    def lodge(go: Callable[..., Went]) -> Callable[..., Went]:
        ROUTES[code] = Route(place, code, label, for_whom, needs, go, longest, title or label)
        return go

    return lodge


def routes() -> list[Route]:
    return sorted(ROUTES.values(), key=lambda each: each.place)


def choices() -> list[tuple[str, str]]:
    """For a form: a function, because apps lodge their routes after forms are read."""
    return [(each.code, each.label) for each in routes()]


def take(code: str, ask: Ask, *, by: Any, now: datetime) -> Went:
    """Send somebody on. Raises ``NotPossible`` without their yes, or where nobody may be told where they are."""
    if code not in ROUTES:
        raise NotPossible("There is no such help here: choose another.", field="route")
    if not ask.agreement.strip():
        raise NotPossible("Nobody is sent on without their own yes: ask them first.", field="agreement")
    if is_restricted(ask.person) or (ask.family and ask.family.restricted):
        raise NotPossible("Where this person is must stay protected: ring the service, and send nothing from here.")
    chosen = ROUTES[code]
    if len(ask.words) > chosen.longest:
        raise NotPossible(f"Say it in {chosen.longest} characters or fewer.", field="words")
    return chosen.go(ask, by=by, now=now)
