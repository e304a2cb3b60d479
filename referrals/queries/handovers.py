"""What was handed over to social care, and what came of it."""

from __future__ import annotations

from typing import Any

from earlyhelp.audit.models import Event
from earlyhelp.families.models import Family
from referrals.models import (
    HandoverDeadline,
    SocialCareHandover,
)


def handovers_of(user: Any, *, waiting: bool) -> Any:
    rows = SocialCareHandover.objects.for_user(user).select_related("author", "agency", "area")
    return (rows.unacknowledged() if waiting else rows).order_by("-sent_at", "-pk")


def handovers_of_family(family: Family, user: Any) -> Any:
    rows = SocialCareHandover.objects.for_user(user).filter(family=family).select_related("author")
    return rows.order_by("-sent_at", "-pk")


def calls_of(handover: SocialCareHandover) -> Any:
    """What was said to whom, the newest first."""
    return handover.calls.select_related("by").order_by("-at", "-pk")


def trail(handover: SocialCareHandover) -> Any:
    """What happened to it, the newest first."""
    events = Event.objects.filter(subject=handover._meta.label_lower, subject_id=handover.pk)
    return events.select_related("actor").order_by("-at", "-pk")


def owed(handover: SocialCareHandover) -> HandoverDeadline | None:
    return handover.deadlines.open().first()
