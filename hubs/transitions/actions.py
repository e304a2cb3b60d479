"""An action is done by whoever undertook it, or is ticked off by the hub; what is overdue is chased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from earlyhelp.deadlines.services import keep
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.transitions import NotPossible, transition
from hubs.enums import ActionStatus
from hubs.models import HubAction


@transition(HubAction, label="Mark as done", sources=[ActionStatus.OPEN], target=ActionStatus.DONE)
def complete(action: HubAction, *, by: Any, now: datetime) -> dict[str, Any]:
    action.done_at = now
    keep(action, "D_ACTION", now=now)
    return {}


@transition(HubAction, label="Chase", sources=[ActionStatus.OPEN])
def chase(action: HubAction, *, by: Any, now: datetime) -> dict[str, Any]:
    """Ask its owner what became of it, once a day at most. Raises ``NotPossible`` if there is nothing to ask, or nobody."""
    today = timezone.localdate(now)
    if action.due_on >= today:
        raise NotPossible("This action is not overdue.")
    if action.owner is None:
        raise NotPossible("This action has nobody by name: ask the agency who does it.")
    if action.chased_at and timezone.localdate(action.chased_at) == today:
        raise NotPossible("Its owner was asked today already.")
    action.chased_at = now
    notify(
        [action.owner],
        kind=Kind.REMINDER,
        title="An action from the hub is overdue",
        reference=action.reference,
        url=action.get_absolute_url(),
        key=f"hub_action:{action.pk}:chased:{today:%Y%m%d}",
        now=now,
    )
    return {}
