"""The hub itself: its day and its place, who sits at it, and the terms that it agreed (domain.md 9.1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.services import edit, lock
from earlyhelp.workflow.transitions import NotPossible
from hubs.models import Hub, HubMember, HubTerms
from hubs.services.diary import plan_anew

DAY = ("cadence", "week", "weekday", "counted_from", "starts", "place")  # what its meetings are planned by


@transaction.atomic
def change(hub: Hub, *, by: Any, now: datetime, version: int, **facts: Any) -> Hub:
    """Save what is said of the hub; if it meets otherwise from now on, the meetings nobody has prepared are planned anew."""
    before = lock(hub)
    hub = edit(hub, by=by, now=now, version=version, **facts)
    if any(getattr(hub, name) != getattr(before, name) for name in DAY):
        plan_anew(hub, now=now)
    return hub


@transaction.atomic
def seat(hub: Hub, *, by: Any, now: datetime, user: Any, from_on: date, role: str = "") -> HubMember:
    """Somebody sits at the hub for their agency from a day on: never by their own hand, and not over papers of the past.

    Raises ``NotPossible`` if they sit there already.
    """
    if user == by:
        raise NotPossible("Nobody seats themselves at a hub: ask somebody else who keeps it.", field="user")
    if from_on < timezone.localdate(now):
        raise NotPossible("Enter today or a later day: what was before is not theirs to read.", field="from_on")
    if HubMember.objects.filter(hub=lock(hub), user=user, until_on=None).exists():
        raise NotPossible(f"{user} sits at this hub already.", field="user")
    if user.agency is None:
        raise NotPossible(f"{user} has no agency to sit for.", field="user")
    member = HubMember.objects.create(hub=hub, user=user, agency=user.agency, role=role, from_on=from_on)
    record("hubs.hub.seat", hub, by=by, at=now, member=member.pk)
    notify(
        [user],
        kind=Kind.NEWS,
        title="You are a member of a hub",
        reference=hub.name,
        url=hub.get_absolute_url(),
        key=f"hub:{hub.pk}:seat:{member.pk}",
        now=now,
    )
    return member


@transaction.atomic
def unseat(member: HubMember, *, by: Any, now: datetime, until_on: date) -> HubMember:
    """The last day on which somebody sits at the hub; what they could read there ends with it."""
    member = lock(member)
    if member.until_on is not None:
        raise NotPossible("Their last day is written down already.")
    if until_on < member.from_on:
        raise NotPossible("Their last day cannot be before their first.", field="until_on")
    member.until_on = until_on
    member.save(update_fields=["until_on"])
    record("hubs.hub.unseat", member.hub, by=by, at=now, member=member.pk)
    return member


@transaction.atomic
def agree_terms(hub: Hub, *, by: Any, now: datetime, text: str, agreed_on: date) -> HubTerms:
    """The next version of the terms of reference. Those before are kept as they were."""
    last = HubTerms.objects.filter(hub=lock(hub)).order_by("-number").first()
    number = last.number + 1 if last else 1
    terms = HubTerms.objects.create(hub=hub, number=number, text=text, agreed_on=agreed_on, by=by, at=now)
    record("hubs.hub.agree_terms", hub, by=by, at=now, number=number)
    return terms
