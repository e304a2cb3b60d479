"""The governance lead says what somebody’s reads of a family were (promise P5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.families.enums import OddStatus
from earlyhelp.families.models import OddRead
from earlyhelp.workflow.transitions import transition


@transition(OddRead, label="It is explained", sources=[OddStatus.OPEN], target=OddStatus.EXPLAINED, rule="view")
def explain(odd: OddRead, *, by: Any, now: datetime, note: str) -> dict[str, Any]:
    """There was a reason, and it is written down: the same person’s reads of this family are not brought again for it."""
    return _looked(odd, by, now, note)


@transition(OddRead, label="Take it further", sources=[OddStatus.OPEN], target=OddStatus.WORRYING, rule="view")
def take_further(odd: OddRead, *, by: Any, now: datetime, note: str) -> dict[str, Any]:
    """Nobody could say why: what is done about it is written down. The next reads are brought too."""
    return _looked(odd, by, now, note)


def _looked(odd: OddRead, by: Any, now: datetime, note: str) -> dict[str, Any]:
    odd.note, odd.looked_by, odd.looked_at = note, by, now
    return {"reason": note}
