"""Somebody undertakes something at the hub: it has an owner and a date, and the owner is reminded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from earlyhelp.core.calendar import closing
from earlyhelp.deadlines.services import promise
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs.models import Hub, HubAction, HubDecision, HubMeeting


def undertake(
    hub: Hub,
    *,
    what: str,
    due_on: date,
    now: datetime,
    owner: Any = None,
    agency: Any = None,
    meeting: HubMeeting | None = None,
    decision: HubDecision | None = None,
    need: str = "",
) -> HubAction:
    """Write an action down. An agency's action with nobody by name is held by the hub's coordinator, who finds the name.

    ``need``: which gap of the area it is to close; then it is read beside the gap by whoever reads that (domain.md 15.4).
    Raises ``NotPossible`` for a meeting whose minutes the hub has confirmed: they say what it undertook, and no more.
    """
    if meeting is not None and meeting.minutes_confirmed_at:
        raise NotPossible("The minutes of this meeting are confirmed: add it to the next one.")
    about = {"meeting": meeting, "decision": decision, "need": need}
    action = HubAction.objects.create(
        hub=hub, what=what, due_on=due_on, owner=owner, agency=agency, made_at=now, **about
    )
    role = "" if owner else Role.HUB_COORDINATOR
    promise(
        action,
        "D_ACTION",
        now=now,
        holder=owner,
        holder_role=role,
        due_at=max(closing(due_on), now),
        label="Action from the hub",
    )
    notify(
        [owner],
        kind=Kind.REQUEST,
        title="An action from the hub is yours",
        reference=action.reference,
        url=action.get_absolute_url(),
        key=f"hub_action:{action.pk}:made",
        now=now,
    )
    return action
