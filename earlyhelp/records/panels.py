"""What a person says themselves of what is written about them stands beside it, wherever that is read or given away."""

from __future__ import annotations

from collections.abc import Iterable

from earlyhelp.families.beside import Statement, stands_beside
from earlyhelp.families.models import Family
from earlyhelp.records.models import Addendum


@stands_beside
def own_statements(family: Family) -> Iterable[Statement]:
    rows = Addendum.objects.filter(family=family).select_related("person", "recorded_by")
    for each in rows.order_by("pk"):
        who = str(each.recorded_by)
        yield Statement(each.pk, each.about, each.person, each.statement, on=each.on, at=each.recorded_at, who=who)
