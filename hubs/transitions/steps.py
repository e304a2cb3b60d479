"""A step request: asked by the lead, decided by the hub, in place once the new lead has the family (domain.md 6.7, 8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.workflow.transitions import transition
from hubs.enums import UNDECIDED_STEP, StepStatus
from hubs.models import StepRequest


@transition(
    StepRequest, label="Put to the hub", sources=[StepStatus.SUBMITTED], target=StepStatus.WITH_HUB, rule="decide"
)
def put_to_hub(step: StepRequest, *, by: Any, now: datetime) -> dict[str, Any]:
    return {}


@transition(
    StepRequest, label="Withdraw the step request", sources=UNDECIDED_STEP, target=StepStatus.WITHDRAWN, rule="lead"
)
def withdraw(step: StepRequest, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The case went on otherwise: the lead took the request back, or the case ended. The case's own move says why."""
    return {"reason": reason}


@transition(
    StepRequest, label="Answer the step request", sources=UNDECIDED_STEP, target=StepStatus.APPROVED, rule="decide"
)
def answer(
    step: StepRequest, *, by: Any, now: datetime, approved: bool, reason: str, new_lead: Any = None
) -> dict[str, Any]:
    """The hub's decision. With no new lead to wait for, an approved step is in place at once."""
    step.decided_at, step.new_lead = now, new_lead
    if not approved:
        step.status = StepStatus.DECLINED
    elif new_lead is None and not step.closes:
        step.status, step.enacted_at = StepStatus.ENACTED, now
    return {"reason": reason, "approved": approved}


@transition(
    StepRequest, label="The step is in place", sources=[StepStatus.APPROVED], target=StepStatus.ENACTED, rule="decide"
)
def enact(step: StepRequest, *, by: Any, now: datetime) -> dict[str, Any]:
    """The new lead has accepted, or the case is closed: only now has anything changed for the family."""
    step.enacted_at = now
    return {}
