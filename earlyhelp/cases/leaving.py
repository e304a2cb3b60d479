"""What of a family's case somebody who leaves still holds."""

from __future__ import annotations

from typing import Any

from earlyhelp.accounts.leaving import Held, leaving
from earlyhelp.cases.models import Case, TeamMember


@leaving
def led(person: Any) -> Held:
    return Held(Case.objects.live().filter(lead=person).count(), "family they lead", "families they lead")


@leaving
def on_teams(person: Any) -> Held:
    """Those on whose team they are without leading them."""
    count = TeamMember.objects.current().filter(user=person).exclude(case__lead=person).count()
    return Held(count, "family on whose team they are", "families on whose teams they are")
