"""One folder that holds everything the product knows: the database, its documents, and a manifest to compare them by.

The database is dumped and measured in one snapshot, so that a backup can be made while people work. Documents are
copied after it: what the rows speak of is there.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from earlyhelp.audit import seals
from earlyhelp.backups import measuring
from earlyhelp.backups.programs import Failed, dump
from earlyhelp.core.sealing import key_ids

FORMAT = 1
DUMP, DOCUMENTS, MANIFEST = "database.dump", "documents", "manifest.json"


def back_up(folder: Path, *, now: datetime, using: str = DEFAULT_DB_ALIAS) -> dict[str, Any]:
    """Make ``folder``, which must not be there yet, and return its manifest. Half a backup never bears its name."""
    if folder.exists():
        raise Failed(f"{folder} is there already, and nothing is written over a backup. Name another folder.")
    fresh = folder.with_name(folder.name + ".unfinished")
    try:
        fresh.mkdir(mode=0o700, parents=True)  # it holds what families said: for its owner alone
    except FileExistsError:
        raise Failed(f"{fresh} is there: a backup that did not end, or one that is being made.") from None
    manifest = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "sealing_keys": key_ids(),  # which keys it takes to read what is sealed, and never the keys
        "database": _database(fresh / DUMP, using),
        "documents": _documents(fresh / DOCUMENTS),
    }
    (fresh / MANIFEST).write_text(json.dumps(manifest, indent=1))
    fresh.rename(folder)
    return manifest


def _database(file: Path, using: str) -> dict[str, Any]:
    with transaction.atomic(using=using, durable=True), connections[using].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, version = cursor.fetchone()
        drawn = measuring.sequences(using)  # first: they go on outside of any snapshot, and the dump may not be behind
        dump(using, to=file, snapshot=snapshot)
        last = seals.head(using=using)
        measured = {
            "tables": measuring.tables(using),
            "sequences": drawn,
            "audit_head": last.hash
            if last
            else "",  # for ``audit verify --expect``: here nobody of the database changes it
        }
    with file.open("rb") as made:
        return {"postgres": version, "sha256": measuring.digest(made), **measured}


def _documents(folder: Path) -> dict[str, Any] | None:
    """Each file of the documents' store, copied; none where the product keeps no documents."""
    store = measuring.document_store()
    if store is None:
        return None
    return {name: {"sha256": _copy(store, name, folder / name)} for name in measuring.stored(store)}


def _copy(store: Storage, name: str, to: Path) -> str:
    to.parent.mkdir(parents=True, exist_ok=True)
    with store.open(name) as source, to.open("wb") as target:
        while block := source.read(measuring.BLOCK):
            target.write(block)
    with to.open("rb") as made:
        return measuring.digest(made)
