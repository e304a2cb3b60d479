"""The primary navigation: each app lodges its entry here; a person sees those that they may use.

What a few look after besides their families (records, agreements, the log) they find behind one entry, with what waits; and
there stands too what would be one entry too many for a line of the menu.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from earlyhelp.core.addresses import address_of

MOST = 9  # entries that stand in one line of a page 1280 pixels wide
ENTRIES: list[Entry] = []
DUTIES: list[Duty] = []


@dataclass(frozen=True)
class Entry:
    place: int
    label: str
    url_name: str
    for_whom: Callable[[Any], bool]
    around: Callable[[], Iterable[str]]  # url names of pages that are behind it, wherever their addresses are
    about: str  # in a sentence, of one that may stand behind another
    collects: bool  # the one behind which they stand


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
        return address_of(self.url_name)


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
    about: str = "",
    collects: bool = False,
) -> None:
    ENTRIES.append(Entry(place, label, url_name, for_whom, around, about, collects))


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
    too_many = [Duty(e.place, e.label, e.url_name, e.for_whom, e.about) for e in behind(user)]
    return sorted([*_own_duties(user), *too_many], key=lambda each: each.place)


def _own_duties(user: Any) -> list[Duty]:
    return [each for each in DUTIES if each.for_whom(user)]


def behind(user: Any) -> list[Entry]:
    """For which there is no room: of those that say what they are about, the last first."""
    shown = sorted((e for e in ENTRIES if not e.collects and e.for_whom(user)), key=lambda e: e.place)
    if len(shown) + bool(_own_duties(user)) <= MOST:
        return []
    return [e for e in reversed(shown) if e.about][: len(shown) + 1 - MOST]


def links(request: HttpRequest) -> list[Link]:
    if not request.user.is_authenticated:
        return []
    left_out = behind(request.user)
    shown = sorted((e for e in ENTRIES if e.for_whom(request.user) and e not in left_out), key=lambda e: e.place)
    made = [(e, [address_of(name) for name in _pages_of(e, left_out)]) for e in shown]
    here = max((url for _, urls in made for url in urls if _is_within(request.path, url)), key=len, default="")
    return [Link(e.label, urls[0], here in urls) for e, urls in made]


def _pages_of(entry: Entry, left_out: list[Entry]) -> list[str]:
    return [entry.url_name, *entry.around(), *(e.url_name for e in left_out if entry.collects)]


def _is_within(path: str, url: str) -> bool:
    """The home page is around no other: every address begins with its own."""
    return path == url if url == "/" else path.startswith(url)
