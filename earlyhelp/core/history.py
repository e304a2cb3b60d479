"""Change history by database triggers: it sees ``update()``, bulk work and raw SQL, which signals and ``save()`` do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory
from pghistory import runtime

# Who changes something, and on which page, is said to the database with each change. A composed query only reads
# (core.prepared) and the marks of a transaction touch no row: a third of a decision's statements need not say it.
runtime.IGNORED_SQL_PREFIXES += ("execute ", "set local plan_cache_mode", "savepoint ", "release ", "rollback ")  # type: ignore[assignment]


def tracked(exclude: list[str] | None = None) -> Callable[[type[Any]], type[Any]]:
    """Keep every version of a model's rows, deletions too, as ``row.history``."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
        exclude=exclude,
    )
