"""The primary navigation: each app lodges its entry here; a person sees those that they may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

ENTRIES: list[Entry] = []


@dataclass(frozen=True)
class Entry:
    place: int
    label: str
    url_name: str
    for_whom: Callable[[Any], bool]


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool
    count: int | None = None


def entry(place: int, label: str, url_name: str, for_whom: Callable[[Any], bool] = lambda user: True) -> None:
    ENTRIES.append(Entry(place, label, url_name, for_whom))


def links(request: HttpRequest) -> list[Link]:
    if not request.user.is_authenticated:
        return []
    shown = sorted((e for e in ENTRIES if e.for_whom(request.user)), key=lambda e: e.place)
    made = [(e.label, reverse(e.url_name)) for e in shown]
    here = max((url for _, url in made if _is_within(request.path, url)), key=len, default="")
    return [Link(label, url, url == here) for label, url in made]


def _is_within(path: str, url: str) -> bool:
    """The home page is around no other: every address begins with its own."""
    return path == url if url == "/" else path.startswith(url)
