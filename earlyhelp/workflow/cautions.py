"""What is looked at before something typed is saved or sent: rooms above say what should give somebody pause.

A caution is no refusal. On a page one reads it, takes out what should not stand there, or says that it has to; a program
is refused, for it cannot judge. What may never wait is sent as it is, and the caution is read afterwards.

Of some cautions nobody is asked where the text travels: read on other pages, printed, copied out as a table, by people who
do not open the record. There they are refusals (``House.travels``), and no reason lets the text stand.

What it is about is what the request has opened, what its page says (``Page.about``), and the records chosen in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model, QuerySet

Record = tuple[str, int]
Look = Callable[[list[Record], str, Any], str]
LOOKS: list[Look] = []
FINAL: list[Look] = []
DESPITE = "despite"
ABOUT_NOBODY: tuple[()] = ()  # a page that opens no record, and asks for nothing about anybody


def before_saved(look: Look) -> Look:
    """Lodge ``(records it is about, what was typed, by whom) -> what should give pause``, or nothing."""
    LOOKS.append(look)
    return look


def never_travels(look: Look) -> Look:
    """Lodge the same for what must stand in no text that travels. It only looks: it is a caution too, and written down there."""
    FINAL.append(look)
    return look


def records(*said: Any) -> list[Record]:
    """(kind, key) of every record among these, alone or in a list: of one that is not kept yet, none."""
    return [(row._meta.label_lower, row.pk) for row in _rows(said) if row.pk]


def _rows(said: Any) -> Iterator[Any]:
    if isinstance(said, Model):
        yield said
    elif isinstance(said, list | tuple | set | QuerySet):
        for each in said:
            yield from _rows(each)


def cautions(about: Iterable[Record], typed: Iterable[object], *, by: Any) -> list[str]:
    return _found(LOOKS, about, typed, by)


def barred(about: Iterable[Record], typed: Iterable[object], *, by: Any) -> list[str]:
    """What must not stand in these texts if they travel, whatever the reason."""
    return _found(FINAL, about, typed, by)


def _found(looks: list[Look], about: Iterable[Record], typed: Iterable[object], by: Any) -> list[str]:
    text = "\n".join(_texts(list(typed)))
    whom = list(dict.fromkeys(about))
    return [said for look in looks if (said := look(whom, text, by))] if whom and text.strip() else []


def _texts(typed: Any) -> Iterator[str]:
    """Every text, however deep it stands in what a program sends."""
    if isinstance(typed, str):
        yield typed
    elif isinstance(typed, Mapping | list | tuple | set):
        for each in typed.values() if isinstance(typed, Mapping) else typed:
            yield from _texts(each)
