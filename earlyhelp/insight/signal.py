"""Where the response is above the need, or the need was raised without a new fact (domain.md 3.4). It stops nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from assessments.models import Assessment
from earlyhelp.cases.models import Case, TierChange
from earlyhelp.families.models import SignificantEvent
from hubs.models import ServiceGap
from referrals.models import InformationRequest, TriageDecision


def signalled(user: Any) -> Any:
    """The cases that this person may list at a tier above their level of need, or whose level rose and nothing says why."""
    rows = Case.objects.for_user(user, "list").with_rights(user, "view").live().annotate(**_facts())
    above, raised = Q(tier__gt=F("level_of_need")), Q(triage_level__lt=F("level_of_need"), new_fact=False)
    return (
        rows.filter(above | raised).select_related("area", "lead").order_by("area__name", "-tier", "accepted_at", "pk")
    )


def _facts() -> dict[str, Any]:
    """What each signal is told by: the level at triage, whether anything new was learnt since, and what is missing."""
    triage = TriageDecision.objects.filter(case=OuterRef("pk")).order_by("at")
    tier = TierChange.objects.filter(case=OuterRef("pk")).order_by("-decided_at")
    gap = ServiceGap.objects.filter(decision__case=OuterRef("pk")).order_by("-raised_at")
    return {
        "triage_level": Subquery(triage.values("level_of_need")[:1]),
        "triaged_at": Subquery(triage.values("at")[:1]),
        "at_tier_since": Subquery(tier.values("decided_at")[:1]),
        "missing": Subquery(gap.values("note")[:1]),
        "new_fact": _learnt(),
    }


def _learnt() -> Any:
    """Since triage: an assessment completed, an event written down, an agency's answer to what was asked."""
    since = OuterRef("triaged_at")
    assessed = Assessment.objects.filter(case=OuterRef("pk"), completed_at__gt=since)
    happened = SignificantEvent.objects.filter(family=OuterRef("family"), recorded_at__gt=since)
    told = InformationRequest.objects.filter(referral__case=OuterRef("pk"), answered_at__gt=since)
    return Exists(assessed) | Exists(happened) | Exists(told)
