"""An offer that nobody answered in time is the chair's again (domain.md 7, ``D_ACCEPT``)."""

from __future__ import annotations

from datetime import datetime, timedelta

from earlyhelp.cases.services import deciders
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from hubs.queries.offers import unanswered

LOOKED_BACK = timedelta(days=14)  # what lapsed before stands on the chair's list, and is told to nobody anew


def tell_of_unanswered(*, now: datetime) -> int:
    """The chair hears once of each offer whose day has passed, besides whoever the ladder reminds. Says how many are open.

    Idempotent: one notice for each promise, whenever and however often this runs.
    """
    late = unanswered(now).filter(due_at__gt=now - LOOKED_BACK).select_related("owner__area", "owner__named_chair")
    promises = list(late.order_by("due_at", "pk"))
    for promise in promises:
        case = promise.owner
        notify(
            deciders(case),
            kind=Kind.REQUEST,
            title="Nobody has answered an offer of a family",
            reference=case.reference,
            url=case.get_absolute_url(),
            key=f"casedeadline:{promise.pk}:back_to_chair",
            now=now,
        )
    return len(promises)
