"""Words to take out, from asked to decided: whoever sees them asks, the governance lead decides (promise P2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.records.blanking import take_out
from earlyhelp.records.enums import BlankingStatus as S
from earlyhelp.records.models import Blanking
from earlyhelp.workflow.transitions import transition


@transition(Blanking, label="Take the words out", sources=[S.ASKED], target=S.BLANKED, rule="decide")
def take_words_out(blanking: Blanking, *, by: Any, now: datetime, note: str) -> dict[str, Any]:
    """Out of everything that is kept of the family, and of what was kept of it before."""
    taken = take_out(blanking, now=now)
    blanking.places, blanking.received = taken.places, taken.received
    _decided(blanking, note, by, now)
    return {"places": taken.places, "versions": taken.versions}


@transition(Blanking, label="Leave them as they are", sources=[S.ASKED], target=S.LEFT, rule="decide")
def leave_words(blanking: Blanking, *, by: Any, now: datetime, note: str) -> None:
    """They may stand, or are needed: whoever asked hears why from the lead."""
    _decided(blanking, note, by, now)


def _decided(blanking: Blanking, note: str, by: Any, now: datetime) -> None:
    blanking.decided_by, blanking.decided_at, blanking.note, blanking.sealed = by, now, note, None
    notify(
        [blanking.asked_by],
        kind=Kind.REMINDER,
        title="What you asked to have taken out of a record was decided",
        reference=blanking.family.reference,
        url="/",
        key=f"blanking:{blanking.pk}:decided",
        now=now,
    )
