"""The minutes are a draft until the hub meets again and agrees that this is what was decided (screens.md A5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.workflow.transitions import NotPossible, transition
from hubs.enums import MeetingStatus
from hubs.models import HubDecision, HubMeeting, MinutesCorrection
from hubs.queries import in_session_after


@transition(HubMeeting, label="Confirm the minutes", sources=[MeetingStatus.CLOSED], rule="chair")
def confirm_minutes(meeting: HubMeeting, *, by: Any, now: datetime) -> dict[str, Any]:
    """The next meeting agreed that this is what was decided. Raises ``NotPossible`` while none is in session."""
    there = _read_at(meeting)
    meeting.minutes_confirmed_at = now
    return {"confirmed_at": there.pk}


@transition(HubMeeting, label="Say what is wrong in the minutes", sources=[MeetingStatus.CLOSED], rule="prepare")
def correct_minutes(
    meeting: HubMeeting, *, by: Any, now: datetime, text: str, decision: HubDecision | None = None
) -> dict[str, Any]:
    """A line beside the minutes, which stay as the decisions wrote them. ``decision``: that which it is about, if one."""
    there = _read_at(meeting)
    correction = MinutesCorrection.objects.create(
        minutes_of=meeting, said_at=there, decision=decision, text=text, by=by, at=now
    )
    return {"correction": correction.pk}


def _read_at(meeting: HubMeeting) -> HubMeeting:
    """The meeting in session now that may still say something of these minutes."""
    if meeting.minutes_confirmed_at:
        raise NotPossible("These minutes were confirmed already.")
    if meeting.opened_at is None:
        raise NotPossible("This meeting did not take place: there is nothing to confirm.")
    there = in_session_after(meeting)
    if there is None:
        raise NotPossible("The minutes are confirmed at the next meeting of this hub, once it has begun.")
    return there
