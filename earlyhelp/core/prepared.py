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


def written(connection: Any, sql: str, params: Sequence[Any] | Mapping[str, Any]) -> str:
    """The query as the database is told it: ``$1`` for the first slot and so on, or for whatever is named.

    What is the same for everybody stands in it. Two queries may be alike but for that, as two tabs of one list are.
    """
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        return cursor.mogrify(sql, _numbered(params)).decode()


def name_of(connection: Any, query: str) -> str:
    """The name under which this connection knows the query, whole, as it was ``written``."""
    connection.ensure_connection()
    known = _known.setdefault(connection.connection, {})
    if query in known:
        known[query] = known.pop(query)  # asked for last, it is forgotten last
        return known[query]
    with connection.connection.cursor() as cursor:
        if len(known) >= MOST:
            _forget(known, next(iter(known)), cursor)
        name = f"{PREFIX}{next(_numbers)}"
        cursor.execute(f"PREPARE {name} AS {query}")
    known[query] = name
    return name


def _numbered(params: Sequence[Any] | Mapping[str, Any]) -> Any:
    numbers = count(1)
    if isinstance(params, Mapping):
        return {name: AsIs(f"${next(numbers)}") for name in params}
    return tuple(AsIs(f"${next(numbers)}") if isinstance(each, Slot) else each for each in params)


def _forget(known: dict[str, str], query: str, cursor: Any) -> None:
    cursor.execute(f"DEALLOCATE {known[query]}")
    del known[query]
