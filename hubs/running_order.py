"""What stands on the running order of every meeting besides its families (domain.md 9.2): rooms above lodge theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hubs.models import Hub


@dataclass(frozen=True)
class Point:
    """A heading, a line, what it draws together as (words, number, address), and where there is more of it."""

    title: str
    text: str = ""
    lines: Sequence[tuple[str, str, str]] = ()
    url: str = ""
    link: str = ""


Tell = Callable[[Hub, Any, datetime], Point | None]
POINTS: list[tuple[int, Tell]] = []


def point(place: int) -> Callable[[Tell], Tell]:
    """Lodge ``(hub, user, now) -> Point``, or nothing for whoever may not read it; in one query at most."""

    def lodge(tell: Tell) -> Tell:
        POINTS.append((place, tell))
        POINTS.sort(key=lambda each: each[0])
        return tell

    return lodge


def points(hub: Hub, user: Any, now: datetime) -> list[Point]:
    return [said for _, make in POINTS if (said := make(hub, user, now))]
