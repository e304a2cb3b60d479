"""Queries that the database plans once a connection: planning a large one takes ten times as long as answering it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from psycopg2.extensions import AsIs

from earlyhelp.core.standin import Slot

PREFIX = "composed_"
MOST = 400  # of one connection, each some tens of kilobytes of the server's memory; then it begins afresh

_numbers = count(1)
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def name_of(connection: Any, sql: str, params: Sequence[Any] | Mapping[str, Any]) -> str:
    """The name under which this connection knows the query. Its slots, or whatever is named, are its parameters in order."""
    connection.ensure_connection()
    known = _known.setdefault(connection.connection, {})
    if sql not in known:
        with connection.connection.cursor() as cursor:
            if len(known) >= MOST:
                _forget(known, cursor)
            name = f"{PREFIX}{next(_numbers)}"
            cursor.execute(f"PREPARE {name} AS {sql}", _numbered(params))
        known[sql] = name
    return known[sql]


def _numbered(params: Sequence[Any] | Mapping[str, Any]) -> Any:
    """``$1`` for the first slot and so on; whatever is the same for everybody stays in the text."""
    numbers = count(1)
    if isinstance(params, Mapping):
        return {name: AsIs(f"${next(numbers)}") for name in params}
    return tuple(AsIs(f"${next(numbers)}") if isinstance(each, Slot) else each for each in params)


def _forget(known: dict[str, str], cursor: Any) -> None:
    for name in known.values():
        cursor.execute(f"DEALLOCATE {name}")
    known.clear()
