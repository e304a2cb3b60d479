"""What the pages of a case read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Case
from earlyhelp.workflow.transitions import REGISTRY


@dataclass(frozen=True)
class Entry:
    """One line of a timeline."""

    title: str
    who: str
    at: datetime
    text: str
    url: str = ""


def trail(case: Case, limit: int | None = None) -> list[Entry]:
    """What happened to the case, newest first, in the words of its transitions."""
    events = (
        Event.objects.filter(subject=case._meta.label_lower, subject_id=case.pk)
        .select_related("actor")
        .order_by("-at", "-pk")
    )
    return [_entry(event) for event in (events[:limit] if limit else events)]


def _entry(event: Event) -> Entry:
    return Entry(_label(event.kind), str(event.actor or "Early Help"), event.at, event.reason)


OTHER_WORDS = {
    "await_decision": "Accepted for early help",
    "team_joined": "Somebody joined the team",
    "team_left": "Somebody left the team",
    "edit": "Changed",
}


def _label(kind: str) -> str:
    name = kind.rpartition(".")[2]
    move = REGISTRY[Case].get(name)
    return move.label if move else OTHER_WORDS.get(name, name.replace("_", " ").capitalize())


def team_of(case: Case) -> list[Any]:
    return list(
        case.team.current()
        .select_related("user__agency", "agency", "service__organisation")
        .order_by("role", "from_at")
    )
