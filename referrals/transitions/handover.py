"""What becomes of a hand-over to social care (domain.md 6.9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.deadlines.services import keep, promise
from earlyhelp.notices.models import Kind
from earlyhelp.workflow.transitions import NotPossible, transition
from referrals.enums import UNACKNOWLEDGED
from referrals.enums import HandoverStatus as Status
from referrals.models import SocialCareHandover
from referrals.queries import same_day
from referrals.services.handover import acknowledged
from referrals.services.telling import role_for, tell, tell_access


@transition(
    SocialCareHandover,
    label="Record the acknowledgement",
    sources=UNACKNOWLEDGED,
    target=Status.ACKNOWLEDGED,
    rule="follow",
)
def acknowledge(
    handover: SocialCareHandover,
    *,
    by: Any,
    now: datetime,
    spoken_to: str,
    their_reference: str = "",
    at: datetime | None = None,
) -> dict[str, Any]:
    """Social care says that it has it: who said so, when, and their reference."""
    if at and not handover.sent_at.date() <= at.date() <= now.date():
        raise NotPossible("The acknowledgement cannot be before the hand-over, or in the future.")
    acknowledged(handover, now=now, spoken_to=spoken_to, their_reference=their_reference, at=at or now)
    return {"their_reference": their_reference}


@transition(
    SocialCareHandover,
    label="Record that it is accepted",
    sources=[Status.ACKNOWLEDGED],
    target=Status.ACCEPTED,
    rule="follow",
)
def accepted(handover: SocialCareHandover, *, by: Any, now: datetime, answer: str) -> dict[str, Any]:
    handover.answer, handover.answered_at = answer, now
    keep(handover, "D_RR_ACK", now=now)
    people = [handover.author, handover.case.lead if handover.case else None]
    tell(handover, people, "Social care accepted a hand-over", what="accepted", now=now, kind=Kind.HANDOVER)
    return {}


@transition(
    SocialCareHandover,
    label="Record that it is not accepted",
    sources=[Status.ACKNOWLEDGED],
    target=Status.NOT_ACCEPTED,
    rule="follow",
)
def not_accepted(handover: SocialCareHandover, *, by: Any, now: datetime, answer: str) -> dict[str, Any]:
    """Social care says no: EH Access must say the same day what happens instead, so that the worry rests with somebody."""
    handover.answer, handover.answered_at = answer, now
    keep(handover, "D_RR_ACK", now=now)
    tell_access(
        handover,
        "Social care did not accept a hand-over",
        what="not_accepted",
        now=now,
        kind=Kind.HANDOVER,
        urgent=True,
    )
    people = [handover.author, handover.case.lead if handover.case else None]
    tell(
        handover,
        people,
        "Social care did not accept a hand-over",
        what="not_accepted",
        now=now,
        kind=Kind.HANDOVER,
        urgent=True,
    )
    _owe_next_step(handover, now)
    return {}


@transition(SocialCareHandover, label="Chase", sources=[Status.SENT], target=Status.CHASED, rule="by_itself")
def chase(handover: SocialCareHandover, *, by: Any, now: datetime) -> None:
    """No acknowledgement in time: everybody who can ring is told to. The promise stays open and goes on ringing."""
    what = "chased"
    title = "Social care has not acknowledged a hand-over: ring them"
    tell(handover, [handover.author], title, what=what, now=now, kind=Kind.HANDOVER, urgent=True)
    tell_access(handover, title, what=what, now=now, kind=Kind.HANDOVER, urgent=True)


@transition(
    SocialCareHandover,
    label="Social care returns the family",
    sources=[Status.ACCEPTED],
    target=Status.RETURNED,
    rule="follow",
)
def returned(handover: SocialCareHandover, *, by: Any, now: datetime, closing_summary: str) -> dict[str, Any]:
    """Social care has done its part and the family agrees to early help: EH Access starts the step-down (domain.md 8.4)."""
    handover.closing_summary = closing_summary
    tell_access(
        handover,
        "Social care returns a family to early help",
        what="returned",
        now=now,
        kind=Kind.HANDOVER,
        urgent=True,
    )
    _owe_next_step(handover, now)
    return {}


@transition(
    SocialCareHandover, label="Record what happens now", sources=[Status.NOT_ACCEPTED, Status.RETURNED], rule="follow"
)
def settle(handover: SocialCareHandover, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Somebody says what is done for the family instead; until then it is owed."""
    if not keep(handover, "D_RR_ACK", now=now):
        raise NotPossible("What happens now has been recorded already.")
    return {"reason": reason}


def _owe_next_step(handover: SocialCareHandover, now: datetime) -> None:
    role, label = role_for(handover.family), "Decide what happens now"
    promise(handover, "D_RR_ACK", now=now, holder_role=role, due_at=same_day(now), label=label)
