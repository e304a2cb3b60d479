"""What this room adds where others show a text: what a person says of it themselves, and why words are gone from it."""

from __future__ import annotations

from collections.abc import Iterable

from earlyhelp.core.marks import explained_at
from earlyhelp.families.beside import Statement, stands_beside
from earlyhelp.families.models import Family
from earlyhelp.records.models import Addendum

explained_at("records:taken_out")


@stands_beside
def own_statements(family: Family) -> Iterable[Statement]:
    rows = Addendum.objects.filter(family=family).select_related("person", "recorded_by")
    for each in rows.order_by("pk"):
        who = str(each.recorded_by)
        yield Statement(each.pk, each.about, each.person, each.statement, on=each.on, at=each.recorded_at, who=who)
