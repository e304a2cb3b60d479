"""The primary navigation: each app lodges its entry here; a person sees those that they may use.

What a few look after besides their families (records, agreements, the log) they find behind one entry, with what waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

ENTRIES: list[Entry] = []
DUTIES: list[Duty] = []


@dataclass(frozen=True)
class Entry:
    place: int
    label: str
    url_name: str
    for_whom: Callable[[Any], bool]
    around: Callable[[], Iterable[str]]  # url names of pages that are behind it, wherever their addresses are


@dataclass(frozen=True)
class Duty:
    """``about`` in a sentence; ``waits`` says how many things wait for this person, in one query."""

    place: int
    label: str
    url_name: str
    for_whom: Callable[[Any], bool]
    about: str
    waits: Callable[[Any, datetime], int] | None = None

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool
    count: int | None = None


def entry(
    place: int,
    label: str,
    url_name: str,
    for_whom: Callable[[Any], bool] = lambda user: True,
    around: Callable[[], Iterable[str]] = tuple,
) -> None:
    ENTRIES.append(Entry(place, label, url_name, for_whom, around))


def duty(
    place: int,
    label: str,
    url_name: str,
    for_whom: Callable[[Any], bool],
    about: str,
    waits: Callable[[Any, datetime], int] | None = None,
) -> None:
    DUTIES.append(Duty(place, label, url_name, for_whom, about, waits))


def duties_of(user: Any) -> list[Duty]:
    return sorted((each for each in DUTIES if each.for_whom(user)), key=lambda each: each.place)


def links(request: HttpRequest) -> list[Link]:
    if not request.user.is_authenticated:
        return []
    shown = sorted((e for e in ENTRIES if e.for_whom(request.user)), key=lambda e: e.place)
    made = [(e, [reverse(name) for name in (e.url_name, *e.around())]) for e in shown]
    here = max((url for _, urls in made for url in urls if _is_within(request.path, url)), key=len, default="")
    return [Link(e.label, urls[0], here in urls) for e, urls in made]


def _is_within(path: str, url: str) -> bool:
    """The home page is around no other: every address begins with its own."""
    return path == url if url == "/" else path.startswith(url)
