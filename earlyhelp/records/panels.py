"""What a person says themselves of what is written about them stands beside it, wherever the family’s chronology is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assessments.beside import Statement, stands_beside
from assessments.models import Assessment
from earlyhelp.families.chronology import Entry, tells
from earlyhelp.families.models import Family
from earlyhelp.records.models import Addendum


@tells
def own_statements(family: Family, user: Any) -> Iterable[Entry]:
    rows = Addendum.objects.filter(family=family).select_related("person", "recorded_by", "event")
    for each in rows.order_by("pk"):
        beside = (
            f"what is written of that day: {each.event.get_kind_display().lower()}" if each.event else "the assessment"
        )
        title = f"What {each.person.name} says of {beside}"
        yield Entry(each.on, each.recorded_at, title, each.statement, str(each.recorded_by), person=each.person)


@stands_beside
def own_statements_on(assessment: Assessment) -> Iterable[Statement]:
    for each in Addendum.objects.filter(assessment=assessment).select_related("person").order_by("pk"):
        yield Statement(each.pk, each.person, each.statement, each.recorded_at)
