"""Of a family's case: what somebody who leaves still holds, and what whoever covers for somebody may hear."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from earlyhelp.accounts.leaving import Held, leaving, parting
from earlyhelp.cases.enums import LEADING
from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.cases.services import leave_team
from earlyhelp.notices.services.telling import may_hear


@leaving
def led(person: Any) -> Held:
    """Handed on together, on one page; whoever looks after accounts sees no family, and only how many they are."""
    count = Case.objects.live().filter(lead=person).count()
    return Held(count, "family they lead", "families they lead", reverse("hubs:leaver", args=[person.pk]))


@leaving
def on_teams(person: Any) -> Held:
    """Those on whose team they are without leading them."""
    count = TeamMember.objects.current().filter(user=person).exclude(case__lead=person).count()
    return Held(count, "family on whose team they are", "families on whose teams they are")


@parting
def end_memberships(person: Any, *, by: Any, now: datetime) -> None:
    """Whoever leads a family does so until another has accepted: it is never nobody's, and nobody signs in as them."""
    for member in TeamMember.objects.current().filter(user=person).exclude(role__in=LEADING):
        leave_team(member, by=by, now=now, reason="They left.")


@may_hear
def of_a_case(reference: str) -> bool:
    """Not of a restricted one: that it is there is told to nobody but those it is entrusted to."""
    return Case.objects.filter(reference=reference, restricted=False).exists()
