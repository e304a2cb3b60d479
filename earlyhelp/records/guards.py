"""What a legal hold stands in the way of besides disposal."""

from __future__ import annotations

from earlyhelp.families.merging import forbid
from earlyhelp.families.models import Person
from earlyhelp.records.models import Hold

HELD = "The record of a family of theirs has to be left as it is, by a legal hold. The governance lead knows why."


@forbid
def held(kept: Person, merged: Person) -> str:
    """Two records are not made one while a court or an inquiry wants either as it stands."""
    families = Hold.objects.live().filter(family__memberships__person__in=[kept, merged])
    return HELD if families.exists() else ""
