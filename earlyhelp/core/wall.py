"""Who asks the database: said with every statement, for the wall that stands there behind the access rules (ADR 13).

A rule that a view forgot is not a leak: what is restricted, and entrusted to others, is not in the database's answer
(``earlyhelp.wall``). For that the database has to know who asks. It is told in the same message as the statement itself,
for the length of that one statement's transaction: nothing is left on the connection for whoever uses it next.

Nobody is the beginning: where nobody said who asks, nothing that is restricted is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from psycopg2.extensions import cursor

# What may be said: the restricted families that somebody is named on, or that it is the product itself.
NOBODY, SYSTEM = "{}", "system"
NAMED_ON = "named_on"  # the part of a person's scope that holds those families
# Whatever reads or writes rows. The rest (SET, PREPARE, VACUUM, CREATE DATABASE) either must stand alone or touches none.
TOUCHES_ROWS = re.compile(
    r"[\s(]*(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|EXECUTE|EXPLAIN|DO|CALL|SET\s+LOCAL\s+plan_cache_mode)\b",
    re.IGNORECASE,
)
_asking: ContextVar[str] = ContextVar("asking", default=NOBODY)


def who_asks() -> str:
    return _asking.get()


@contextmanager
def _said(who: str) -> Iterator[None]:
    before = _asking.set(who)
    try:
        yield
    finally:
        _asking.reset(before)


@contextmanager
def asked_for_nobody() -> Iterator[None]:
    """Until the end of the block what this thread asks is asked for nobody, or for whoever is named meanwhile."""
    with _said(NOBODY):
        yield


def asked_for(user: Any) -> None:
    """From here to the end of the block it is this person who asks: for the two places that find out who somebody is."""
    families = user.scope.ids(NAMED_ON) if user.is_authenticated else ()
    _asking.set("{" + ",".join(str(int(each)) for each in families) + "}")


@contextmanager
def as_system() -> Iterator[None]:
    """The product at work by itself: the worker, a command, a migration. It sees everything."""
    with _said(SYSTEM):
        yield


@contextmanager
def beyond(reason: str) -> Iterator[None]:
    """Look past the wall, in the middle of somebody's request. ``reason`` is for whoever reads the code, and never empty."""
    assert reason
    with _said(SYSTEM):
        yield


class Announcing(cursor):
    """Says who asks, in one message with what is asked: to the database the two are one transaction."""

    def execute(self, query: Any, vars: Any = None) -> None:
        super().execute(self._announced(query), vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        for vars in vars_list:
            self.execute(query, vars)

    def _announced(self, query: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else query
        if self.name is not None or not isinstance(text, str) or not TOUCHES_ROWS.match(text):
            return query
        return f"SET LOCAL earlyhelp.named = '{who_asks()}'; {text}"
