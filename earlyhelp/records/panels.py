"""What a person says themselves of what is written about them stands beside it, wherever the family’s chronology is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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
