"""A step request: asked by the lead, decided by the hub, in place once the new lead has the family (domain.md 6.7, 8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.services import tell_lead
from earlyhelp.deadlines.services import keep
from earlyhelp.workflow.transitions import NotPossible, person, transition
from hubs.enums import BEFORE_THE_HUB, LIVE_STEP, UNDECIDED_STEP, Readiness, StepStatus
from hubs.models import StepRequest

# --- EH Access looks at a request for more (domain.md R7) ---------------------------------------------------------------


@transition(
    StepRequest, label="Pass it to the hub", sources=[StepStatus.WITH_ACCESS], target=StepStatus.WITH_HUB, rule="check"
)
def pass_on(step: StepRequest, *, by: Any, now: datetime, known: str) -> dict[str, Any]:
    """It is whole. What agencies know is added, and the hub reads it with the request."""
    step.known, step.checked_by, step.checked_at = known, person(by), now
    keep(step.case, "D_STEP_CHECK", now=now)
    return {}


@transition(
    StepRequest, label="Send it back", sources=[StepStatus.WITH_ACCESS], target=StepStatus.RETURNED, rule="check"
)
def send_back(step: StepRequest, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Something is missing, and the lead is told what. Nothing has changed for the family, whom they lead as before."""
    cases.return_step(step.case, by=by, now=now, reason=reason)
    return {"reason": reason}


@transition(StepRequest, label="Put to the hub", sources=BEFORE_THE_HUB, target=StepStatus.WITH_HUB, rule="decide")
def put_to_hub(step: StepRequest, *, by: Any, now: datetime) -> dict[str, Any]:
    return {}


# --- whoever receives the family says yes (domain.md 8.3) ---------------------------------------------------------------


@transition(StepRequest, label="Say whether you are ready to lead", sources=UNDECIDED_STEP, rule="receive")
def say_ready(step: StepRequest, *, by: Any, now: datetime, ready: str) -> dict[str, Any]:
    """Before the hub decides. It binds nobody yet: the family is offered to them, and they accept or decline it."""
    step.receiving_says, step.receiving_said_at = Readiness(ready), now
    what = "ready" if ready == Readiness.YES else "not_ready"
    tell_lead(step.case, "Whoever is to lead next has answered", f"step:{step.pk}:{what}:{now:%Y%m%d%H%M%S}", now)
    return {"ready": ready}


@transition(StepRequest, label="Record that all who carry on have said yes", sources=LIVE_STEP, rule="lead")
def takers_agree(step: StepRequest, *, by: Any, now: datetime, taker: str) -> dict[str, Any]:
    """A named service and person for each remaining action, and each of them agrees to it (domain.md 8.3, D2).

    Before the hub decides, or after it approved the step all the same: the case does not close without it.
    """
    if not step.closes:
        raise NotPossible("The case goes on after this step: its actions stay with those who have them.")
    step.taker, step.takers_agree = taker, True
    return {}


# --- the hub decides ----------------------------------------------------------------------------------------------------


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
    step: StepRequest,
    *,
    by: Any,
    now: datetime,
    approved: bool,
    reason: str,
    new_lead: Any = None,
    reassess: bool = False,
) -> dict[str, Any]:
    """The hub's decision. With no new lead to wait for, an approved step is in place at once."""
    step.decided_at, step.new_lead, step.reassess = now, new_lead, reassess
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


@transition(
    StepRequest,
    label="What was approved holds no more",
    sources=[StepStatus.APPROVED],
    target=StepStatus.WITHDRAWN,
    rule="decide",
)
def supersede(step: StepRequest, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """It was approved and is not in place: a later decision takes its place, and nobody is reminded of it."""
    return {"reason": reason}
