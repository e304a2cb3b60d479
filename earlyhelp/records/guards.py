"""What a legal hold, and a subject access request, stand in the way of besides disposal."""

from __future__ import annotations

from earlyhelp.families.merging import forbid
from earlyhelp.families.models import Person
from earlyhelp.records.models import AccessRequest, Hold

HELD = "The record of a family of theirs has to be left as it is, by a legal hold. The governance lead knows why."


@forbid
def held(kept: Person, merged: Person) -> str:
    """Two records are not made one while a court or an inquiry wants either as it stands."""
    families = Hold.objects.live().filter(family__memberships__person__in=[kept, merged])
    return HELD if families.exists() else ""


ASKED = "One of them has asked for what is kept about them: the record stays as it is until that is answered."


@forbid
def asked_for(kept: Person, merged: Person) -> str:
    """What was collected for one of them, and decided on, is about that record alone."""
    return ASKED if AccessRequest.objects.live().filter(person__in=[kept, merged]).exists() else ""
