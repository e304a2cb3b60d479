"""Whom a decision asked: the worker to whom it offered the family and what they answered, and the services it named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from earlyhelp.cases.enums import TeamRole
from earlyhelp.cases.models import Allocation, TeamMember
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.core.words import within
from hubs.models import AgendaItem, ChairsRequest, HubDecision, ServiceOffer


def decided_lately(case: int) -> list[Any]:
    """What the hub decided about a case that was opened already, the latest first."""
    return _LATELY(None, case=case)


@PlannedOnce
def _LATELY(nobody: None, case: Any) -> Any:
    return HubDecision.objects.filter(case=case).select_related("by", "agreed_by").order_by("-at")[:5]


def with_asked(decisions: Sequence[HubDecision]) -> list[Any]:
    """Each with its ``offer``, ``specialists`` and other ``services``: three queries, however many there are.

    They bear the decision's own moment.
    """
    cases, moments = {each.case_id for each in decisions}, {each.at for each in decisions}
    offers = Allocation.objects.filter(case__in=cases, offered_at__in=moments).select_related("worker__agency")
    by_moment = {(each.case_id, each.offered_at): each for each in offers}
    named: dict[tuple[int, Any], list[TeamMember]] = defaultdict(list)
    joined = TeamMember.objects.filter(case__in=cases, from_at__in=moments, role=TeamRole.SPECIALIST)
    for member in joined.select_related("service__organisation", "agency", "user").order_by("pk"):
        named[member.case_id, member.from_at].append(member)
    others: dict[tuple[int, Any], list[str]] = defaultdict(list)
    to_offer = (
        ServiceOffer.objects.filter(case__in=cases, named_at__in=moments).select_related("service").order_by("pk")
    )
    for each in to_offer.exclude(service__in=joined.values("service")):
        others[each.case_id, each.named_at].append(str(each.service))
    for row in decisions:
        row.services = others[row.case_id, row.at]  # type: ignore[attr-defined]
        row.offer = by_moment.get((row.case_id, row.at))  # type: ignore[attr-defined]
        row.specialists = named[row.case_id, row.at]  # type: ignore[attr-defined]
        row.beside = list(_beside(row))  # type: ignore[attr-defined]
    return list(decisions)


def _beside(decision: Any) -> Iterator[str]:
    """What the minutes say of it besides: the services, whom the family would like, and why nobody was waited for."""
    if decision.specialists:
        yield f"Specialists: {', '.join(map(str, decision.specialists))}"
    if decision.services:
        yield f"To be offered to the family: {', '.join(decision.services)}"
    if offer := decision.offer:
        yield f"The family’s preference: {within(offer.get_preference_display())}. {offer.preference_note}"
    if decision.not_awaited_reason:
        yield f"Approved before all who receive the family had said yes: {decision.not_awaited_reason}"


def asked_to_agree(item: AgendaItem) -> list[ChairsRequest]:
    """Whom the chair asked about it between two meetings, the first of them first."""
    return list(ChairsRequest.objects.filter(item=item).select_related("asked__agency").order_by("asked_at", "pk"))


def offers_since(decision: HubDecision) -> list[Allocation]:
    """Who was asked to lead by this decision and after it, the first of them first."""
    offers = Allocation.objects.filter(case=decision.case_id, offered_at__gte=decision.at)
    return list(offers.select_related("worker__agency").order_by("offered_at", "pk"))
