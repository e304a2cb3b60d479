"""Taking a record out of the database, row for row, with its history; what may be counted afterwards, and no more.

Called inside the transaction of the decision. The triggers that refuse deletion and those that keep versions are put aside
for this alone. The audit keeps who did what, when and to which number; what people wrote there goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import pgtrigger
from django.db import connection, models
from django.db.models import Q

from earlyhelp.audit.seals import erase_texts
from earlyhelp.cases.models import Case
from earlyhelp.documents.models import Document, Leaving
from earlyhelp.notices.models import Notice
from earlyhelp.records.models import PastEpisode
from earlyhelp.records.plan import Collected
from earlyhelp.workflow.models import Draft


def destroy(found: Collected, *, because: str, now: datetime) -> dict[str, int]:
    """Remove every row that was collected; says of each kind how many. Raises ``IntegrityError`` if anything else needs one."""
    _keep_statistics(found)
    _let_go_of_files(found, now)
    references = _references(found)
    destroyed: Counter[str] = Counter()
    for model, pks in found.rows.items():
        destroyed["audit texts"] += erase_texts(model._meta.label_lower, pks, because=because, now=now)
    with pgtrigger.ignore():
        for model in found.rows:
            if (versions := found.history(model)) is not None:
                destroyed["versions"] += _remove(versions.model, versions.values_list("pk", flat=True))
        for model, pks in found.rows.items():
            destroyed[str(model._meta.verbose_name)] += _remove(model, pks)
        destroyed["notices"] += Notice.objects.filter(reference__in=references).delete()[0]
        destroyed["drafts"] += _drafts(references)
    with connection.cursor() as cursor:  # now, and not at the end, where nobody could say what it was
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return {kind: rows for kind, rows in sorted(destroyed.items()) if rows}


def _keep_statistics(found: Collected) -> None:
    episodes = Case.objects.filter(pk__in=found.rows[Case], opened_on__isnull=False)
    facts = ("area_id", "opened_on", "closed_on", "tier", "level_of_need", "end_reason")
    PastEpisode.objects.bulk_create(PastEpisode(**each) for each in episodes.values(*facts))


def _let_go_of_files(found: Collected, now: datetime) -> None:
    """The bytes of documents go by the sweep that deletes them: written with the decision, they go if it stands."""
    kept = Document.objects.filter(pk__in=found.rows[Document]).exclude(blob="")
    Leaving.objects.bulk_create(Leaving(blob=blob, since=now) for blob in kept.values_list("blob", flat=True))


def _references(found: Collected) -> set[str]:
    """What the record was called in notices and addresses."""
    called: set[str] = set()
    for model, pks in found.rows.items():
        if any(each.name == "reference" for each in model._meta.concrete_fields):
            called.update(model._base_manager.filter(pk__in=pks).values_list("reference", flat=True))
    return called - {""}


def _remove(model: type[models.Model], pks: Iterable[int]) -> int:
    """By identity, and as SQL: Django would ask of each kind who else points to it, which the database knows."""
    wanted = list(pks)
    if not wanted:
        return 0
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, column in _tables_between(model):
            cursor.execute(f"DELETE FROM {quoted(table)} WHERE {quoted(column)} = ANY(%s)", [wanted])
        key: Any = model._meta.pk
        cursor.execute(f"DELETE FROM {quoted(model._meta.db_table)} WHERE {quoted(key.column)} = ANY(%s)", [wanted])
        return cursor.rowcount


def _tables_between(model: type[models.Model]) -> Iterable[tuple[str, str]]:
    for each in model._meta.local_many_to_many:
        through: Any = each.remote_field.through
        if through._meta.auto_created:
            yield each.m2m_db_table(), each.m2m_column_name()


def _drafts(references: set[str]) -> int:
    """Forms about it that nobody finished; those that name it by a number are thrown away after a month in any case."""
    if not references:
        return 0
    named = reduce(or_, (Q(key__contains=f"/{each}/") for each in references))
    return Draft.objects.filter(named).delete()[0]
