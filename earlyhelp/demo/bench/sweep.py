"""The reminder sweep: how many notices a second, when every open deadline of the county rings at once."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import connection, transaction

from earlyhelp.cases.models import CaseDeadline
from earlyhelp.deadlines.sweep import ring
from earlyhelp.notices.models import Notice


def notices_a_second(*, now: datetime) -> tuple[float, int, int]:
    """(a second, deadlines that rang, notices owed). Nothing of it is kept."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {CaseDeadline._meta.db_table} SET met_at = NULL, rings_at = %s WHERE void_at IS NULL AND started_at > %s"
                " AND (met_at IS NULL OR (holder_id IS NOT NULL AND code = 'D_ASSESS'))",
                [now, now.replace(year=now.year - 4)],
            )
            cursor.execute(f"ANALYZE {CaseDeadline._meta.db_table}")
        Notice.objects.filter(key__startswith=CaseDeadline._meta.db_table).delete()
        started = time.perf_counter()
        rang, told = ring(now=now)
        taken = time.perf_counter() - started
        transaction.set_rollback(True)
    return told / taken, rang, told
