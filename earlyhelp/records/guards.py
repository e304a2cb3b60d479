"""What a legal hold, and a subject access request, stand in the way of besides disposal."""

from __future__ import annotations

from earlyhelp.families import one_family
from earlyhelp.families.merging import forbid
from earlyhelp.families.models import Family, Person
from earlyhelp.records.models import AccessRequest, Disposal, Hold

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


@one_family.forbid
def family_held(kept: Family, merged: Family) -> str:
    return HELD if Hold.objects.live().filter(family__in=[kept, merged]).exists() else ""


@one_family.forbid
def somebody_asked(kept: Family, merged: Family) -> str:
    asked = AccessRequest.objects.live().filter(person__memberships__family__in=[kept, merged])
    return ASKED if asked.exists() else ""


OVER = "The time of one of their records is over: the governance lead decides on that first."


@one_family.forbid
def about_to_go(kept: Family, merged: Family) -> str:
    """What somebody has looked through, and another person approves, is that record as it is."""
    return OVER if Disposal.objects.open().filter(family__in=[kept, merged]).exists() else ""
