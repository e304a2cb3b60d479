"""What a database and a store of files hold, in figures that two copies can be compared by.

A table's checksum is the sum of its rows' digests: it needs no order and no sorting, so that a large table is read once.
It tells a copy from its original; against somebody who alters rows on purpose stands the audit's seal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import connections

DOCUMENTS = "documents"  # the storage whose files belong to the record, where there is one
BLOCK = 1024 * 1024

TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
ORDER BY 1, 2
"""
SEQUENCES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2
"""
# 128 bits of each row's SHA-256, as two numbers: a sum of them does not depend on the order of the rows.
MEASURE = """
SELECT count(*), coalesce(sum(('x' || left(digest, 16))::bit(64)::bigint::numeric), 0),
  coalesce(sum(('x' || substr(digest, 17, 16))::bit(64)::bigint::numeric), 0)
FROM (SELECT encode(sha256(convert_to(row_text, 'UTF8')), 'hex') AS digest
      FROM (SELECT each::text AS row_text FROM {table} AS each) AS texts) AS digests
"""


def tables(using: str) -> dict[str, dict[str, Any]]:
    """Each table that holds rows: how many, and their checksum. To be asked inside one transaction."""
    measured = {}
    with connections[using].cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        for table in _names(cursor, TABLES):
            cursor.execute(MEASURE.format(table=table))
            rows, *halves = cursor.fetchone()
            measured[table] = {"rows": rows, "checksum": "/".join(map(str, halves))}
    return measured


def sequences(using: str) -> dict[str, list[Any]]:
    """Each sequence: its last value, and whether that was given out."""
    measured = {}
    with connections[using].cursor() as cursor:
        for name in _names(cursor, SEQUENCES):
            cursor.execute(f"SELECT last_value, is_called FROM {name}")
            measured[name] = list(cursor.fetchone())
    return measured


def is_empty(using: str) -> bool:
    with connections[using].cursor() as cursor:
        return not _names(cursor, TABLES)


def _names(cursor: Any, query: str) -> list[str]:
    cursor.execute(query)
    return [f'"{schema}"."{name}"' for schema, name in cursor.fetchall()]


def document_store() -> Storage | None:
    return storages[DOCUMENTS] if DOCUMENTS in settings.STORAGES else None


def stored(store: Storage, folder: str = "") -> Iterator[str]:
    """The name of every file in a store, whatever kind of store it is."""
    try:
        folders, files = store.listdir(folder)
    except FileNotFoundError:  # nothing was ever kept there
        return
    for name in sorted(files):
        yield f"{folder}{name}"
    for name in sorted(folders):
        yield from stored(store, f"{folder}{name}/")


def digest(file: IO[bytes]) -> str:
    summary = hashlib.sha256()
    while block := file.read(BLOCK):
        summary.update(block)
    return summary.hexdigest()
