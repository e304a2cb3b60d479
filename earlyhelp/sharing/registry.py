"""What the rule of sharing must know from rooms above: each lodges its part, and all are read in one query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from earlyhelp.sharing.enums import Purpose
from earlyhelp.sharing.models import Permission

Around = Callable[[Any], Any]
Ended = Callable[[Permission, Any, datetime], None]
AROUND: list[Around] = []
GROUNDS: list[tuple[Purpose, Callable[[Any], Any]]] = []
ENDED: list[Ended] = []


def around(tell: Around) -> Around:
    """Lodge ``(agency) -> condition`` over people: whether the agency is in a team around them now.

    Composed once (``core.composed``): of the agency it is only known that it is one, as ``agency=agency`` asks.
    """
    AROUND.append(tell)
    return tell


def ground(purpose: Purpose) -> Callable[[Around], Around]:
    """Lodge yeses kept elsewhere that count for one ``purpose``: ``(agency) -> rows`` whose person is ``OuterRef("pk")``.

    The rows are values of ``facts``: an object of ``given_by``, ``at``, ``limits``, ``capacity_note`` and ``record``.
    """

    def lodge(tell: Around) -> Around:
        GROUNDS.append((purpose, tell))
        return tell

    return lodge


def when_ended(follow: Ended) -> Ended:
    """Lodge what follows at once where somebody says no, or takes a yes back: ``(permission, by, now)``."""
    ENDED.append(follow)
    return follow


def end(permission: Permission, *, by: Any, now: datetime) -> None:
    for follow in ENDED:
        follow(permission, by, now)
