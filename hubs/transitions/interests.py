"""An interest declared by mistake is taken back by two people, and never by whoever it hides the family from alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.cases.services import told_of
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.transitions import NotPossible, transition
from hubs.access import RUNS
from hubs.enums import ConflictStatus
from hubs.models import Conflict, HubMeeting
from hubs.queries import runners_of
from hubs.queries.interests import here
from hubs.services.agenda import hub_of


@transition(Conflict, label="It was a mistake", sources=[ConflictStatus.STANDING], target=ConflictStatus.DOUBTED)
def doubt(conflict: Conflict, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Said by whoever it is about, whoever wrote it down, or whoever runs the hub. The family stays hidden meanwhile."""
    conflict.doubted_by, conflict.doubted_at, conflict.doubted_why = by, now, reason
    hub = hub_of(conflict.case)
    asked = [each for each in told_of(conflict.case, runners_of(hub, *RUNS)) if each != by] if hub else []
    notify(
        asked,
        kind=Kind.REQUEST,
        title="Was an interest at the hub declared by mistake?",
        reference=conflict.reference,
        url=conflict.get_absolute_url(),
        key=f"conflict:{conflict.pk}:doubted:{conflict.version}",
        now=now,
    )
    return {"reason": reason}


@transition(
    Conflict, label="It stands", sources=[ConflictStatus.DOUBTED], target=ConflictStatus.STANDING, rule="take_back"
)
def uphold(conflict: Conflict, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """They know the family after all. Why it was doubted is in the history."""
    conflict.doubted_by, conflict.doubted_at, conflict.doubted_why = None, None, ""
    return {"reason": reason}


@transition(Conflict, label="Take it back", sources=[ConflictStatus.DOUBTED], target=ConflictStatus.TAKEN_BACK)
def take_back(conflict: Conflict, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """A second person who runs the hub, and while it meets is there, confirms it: from now on they hear of the family again."""
    if by == conflict.doubted_by:
        raise NotPossible("You said yourself that it was a mistake: somebody else who runs the hub confirms it.")
    meeting = _in_session(conflict.meeting)
    if meeting is not None and not here(meeting).filter(pk=by.pk).exists():
        raise NotPossible("The hub is meeting: somebody who is there confirms it.")
    conflict.confirmed_by, conflict.taken_back_at = by, now
    notify(
        [conflict.user],
        kind=Kind.NEWS,
        title="An interest of yours at the hub is taken back",
        reference=conflict.reference,
        url=conflict.get_absolute_url(),
        key=f"conflict:{conflict.pk}:taken_back",
        now=now,
    )
    return {"reason": reason}


def _in_session(meeting: HubMeeting | None) -> HubMeeting | None:
    return meeting if meeting is not None and meeting.in_session else None
