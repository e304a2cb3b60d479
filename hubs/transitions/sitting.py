"""Who decides in a meeting: somebody who is at it, with a quorum of other agencies beside them (domain.md 6.4, 9.1)."""

from __future__ import annotations

from typing import Any

from earlyhelp.workflow.transitions import NotPossible
from hubs.models import HubMeeting
from hubs.queries import Here, here_now

NOT_HERE = (
    "You are not recorded as being at this meeting, and only somebody who is there decides in it. If you are there, in the "
    "room or by video, have it recorded under “Who is here” first; whoever runs the hub can do that."
)


def sitting(meeting: HubMeeting, by: Any, case: Any = None) -> Here:
    """Who is there as this person decides. Raises ``NotPossible`` if they are not among them."""
    here = here_now(meeting, case, by)
    if not here.has(by):
        raise NotPossible(NOT_HERE)
    return here
