"""Who hears one family in the place of a chair who may not (domain.md 9.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.transitions import NotPossible, transition
from hubs.enums import ON_AGENDA
from hubs.models import AgendaItem
from hubs.queries.interests import chairs_here, may_hear


@transition(AgendaItem, label="Say who hears this family in the chair’s place", sources=ON_AGENDA, rule="prepare")
def name_chair(item: AgendaItem, *, by: Any, now: datetime, user: Any) -> dict[str, Any]:
    """No chair who is here may hear of them: somebody else who is here does, of this family and while the meeting sits."""
    if item.meeting is None or not item.meeting.in_session:
        raise NotPossible("The meeting is not in session: start it first, or take a chair’s action.")
    if item.case.restricted:
        raise NotPossible("This record is restricted: only the chair named for it decides.")
    if chairs_here(item):
        raise NotPossible(f"{chairs_here(item)[0]} is here and may decide about this family.")
    if not may_hear(item).filter(pk=user.pk).exists():
        raise NotPossible(f"{user} is not here, or may not hear of this family: choose somebody else.", field="user")
    item.heard_by = user
    notify(
        [user],
        kind=Kind.REQUEST,
        title="You hear a family in the chair’s place",
        reference=item.case.reference,
        url=item.get_absolute_url(),
        key=f"item:{item.pk}:heard_by:{user.pk}:{item.version}",
        now=now,
        urgent=True,
    )
    return {"heard_by": user.pk}
