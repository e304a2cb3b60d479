"""Everything that a checklist suggests, talked over in one conversation: each answer is a deed of its own (domain.md 11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from earlyhelp.workflow.transitions import REGISTRY, NotPossible
from referrals.models import ChecklistResponse, Suggestion


@dataclass(frozen=True)
class Said:
    """What they said to one suggestion: the deed that writes it down, with what it is told. ``field``: where it was asked."""

    suggestion: Suggestion
    deed: str
    facts: dict[str, Any]
    field: str = ""


@transaction.atomic
def talk_over(response: ChecklistResponse, *, by: Any, now: datetime, said: Iterable[Said]) -> ChecklistResponse:
    """All of it or nothing. Raises ``NotPossible`` for the first that cannot be so, and says which; the others wait with it."""
    for each in said:
        try:
            REGISTRY[Suggestion][each.deed](each.suggestion, by=by, now=now, **each.facts)
        except NotPossible as problem:
            raise NotPossible(f"{each.suggestion.title}: {problem}", field=each.field) from problem
    return response
