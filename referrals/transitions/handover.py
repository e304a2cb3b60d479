"""What becomes of a hand-over to social care (domain.md 6.9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from earlyhelp.cases.guards import Obstacle, before_social_care_leads
from earlyhelp.cases.models import Case
from earlyhelp.deadlines.services import keep, promise
from earlyhelp.notices.models import Kind
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, transition
from referrals.enums import UNACKNOWLEDGED, ContactStatus
from referrals.enums import HandoverStatus as Status
from referrals.enums import Status as ReferralStatus
from referrals.models import SocialCareHandover
from referrals.queries import same_day
from referrals.services.handover import acknowledged, write_call
from referrals.services.telling import role_for, tell, tell_access, tell_social_care
from referrals.transitions.contact import not_taken_by_social_care as contact_waits_again
from referrals.transitions.step_down import not_taken_by_social_care as decide_again

SOCIAL_CARE_DECIDES = [Status.ACKNOWLEDGED]


@transition(
    SocialCareHandover,
    label="Record the acknowledgement",
    sources=UNACKNOWLEDGED,
    target=Status.ACKNOWLEDGED,
    rule="answer",
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
    acknowledged(handover, by=by, now=now, spoken_to=spoken_to, their_reference=their_reference, at=at or now)
    if by != handover.author:
        tell(
            handover,
            [handover.author],
            "Social care has your hand-over",
            what="acknowledged",
            now=now,
            kind=Kind.HANDOVER,
        )
    return {"their_reference": their_reference}


@transition(SocialCareHandover, label="Record a call to social care", sources=list(Status), rule="follow")
def call(
    handover: SocialCareHandover, *, by: Any, now: datetime, said: str, spoken_to: str = "", at: datetime | None = None
) -> dict[str, Any]:
    """What was said to whom. That nobody answered is written down too: it shows that somebody tried (domain.md 6.9)."""
    write_call(handover, by=by, now=now, at=at, spoken_to=spoken_to, said=said)
    return {}


@transition(
    SocialCareHandover,
    label="Record that it is accepted",
    sources=SOCIAL_CARE_DECIDES,
    target=Status.ACCEPTED,
    rule="answer",
)
def accepted(
    handover: SocialCareHandover,
    *,
    by: Any,
    now: datetime,
    answer: str,
    spoken_to: str = "",
    at: datetime | None = None,
) -> dict[str, Any]:
    _answers(handover, by=by, now=now, answer=answer, spoken_to=spoken_to, at=at)
    keep(handover, "D_RR_ACK", now=now)
    people = [handover.author, handover.case.lead if handover.case else None]
    tell(handover, people, "Social care accepted a hand-over", what="accepted", now=now, kind=Kind.HANDOVER)
    return {}


@transition(
    SocialCareHandover,
    label="Record that it is not accepted",
    sources=SOCIAL_CARE_DECIDES,
    target=Status.NOT_ACCEPTED,
    rule="answer",
)
def not_accepted(
    handover: SocialCareHandover,
    *,
    by: Any,
    now: datetime,
    answer: str,
    spoken_to: str = "",
    at: datetime | None = None,
) -> dict[str, Any]:
    """Social care says no: EH Access must say the same day what happens instead, so that the worry rests with somebody.

    What had been decided or answered by handing over is open again: the referral is back in triage, the contact waits.
    """
    _answers(handover, by=by, now=now, answer=answer, spoken_to=spoken_to, at=at)
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
    if not _open_again(handover, now):
        _owe_next_step(handover, now)
    return {}


@transition(SocialCareHandover, label="Chase", sources=[Status.SENT], target=Status.CHASED, rule="by_itself")
def chase(handover: SocialCareHandover, *, by: Any, now: datetime) -> None:
    """No acknowledgement in time: everybody who can ring is told to. The promise stays open and goes on ringing."""
    what = "chased"
    title = "Social care has not acknowledged a hand-over: ring them"
    tell(handover, [handover.author], title, what=what, now=now, kind=Kind.HANDOVER, urgent=True)
    tell_access(handover, title, what=what, now=now, kind=Kind.HANDOVER, urgent=True)
    tell_social_care(handover, "Acknowledge a hand-over: it is past its time", what=what, now=now)


@transition(
    SocialCareHandover,
    label="Social care returns the family",
    sources=[Status.ACCEPTED],
    target=Status.RETURNED,
    rule="answer",
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


@before_social_care_leads
def social_care_has_not_accepted(case: Case) -> Iterable[Obstacle]:
    """Early help goes on until social care has said that it takes the family (domain.md 6.5, 6.9)."""
    if not SocialCareHandover.objects.filter(case=case, status=Status.ACCEPTED).exists():
        yield Obstacle("Social care has not accepted a hand-over of this family. Until it has, early help goes on.")


def _answers(
    handover: SocialCareHandover, *, by: Any, now: datetime, answer: str, spoken_to: str, at: datetime | None
) -> None:
    """What social care said, and who of them said it."""
    handover.answer, handover.answered_at = answer, now
    if spoken_to:
        write_call(handover, by=by, now=now, at=at, spoken_to=spoken_to, said=answer)


def _open_again(handover: SocialCareHandover, now: datetime) -> bool:
    """Where the hand-over was itself the answer, what it answered is open again, and is owed an answer the same day."""
    again = False
    if handover.referral and handover.referral.status == ReferralStatus.STEPPED_UP:
        decide_again(handover.referral, by=SYSTEM, now=now, handover=handover.reference)
        again = True
    for contact in handover.contacts.filter(status=ContactStatus.HANDED_OVER):
        contact_waits_again(contact, by=SYSTEM, now=now, handover=handover.reference)
        again = True
    return again


def _owe_next_step(handover: SocialCareHandover, now: datetime) -> None:
    role, label = role_for(handover.family), "Decide what happens now"
    promise(handover, "D_RR_ACK", now=now, holder_role=role, due_at=same_day(now), label=label)
