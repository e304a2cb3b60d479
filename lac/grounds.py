"""A coordinator sees the people introduced to them, who may be in no family at all; then they keep what is known of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.core.access import NOBODY
from earlyhelp.families.access import person_edit_ground
from lac.access import coordinates
from lac.models import Introduction


@person_edit_ground
def introduced_here(people: Any, user: Any) -> Q:
    """By somebody else: naming a person whom others wrote down opens nothing of them, or a coordinator could read anybody."""
    if not coordinates(user):
        return NOBODY
    return Q(pk__in=Introduction.objects.for_user(user).exclude(introduced_by=user).values("person"))
