"""Asking for a step, and noticing when one has taken place or has not (domain.md 7, 8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import EPISODE_OVER, LED, AllocationStatus, Tier
from earlyhelp.cases.models import Allocation, Case, TierChange
from earlyhelp.cases.services import deciders, told_of
from earlyhelp.core.calendar import add_months, add_working_days, closing
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, person
from hubs.enums import UNDECIDED_STEP, StepStatus
from hubs.models import AgendaItem, StepRequest
from hubs.transitions.agenda import remove
from hubs.transitions.steps import enact, supersede, withdraw

CHASED_AFTER = 10  # working days after approval (screens.md 2, 12)
STILL_NEEDED_AFTER = 12  # months at tier 3


# What the hub needs to decide in one hearing (domain.md 8.2), and how it is asked for where it is missing.
EVIDENCE = {
    "what_changed": "Say what has changed since the last review.",
    "tried": "Say what has been tried, and what the readings show.",
    "views": "Say what the children and the parents say.",
    "agreement": "Say whether the family agrees.",
    "agreement_note": "Say what the family said, or why they were not asked.",
    "risk_if_nothing": "Say what the risk is if nothing changes.",
    "wanted": "Say what exactly is wanted.",
}


@transaction.atomic
def request_step(case: Case, *, by: Any, now: datetime, to_tier: int, **evidence: Any) -> StepRequest:
    """The lead asks the hub, with the evidence of domain.md 8.2; a request for more goes by way of EH Access (R7).

    Raises ``NotPossible`` where any of it is missing, or a step down names no taker.
    """
    _refuse_half_a_request(case, to_tier, evidence)
    _clear_away(case, now)
    urgent = bool(evidence.get("urgent_why"))
    asked: Any = cases.request_step(case, by=by, now=now, to_tier=to_tier, reason=evidence["wanted"], urgent=urgent)
    checked = asked.deadlines.open().filter(code="D_STEP_CHECK").exists()
    step = StepRequest.objects.create(
        case=asked,
        from_tier=asked.tier,
        to_tier=to_tier,
        requested_by=by,
        requested_at=now,
        status=StepStatus.WITH_ACCESS if checked else StepStatus.SUBMITTED,
        **evidence,
    )
    record("hubs.steprequest.request_step", step, by=person(by), at=now, became=step.status)
    _ask_receiver(step, by=by, now=now)
    return step


def _refuse_half_a_request(case: Case, to_tier: int, evidence: Mapping[str, Any]) -> None:
    if case.tier is None or to_tier == case.tier:
        raise NotPossible("The family is at that tier already.")
    for name, asked in EVIDENCE.items():
        if not evidence.get(name):
            raise NotPossible(asked, field=name)
    if to_tier < Tier.TARGETED and not (evidence.get("taker") and evidence.get("contingency")):
        raise NotPossible(
            "Below tier 2 each remaining action has a named taker, and the family knows what to do if it gets hard again."
        )


def _ask_receiver(step: StepRequest, *, by: Any, now: datetime) -> None:
    """Whoever is said to be ready to lead next says so themselves; they are told the number of the case, and no name."""
    if step.receiving is None or step.receiving == by or step.closes:
        return
    notify(
        [step.receiving],
        kind=Kind.REQUEST,
        title="You are named to lead a family next: say whether you are ready",
        reference=step.case.reference,
        url=step.get_absolute_url(),
        key=f"step:{step.pk}:receiving",
        now=now,
    )


def _clear_away(case: Case, now: datetime) -> None:
    """What the hub was asked before about this case, and is asked no longer."""
    for item in AgendaItem.objects.live().filter(case=case):
        remove(item, by=SYSTEM, now=now, reason="A new request takes its place.")
    for step in StepRequest.objects.filter(case=case, status__in=UNDECIDED_STEP):
        withdraw(step, by=SYSTEM, now=now, reason="A new request takes its place.")


def follow_up_steps(*, now: datetime) -> int:
    """What was approved is in place, or somebody hears of it. Idempotent; says how many are newly in place."""
    enacted = _enact(now)
    for step in _not_yet(now):
        _chase(step, now)
    for case in _long_at_tier_3(now):
        _ask_whether_still_needed(case, now)
    return enacted


def settle_approved(case: Case, *, now: datetime, reason: str) -> None:
    """What was approved before and is not in place will not be: nobody is reminded of it, nor is a later end taken for it."""
    for step in StepRequest.objects.filter(case=case, status=StepStatus.APPROVED):
        supersede(step, by=SYSTEM, now=now, reason=reason)


def _enact(now: datetime) -> int:
    taken_over = Allocation.objects.filter(
        case=OuterRef("case"),
        worker=OuterRef("case__lead"),
        status=AllocationStatus.ACCEPTED,
        answered_at__gte=OuterRef("decided_at"),
    )
    approved = StepRequest.objects.filter(status=StepStatus.APPROVED).annotate(taken_over=Exists(taken_over))
    done = [step for step in approved.select_related("case") if _in_place(step)]
    for step in done:
        enact(step, by=SYSTEM, now=now)
    return len(done)


def _in_place(step: Any) -> bool:
    """Closed; or at its new tier with a new lead, who need not be the first to be asked: that one may have declined."""
    if step.closes:
        return step.case.status in EPISODE_OVER
    return step.case.tier == step.to_tier and step.taken_over


def _not_yet(now: datetime) -> Any:
    """Approved ten working days ago and still not in place (reminders 2 and 5 of domain.md 7)."""
    day = add_working_days(timezone.localdate(now), -CHASED_AFTER)
    late = StepRequest.objects.filter(status=StepStatus.APPROVED, decided_at__lt=closing(day))
    return late.select_related("case__lead", "case__area", "new_lead")


def _chase(step: StepRequest, now: datetime) -> None:
    """Going up: the decision is not in place. Coming down: the receiving side has not said yes."""
    title = "An approved step is not in place yet" if step.is_up else "A step down is not confirmed by who receives it"
    offered = Allocation.objects.filter(case=step.case_id, status=AllocationStatus.OFFERED).exists()
    people = [*_runners(step.case), step.case.lead, *([step.new_lead] if offered else [])]
    _tell(step.case, people, title, f"step:{step.pk}:{'not_enacted' if step.is_up else 'not_confirmed'}", now)


def _long_at_tier_3(now: datetime) -> Any:
    """Open at tier 3 for twelve months and more: is it still needed (reminder 6)?"""
    latest = TierChange.objects.filter(case=OuterRef("pk")).order_by("-decided_at").values("decided_at")[:1]
    year_ago = add_months(timezone.localdate(now), -STILL_NEEDED_AFTER)
    cases_at_3 = Case.objects.filter(tier=Tier.ENHANCED, status__in=LED).annotate(at_tier_since=Subquery(latest))
    since_then = Q(at_tier_since__date__lte=year_ago) | Q(at_tier_since=None, opened_on__lte=year_ago)
    return cases_at_3.filter(since_then).select_related("lead", "area")


def _ask_whether_still_needed(case: Any, now: datetime) -> None:
    since = timezone.localdate(case.at_tier_since) if case.at_tier_since else case.opened_on
    years = (timezone.localdate(now) - since).days // 365
    people = [case.lead, *_runners(case, Role.HUB_CHAIR)]
    _tell(
        case, people, "At tier 3 for over a year: still needed?", f"case:{case.pk}:tier_3:{since:%Y%m%d}:{years}", now
    )


def _runners(case: Case, *roles: str) -> list[Any]:
    """Whoever runs the hub and may hear of the family (domain.md 9.2); of a restricted record only who was named (5 d)."""
    if case.restricted:
        return deciders(case)
    posts = Post.objects.current().filter(
        role__in=roles or (Role.HUB_CHAIR, Role.HUB_COORDINATOR), area__in=case.area.lineage
    )
    return told_of(case, [post.user for post in posts.select_related("user")]) or deciders(case)


def _tell(case: Case, people: list[Any], title: str, key: str, now: datetime) -> None:
    notify(
        people, kind=Kind.REMINDER, title=title, reference=case.reference, url=case.get_absolute_url(), key=key, now=now
    )
