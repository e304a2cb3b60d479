"""A family is seen through a case that one may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.cases.models import Case
from earlyhelp.families.access import ground


@ground
def through_a_case(families: Any, user: Any) -> Q:
    return Q(pk__in=Case.objects.for_user(user).values("family"))
