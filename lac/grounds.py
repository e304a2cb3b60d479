"""A coordinator sees the people introduced to them, who may be in no family at all; then they keep what is known of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.core.access import NOBODY
from earlyhelp.families.access import not_restricted, person_edit_ground
from lac.access import coordinates
from lac.models import Introduction


@person_edit_ground
def introduced_here(people: Any, user: Any) -> Q:
    """By somebody else, and of no restricted record: or whoever coordinates could read anybody whom they can name."""
    if not coordinates(user):
        return NOBODY
    by_others = Introduction.objects.for_user(user).exclude(introduced_by=user)
    return not_restricted("") & Q(pk__in=by_others.values("person"))
