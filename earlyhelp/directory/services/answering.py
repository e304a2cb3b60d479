"""A service answers from its link. The actor is no user: the trail says that it was the service itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from earlyhelp.directory.enums import OnwardStatus
from earlyhelp.directory.models import OnwardLink, OnwardReferral
from earlyhelp.directory.services.links import find, mark_opened
from earlyhelp.directory.transitions import onward as transitions
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import REGISTRY, SYSTEM, NotPossible

ANSWERS = ("accept", "give_back", "start", "complete", "drop_out", "did_not_attend", "record_outcome")
GONE = "This link no longer opens anything."


@transaction.atomic
def enter(secret: str, *, now: datetime) -> OnwardLink | None:
    """The button was pressed: from now on the link shows what it leads to."""
    link = find(secret, now=now)
    if link is None:
        return None
    mark_opened(link, now=now)
    onward = lock(link.onward)  # a button that is pressed twice is pressed once
    if onward.status == OnwardStatus.SENT:
        transitions.receive(onward, by=SYSTEM, now=now)
    return find(secret, now=now)


@transaction.atomic
def answer_by_link(secret: str, name: str, *, now: datetime, **facts: Any) -> OnwardReferral:
    """Raises ``NotPossible`` as the transition does, or where the person took their permission back meanwhile."""
    link = find(secret, now=now)
    if link is None or link.opened_at is None or name not in ANSWERS:
        raise NotPossible(GONE)
    return REGISTRY[OnwardReferral][name](link.onward, by=SYSTEM, now=now, **facts)
