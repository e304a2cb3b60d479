"""What needs a person today: each app lodges its own lines, and the home page shows the most pressing of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Source = Callable[[Any, datetime], Iterable["Todo"]]
TODO: list[Source] = []


@dataclass(frozen=True)
class Todo:
    """One line with one action. A ``place`` of nought is urgent and stands first; all others by time, then by place."""

    place: int
    text: str
    url: str
    due_at: datetime | None = None


def todo(source: Source) -> Source:
    """Lodge ``(user, now) -> lines``. At most two queries; nothing for a person whom it does not concern."""
    TODO.append(source)
    return source
