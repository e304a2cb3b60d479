from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from earlyhelp.core.calendar import add_months

MONTHS_AHEAD = 3


def prepare_months(*, today: date) -> list[str]:
    """Make the partitions of the access log for this month and the next three. Safe to call at any time.

    Rows of a month without a partition are kept in the default one: nothing is ever refused for want of a table.
    """
    made = []
    with connection.cursor() as cursor:
        for ahead in range(MONTHS_AHEAD + 1):
            first = add_months(today.replace(day=1), ahead)
            name = f"audit_access_{first:%Y_%m}"
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone() == (None,):
                bounds = [first.isoformat(), add_months(first, 1).isoformat()]
                cursor.execute(f"CREATE TABLE {name} PARTITION OF audit_access FOR VALUES FROM (%s) TO (%s)", bounds)
                refuse_emptying(cursor, name)
                made.append(name)
    return made


def refuse_emptying(cursor: Any, partition: str) -> None:
    """What guards the whole log's rows guards a partition's; what guards it from being emptied has to be said of each."""
    cursor.execute(
        f"CREATE OR REPLACE TRIGGER access_no_truncate BEFORE TRUNCATE ON {partition} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    )


def guard_partitions() -> None:
    """For those made before this was said of each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_access'::regclass")
        for (partition,) in cursor.fetchall():
            refuse_emptying(cursor, partition)
