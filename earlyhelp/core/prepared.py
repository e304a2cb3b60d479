"""Queries that the database plans once a connection: planning a large one takes ten times as long as answering it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from psycopg2.extensions import AsIs

from earlyhelp.core.standin import Slot

PREFIX = "composed_"
# Of one connection: those asked for last. A record's page with all its rights, planned, takes about 0.8 MB of the server's
# memory, so that these are some 200 MB; six people who open every page there is ask for 340 of them.
MOST = 250

_numbers = count(1)
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def name_of(connection: Any, sql: str, params: Sequence[Any] | Mapping[str, Any]) -> str:
    """The name under which this connection knows the query. Its slots, or whatever is named, are its parameters in order."""
    connection.ensure_connection()
    known = _known.setdefault(connection.connection, {})
    if sql in known:
        known[sql] = known.pop(sql)  # asked for last, it is forgotten last
        return known[sql]
    with connection.connection.cursor() as cursor:
        if len(known) >= MOST:
            _forget(known, next(iter(known)), cursor)
        name = f"{PREFIX}{next(_numbers)}"
        cursor.execute(f"PREPARE {name} AS {sql}", _numbered(params))
    known[sql] = name
    return name


def _numbered(params: Sequence[Any] | Mapping[str, Any]) -> Any:
    """``$1`` for the first slot and so on; whatever is the same for everybody stays in the text."""
    numbers = count(1)
    if isinstance(params, Mapping):
        return {name: AsIs(f"${next(numbers)}") for name in params}
    return tuple(AsIs(f"${next(numbers)}") if isinstance(each, Slot) else each for each in params)


def _forget(known: dict[str, str], sql: str, cursor: Any) -> None:
    cursor.execute(f"DEALLOCATE {known[sql]}")
    del known[sql]
