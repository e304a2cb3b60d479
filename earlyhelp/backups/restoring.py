"""Putting a backup in the place of what a database holds, and saying whether what came out equals what went in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from earlyhelp.backups import measuring
from earlyhelp.backups.making import DOCUMENTS, DUMP, FORMAT, MANIFEST
from earlyhelp.backups.programs import Failed, put_back

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def restore(folder: Path, *, replace: bool = False, using: str = DEFAULT_DB_ALIAS) -> dict[str, Any]:
    """Restore ``folder`` and return its manifest, with which what is there now has been compared.

    Raises ``Failed``, before anything is touched, if the backup is not whole, if the database holds something and
    ``replace`` does not say that it may go, or if somebody else is using it; and afterwards, if what is there differs.
    """
    manifest = read(folder)
    _refuse_full(using, replace)
    _refuse_used(using)
    put_back(using, dumped=folder / DUMP)
    connections[using].close()  # what it remembers of types and plans was of the database before
    _put_documents_back(folder / DOCUMENTS, manifest["documents"])
    if differing := differences(manifest, using):
        raise Failed("Restored, but it is not what was backed up: " + "; ".join(differing) + ".")
    return manifest


def read(folder: Path) -> dict[str, Any]:
    """The manifest, once every file is found to be the one it speaks of."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as problem:
        raise Failed(f"{folder} is no backup, or not a whole one: its {MANIFEST} cannot be read.") from problem
    if manifest["format"] != FORMAT:
        raise Failed(f"{folder} was made by a release that writes backups otherwise (format {manifest['format']}).")
    files = {DUMP: manifest["database"]["sha256"]}
    files |= {f"{DOCUMENTS}/{name}": kept["sha256"] for name, kept in (manifest["documents"] or {}).items()}
    if damaged := [name for name, expected in files.items() if _digest(folder / name) != expected]:
        raise Failed(f"{folder} is damaged: " + ", ".join(damaged) + ". Nothing was changed.")
    return manifest


def differences(manifest: dict[str, Any], using: str) -> list[str]:
    """In what the database and the documents differ from a manifest; none if they are equal.

    A sequence may have gone on: numbers are drawn outside of any snapshot, and a gap harms nobody. It may not fall behind.
    """
    with transaction.atomic(using=using):
        tables, sequences = measuring.tables(using), measuring.sequences(using)
    wanted = manifest["database"]
    return [
        *(f"the rows of {name} differ" for name in _unlike(wanted["tables"], tables)),
        *(f"{name} is behind" for name, value in wanted["sequences"].items() if sequences.get(name, [0]) < value),
        *(f"the document {name} differs" for name in _unlike(manifest["documents"] or {}, _documents_now(manifest))),
    ]


def _unlike(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def _refuse_full(using: str, replace: bool) -> None:
    if not replace and not measuring.is_empty(using):
        raise Failed("This database holds something. To put the backup in its place, say --replace.")


def _refuse_used(using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(OTHERS)
        [others] = cursor.fetchone()
    if others:
        raise Failed(f"{others} others are connected to this database. Stop web, worker and scheduler first.")


def _digest(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return measuring.digest(file)


def _put_documents_back(folder: Path, kept: dict[str, Any] | None) -> None:
    """The store holds what the backup holds and nothing else: a file of no row is a file that nobody can find."""
    store = measuring.document_store()
    if kept is None:
        return
    if store is None:
        raise Failed("The backup holds documents, and this installation has no storage for them.")
    for name in list(measuring.stored(store)):
        store.delete(name)
    for name in kept:
        with (folder / name).open("rb") as file:
            if store.save(name, File(file)) != name:
                raise Failed(f"The storage would not keep {name} under its name.")


def _documents_now(manifest: dict[str, Any]) -> dict[str, Any]:
    store = measuring.document_store()
    if manifest["documents"] is None or store is None:
        return {}
    found = {}
    for name in measuring.stored(store):
        with store.open(name) as file:
            found[name] = {"sha256": measuring.digest(file)}
    return found
