"""What must be so before a family is sent to the hub, however it came to EH Access."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.cases.enums import CaseKind, Tier
from earlyhelp.cases.models import Case
from earlyhelp.cases.services import await_decision
from earlyhelp.families.enums import FamilyRole
from earlyhelp.families.models import Family
from earlyhelp.families.queries import under_protection
from earlyhelp.workflow.transitions import NotPossible
from referrals.models import Referral
from referrals.queries import people_of, somebody_agrees


def to_the_hub(
    referral: Referral,
    *,
    by: Any,
    now: datetime,
    level_of_need: int,
    proposed_tier: int,
    request: str,
    urgent: bool,
) -> Case:
    """A case waits for the hub of the family’s home. Raises ``NotPossible`` where it is not known, or nobody agrees."""
    if proposed_tier not in (Tier.TARGETED, Tier.ENHANCED):
        raise NotPossible("A hub opens cases at tier 2 or 3: choose another decision for this tier.")
    if referral.place_unknown:
        raise NotPossible("No hub can decide yet: say first where the family lives.")
    if not somebody_agrees(referral.family):
        raise NotPossible("Nobody in the family has agreed to early help yet: record who agrees first.")
    return await_decision(
        referral.family,
        area=referral.area,
        by=by,
        now=now,
        level_of_need=level_of_need,
        proposed_tier=proposed_tier,
        request=request,
        urgent=urgent,
        kind=_case_kind(referral),
    )


def refuse_from_protection(family: Family) -> None:
    """There is no step-down straight from a child protection plan, whoever runs alongside (domain.md T5, 8.4)."""
    if Family.objects.filter(under_protection("pk"), pk=family.pk).exists():
        raise NotPossible(
            "Somebody in this family has a child protection plan: there is no step-down straight from one (T5). Social "
            "care ends or changes that plan first; then record the new statutory status on the page of that person."
        )


def _case_kind(referral: Referral) -> str:
    children = any(member.role == FamilyRole.CHILD for member in people_of(referral.family_id))
    return CaseKind.FAMILY if children else CaseKind.ADULT


def in_their_words(referral: Referral) -> str:
    """What the hub and the lead professional read first. A day that presses is not left behind with the referral."""
    said = [referral.why_now, f"What the family wants: {referral.wants}"]
    if referral.urgent and referral.urgent_why:
        said.append(f"Why it is urgent: {referral.urgent_why}")
    return "\n\n".join(said)
