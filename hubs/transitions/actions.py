"""An action is done by whoever undertook it, or is ticked off by the hub."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.deadlines.services import keep
from earlyhelp.workflow.transitions import transition
from hubs.enums import ActionStatus
from hubs.models import HubAction


@transition(HubAction, label="Mark as done", sources=[ActionStatus.OPEN], target=ActionStatus.DONE)
def complete(action: HubAction, *, by: Any, now: datetime) -> dict[str, Any]:
    action.done_at = now
    keep(action, "D_ACTION", now=now)
    return {}
