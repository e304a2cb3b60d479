"""Offers that nobody answered in time: they are back with the chair (domain.md 7, ``D_ACCEPT``; screens.md A6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from earlyhelp.cases.enums import OPEN
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.cases.queries import with_offer
from hubs.access import RUNS


def unanswered(now: datetime) -> Any:
    """The promises to answer an offer whose day has passed. The offer itself stays open until somebody else is asked."""
    return CaseDeadline.objects.overdue(now).filter(code="D_ACCEPT", owner__status__in=OPEN)


def with_lapse(cases: Any, now: datetime) -> Any:
    """With each case since when its offer has waited past its day (``lapsed_at``), and to whom it is offered."""
    lapsed = unanswered(now).filter(owner=OuterRef("pk")).values("due_at")[:1]
    return with_offer(cases.annotate(lapsed_at=Subquery(lapsed)))


def not_answered_in(user: Any, now: datetime) -> list[Any]:
    """Families of the places in which this person runs a hub, and the rights to ask somebody else; the longest waiting first."""
    seen = Case.objects.for_user(user).with_rights(user, "hand_on").filter(area__in=user.scope.areas(*RUNS))
    waiting = seen.filter(pk__in=unanswered(now).values("owner")).select_related("family")
    return list(with_lapse(waiting, now).order_by("lapsed_at", "pk"))
