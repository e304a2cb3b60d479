"""Who hears one family in the place of a chair who may not (domain.md 9.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from earlyhelp.cases.services import told_of
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible, transition
from hubs.enums import LIVE_ITEM
from hubs.models import AgendaItem
from hubs.queries import runners_of
from hubs.queries.interests import chairs_here, may_be_named, still_hears


@transition(AgendaItem, label="Say who hears this family in the chair’s place", sources=LIVE_ITEM, rule="name")
def name_chair(item: AgendaItem, *, by: Any, now: datetime, user: Any) -> dict[str, Any]:
    """No chair who is here may hear of them: somebody else who is here does, of this family and while the meeting sits.

    Where nobody who runs the hub may hear of them, somebody who sits there does, from now on and until they are decided on.
    """
    sits = item.meeting is not None and item.meeting.in_session
    if not sits and item.nobody_hears_since is None:
        raise NotPossible("The meeting is not in session: start it first, or take a chair’s action.")
    if item.case.restricted:
        raise NotPossible("This record is restricted: only the chair named for it decides.")
    if sits and chairs_here(item):
        raise NotPossible(f"{chairs_here(item)[0]} is here and may decide about this family.")
    if not may_be_named(item).filter(pk=user.pk).exists():
        where = "here" if sits else "at this hub"
        raise NotPossible(f"{user} is not {where}, or may not hear of this family: choose somebody else.", field="user")
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


@transition(AgendaItem, label="Nobody who runs the hub may hear it", sources=LIVE_ITEM, rule="prepare")
def find_nobody(item: AgendaItem, *, by: Any, now: datetime) -> dict[str, Any]:
    """All who run it declared an interest. Unless somebody is named already, its managers say who hears the family."""
    item.nobody_hears_since = now
    if still_hears(item):
        return {"heard_by": item.heard_by_id}
    item.heard_by = None
    notify(
        told_of(item.case, runners_of(item.hub, Role.SERVICE_MANAGER)),
        kind=Kind.REQUEST,
        title="Nobody who runs a hub may hear of a family: say who does",
        reference=item.case.reference,
        url=reverse("hubs:hear_instead", args=[item.pk]),
        key=f"item:{item.pk}:nobody_hears:{item.version}",
        now=now,
        urgent=True,
    )
    return {}


@transition(AgendaItem, label="Somebody who runs the hub may hear it again", sources=LIVE_ITEM, rule="prepare")
def find_somebody(item: AgendaItem, *, by: Any, now: datetime) -> dict[str, Any]:
    """An interest was a mistake, or another holds the post: whoever was named meanwhile hears of the family no more."""
    item.nobody_hears_since, item.heard_by = None, None
    return {}
