"""What is kept about the record of a family that is restricted, or is so no longer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.directory.queries import is_restricted as is_person_restricted
from earlyhelp.families.models import Family
from earlyhelp.families.restricting import follows
from earlyhelp.records.due import is_restricted
from earlyhelp.records.models import AccessRequest, Disposal


@follows
def requests_and_disposals_follow(family: Family, *, by: Any, now: datetime) -> None:
    """Of a restricted record only the governance lead knows that somebody asked for it, or that its time is over."""
    Disposal.objects.open().filter(family=family).update(restricted=is_restricted(family))
    members = family.memberships.current().values("person")
    for request in AccessRequest.objects.live().filter(person__in=members).select_related("person"):
        AccessRequest.objects.filter(pk=request.pk).update(restricted=is_person_restricted(request.person))
