"""Rows by the hundred thousand: PostgreSQL's COPY, with the history triggers told to look away.

Not through transitions: bulk work has a service of its own (design.md 4). Every constraint of the database still holds.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pgtrigger
from django.db import connection, models, transaction

from earlyhelp.wall.sql import lifted

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def text(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    return str(value).translate(_ESCAPES)


class Table:
    """Collects rows for one table. ``varying`` columns come with each row; the others keep the model's own defaults."""

    def __init__(self, model: type[models.Model], *varying: str, **constant: Any) -> None:
        self.model = model
        fields = {
            field.attname: field for field in model._meta.concrete_fields if not getattr(field, "generated", False)
        }
        self.varying = ("id", *varying)
        fixed = [name for name in fields if name not in self.varying]
        self.columns = [fields[name].column for name in (*self.varying, *fixed)]
        self._tail = "".join("\t" + text(constant.get(name, _default(fields[name]))) for name in fixed) + "\n"
        self._rows: list[str] = []
        self.next_id = _last_id(model) + 1
        self.written = 0

    def add(self, *values: str) -> int:
        """Keep a row of texts that COPY can read (see ``text``), in the order of ``varying``; answers with its identity."""
        made = self.next_id
        self.next_id += 1
        self._rows.append(f"{made}\t" + "\t".join(values) + self._tail)
        return made

    def flush(self) -> None:
        if not self._rows:
            return
        columns = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor:
            source = io.StringIO("".join(self._rows))
            cursor.cursor.copy_expert(f'COPY "{self.model._meta.db_table}" ({columns}) FROM STDIN', source)
        self.written += len(self._rows)
        self._rows.clear()

    def finish(self) -> None:
        """The table's own numbering goes on after the last row given here."""
        self.flush()
        with connection.cursor() as cursor:
            name = self.model._meta.db_table
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), GREATEST(%s, 1))", [name, self.next_id - 1])


def _default(field: models.Field) -> Any:
    if field.has_default():
        return field.get_default()
    return None if field.null else field.get_default()


def _last_id(model: type[models.Model]) -> int:
    return model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """One transaction in which no history is kept: what is invented has none."""
    with transaction.atomic(), pgtrigger.ignore(), lifted():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # carries the setting into this transaction, where COPY finds it
        yield


def last_number(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT last_value, is_called FROM "{sequence}"')
        value, called = cursor.fetchone()
    return value if called else value - 1


def go_on_from(sequence: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(%s, GREATEST(%s, 1))", [sequence, number])
