"""What is looked at before something typed is saved or sent: rooms above say what should give somebody pause.

A caution is no refusal. On a page one reads it, takes out what should not stand there, or says that it has to; a program
is refused, for it cannot judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Record = tuple[str, int]
Look = Callable[[list[Record], str, Any], str]
LOOKS: list[Look] = []
DESPITE = "despite"


def before_saved(look: Look) -> Look:
    """Lodge ``(records it is about, what was typed, by whom) -> what should give pause``, or nothing."""
    LOOKS.append(look)
    return look


def cautions(about: Iterable[Record], typed: Iterable[object], *, by: Any) -> list[str]:
    text = "\n".join(each for each in typed if isinstance(each, str))
    records = list(dict.fromkeys(about))
    return [said for look in LOOKS if (said := look(records, text, by))] if records and text.strip() else []
