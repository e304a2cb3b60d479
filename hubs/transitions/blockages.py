"""What may happen to a blockage: somebody takes it, it is taken further, it is unpicked (domain.md 6.10)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from earlyhelp.core.calendar import closing
from earlyhelp.deadlines.services import keep, promise, release
from earlyhelp.workflow.transitions import NotPossible, transition
from hubs.enums import OPEN_BLOCKAGE, BlockageStatus, Level
from hubs.models import Blockage
from hubs.queries.blockages import owners_for
from hubs.services.holding import asked_of, held_by, tell

S = BlockageStatus


@transition(Blockage, label="Say who unpicks it", sources=OPEN_BLOCKAGE, target=S.OWNED, rule="carry")
def own(blockage: Blockage, *, by: Any, now: datetime, owner: Any, act_by: date) -> dict[str, Any]:
    """Somebody by name has it from now on, by a day; they read what stops the family, and no more of it than that."""
    if not owners_for(blockage.case).filter(pk=owner.pk).exists():
        raise NotPossible(f"{owner} can not be named for this: choose somebody else.", field="owner")
    blockage.owner, blockage.act_by = owner, act_by
    keep(blockage, "D_BLOCKAGE_OWNER", now=now)
    promise(blockage, "D_BLOCKAGE", now=now, holder=owner, due_at=max(closing(act_by), now))
    if owner != by:
        tell(blockage, [owner], "A blockage is yours to unpick", what=f"owned:{blockage.version}", now=now)
    return {"owner": owner.pk, "act_by": act_by.isoformat()}


@transition(Blockage, label="Take it further", sources=OPEN_BLOCKAGE, target=S.ESCALATED, rule="carry")
def escalate(blockage: Blockage, *, by: Any, now: datetime, reason: str, asked: str = "") -> dict[str, Any]:
    """Those who hold it cannot: the hub hears it at its next meeting, or service managers are asked, without a name."""
    was = Level(blockage.level)
    if was == Level.MANAGERS:
        raise NotPossible("Service managers have it: there is nobody further to take it to. Say who unpicks it.")
    level = Level(was + 1)
    if level == Level.MANAGERS:
        _guard_managers(blockage, asked)
        blockage.asked = asked
    release(blockage, now=now)
    blockage.level, blockage.escalated_at, blockage.owner, blockage.act_by = level, now, None, None
    blockage.heard_at = None if level == Level.HUB else blockage.heard_at
    promise(blockage, "D_BLOCKAGE_OWNER", now=now, **held_by(blockage, level))
    tell(blockage, asked_of(blockage, level), "A blockage is taken to you", what=f"level:{level.value}", now=now)
    return {"reason": reason, "level": level.value}


def _guard_managers(blockage: Blockage, asked: str) -> None:
    if blockage.case.restricted:
        raise NotPossible("This record is restricted: its named chair unpicks it, and nobody further hears of it.")
    if not asked:
        raise NotPossible("Say what you ask of service managers, and name nobody.", field="asked")


@transition(Blockage, label="It is unpicked", sources=OPEN_BLOCKAGE, target=S.RESOLVED, rule="carry")
def resolve(blockage: Blockage, *, by: Any, now: datetime, resolution: str) -> dict[str, Any]:
    """What did it is written down: the next family with the same blockage is helped by it."""
    blockage.resolution, blockage.resolved_at = resolution, now
    keep(blockage, "D_BLOCKAGE_OWNER", "D_BLOCKAGE", now=now)
    people = {blockage.raised_by, blockage.owner, blockage.case.lead} - {by}
    tell(blockage, people, "A blockage is unpicked", what="resolved", now=now)
    return {"reason": resolution}


@transition(Blockage, label="The hub heard it", sources=OPEN_BLOCKAGE, rule="carry")
def hear(blockage: Blockage, *, by: Any, now: datetime) -> dict[str, Any]:
    """It leaves the agenda. Whoever took it on in the meeting has it; else the coordinator is still owed a name."""
    blockage.heard_at = now
    return {}
