"""Where sharing stands on the pages of a family, and what of it stays where two records become one."""

from __future__ import annotations

from django.db.models import Q

from earlyhelp.families import one_family
from earlyhelp.families.joining import stays
from earlyhelp.families.merging import forbid
from earlyhelp.families.models import Family, Person
from earlyhelp.families.panels import family_section
from earlyhelp.sharing.models import Conflict, Disclosed

APART = "One of them is written down as somebody who must not learn of another. End that first, if it is over."

family_section("sharing:family", "Sharing")
stays(Disclosed, "person")
stays(Conflict, "one")  # one that is over: while it lasts, nobody becomes one with anybody
stays(Conflict, "other")


@forbid
def kept_apart(kept: Person, merged: Person) -> str:
    """Who must be kept apart from whom is said of each by name: nothing decides it by itself."""
    both = [kept.pk, merged.pk]
    return APART if Conflict.objects.filter(Q(one__in=both) | Q(other__in=both), ended_at=None).exists() else ""


@one_family.forbid
def somebody_kept_apart(kept: Family, merged: Family) -> str:
    return APART if Conflict.objects.filter(family__in=[kept, merged], ended_at=None).exists() else ""
