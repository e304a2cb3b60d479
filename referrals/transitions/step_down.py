"""Between social care and early help: what comes back from there, and what steps down from there (domain.md 6.9, 8.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.cases.enums import TeamRole
from earlyhelp.cases.guards import when_accepted
from earlyhelp.cases.models import Case
from earlyhelp.cases.services import join_team
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.notices.models import Kind
from earlyhelp.workflow.transitions import NotPossible, transition
from referrals.enums import Status
from referrals.models import Referral
from referrals.queries import same_day
from referrals.services.drafts import steps_down
from referrals.services.hub import refuse_from_protection, to_the_hub
from referrals.services.telling import tell
from referrals.transitions.referral import back_in_triage, decide


@transition(
    Referral,
    label="Social care did not take it",
    sources=[Status.STEPPED_UP],
    target=Status.IN_TRIAGE,
    rule="by_itself",
)
def not_taken_by_social_care(referral: Referral, *, by: Any, now: datetime, handover: str) -> dict[str, Any]:
    """The hand-over was its decision, and was not accepted: it is decided again, the same day."""
    title = "Social care did not accept a referral: decide today what happens"
    back_in_triage(referral, now, title, due_at=same_day(now))
    told = "Social care did not accept your referral: EH Access decides again"
    tell(referral, [referral.author], told, what=f"not_taken:{handover}", now=now, urgent=True)
    return {"handover": handover}


@transition(
    Referral, label="Pass the step-down to the hub", sources=[Status.IN_TRIAGE], target=Status.ACCEPTED, rule="triage"
)
def pass_step_down(
    referral: Referral,
    *,
    by: Any,
    now: datetime,
    proposed_tier: int,
    urgent: bool,
    **said: Any,
) -> dict[str, Any]:
    """The threshold is not weighed again; what agencies know is asked all the same (domain.md 8.4)."""
    if not referral.step_down:
        raise NotPossible("Only what social care steps down skips the threshold: decide this referral like any other.")
    refuse_from_protection(referral.family)
    if not referral.requests.exists():
        raise NotPossible("Ask at least one agency first: a step-down skips the threshold, not the information checks.")
    referral.case = to_the_hub(
        referral,
        by=by,
        now=now,
        level_of_need=LevelOfNeed.SEVERAL,
        proposed_tier=proposed_tier,
        request=f"Step-down from social care, which waits to close.\n\n{referral.closing_summary}\n\n"
        f"What is still to be done: {referral.plan_ahead}\n\nWhat the family wants: {referral.wants}",
        urgent=urgent,
    )
    return decide(
        referral,
        by=by,
        now=now,
        level_of_need=LevelOfNeed.SEVERAL,
        proposed_tier=proposed_tier,
        urgent=urgent,
        case=referral.case,
        **said,
    )


@when_accepted
def hand_over_meeting(case: Case, by: Any, now: datetime) -> None:
    """A lead professional has the family: the social worker joins the team, hands over at the first meeting, then closes."""
    referral = Referral.objects.filter(case=case, step_down=True).select_related("author__agency").first()
    if referral is None:
        return
    label = "First TAF meeting, with social care: they hand over"
    case.deadlines.open().filter(code="D_FIRST_TAF").update(label=label)
    worker = referral.author
    if worker is not None and worker.is_active and steps_down(worker):
        join_team(case, role=TeamRole.MEMBER, user=worker, by=by, now=now)
    title = "A lead professional has accepted: close after the hand-over meeting"
    tell(referral, [referral.author], title, what=f"led:{case.pk}", now=now, kind=Kind.DECISION, urgent=True)
