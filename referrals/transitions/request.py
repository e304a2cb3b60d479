"""What becomes of a question to an agency (domain.md 6.10). Once nobody owes an answer, the referral is ready."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from earlyhelp.core.calendar import add_working_days
from earlyhelp.deadlines.services import keep, promise, release
from earlyhelp.notices.models import Kind
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, transition
from referrals.enums import LIVE, RequestStatus, Status
from referrals.models import InformationRequest, Involved
from referrals.queries import contacts_of
from referrals.services.telling import chase_contacts, tell
from referrals.transitions.referral import replies_in

MAY_ANSWER = (RequestStatus.SENT, RequestStatus.LAPSED)  # late is better than never


@transition(
    InformationRequest, label="Share what you know", sources=MAY_ANSWER, target=RequestStatus.ANSWERED, rule="answer"
)
def answer(
    request: InformationRequest,
    *,
    by: Any,
    now: datetime,
    known: str = "",
    involved: Sequence[Involved] = (),
) -> None:
    """Who is involved, how to reach them, since when not any more; and what is known besides."""
    if not (known or involved):
        raise NotPossible("Say who is involved, or what is known.", field="known")
    if len(involved) > Involved.MOST:
        raise NotPossible(f"Name at most {Involved.MOST}: those who know the family best.")
    request.known, request.involved = known, [each.stored() for each in involved]
    _replied(request, by, now)


@transition(
    InformationRequest, label="Nothing held", sources=MAY_ANSWER, target=RequestStatus.NOTHING_HELD, rule="answer"
)
def nothing_held(request: InformationRequest, *, by: Any, now: datetime) -> None:
    _replied(request, by, now)


@transition(
    InformationRequest, label="Decline to answer", sources=MAY_ANSWER, target=RequestStatus.DECLINED, rule="answer"
)
def decline(request: InformationRequest, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    request.decline_reason = reason
    _replied(request, by, now)
    return {"reason": reason}


@transition(
    InformationRequest, label="Lapse", sources=[RequestStatus.SENT], target=RequestStatus.LAPSED, rule="by_itself"
)
def lapse(request: InformationRequest, *, by: Any, now: datetime) -> None:
    """The time is up, or EH Access waits no longer: the family’s clock has been running all along."""
    release(request, now=now)
    _none_left(request, now)


@transition(
    InformationRequest,
    label="Ask again",
    sources=[RequestStatus.SENT, RequestStatus.LAPSED],
    target=RequestStatus.SENT,
    rule="by_itself",
)
def ask_again(request: InformationRequest, *, by: Any, now: datetime, asked_for: Any) -> dict[str, Any]:
    """The hub still wants the answer, and whoever prepares its meeting asks for it: once on a working day, with a new day."""
    day = add_working_days(timezone.localdate(now), 0)
    contacts = contacts_of(request.agency, request.area)
    if request.chased_on == day or not contacts:
        raise NotPossible("They were asked today already, or nobody answers for them in Early Help: ring them.")
    request.chased_on = day
    request.due_at = promise(request, "D_INFO", now=now, holder=contacts[0]).due_at
    chase_contacts(request, day=day, now=now)
    return {"asked_for": asked_for.pk}


def _replied(request: InformationRequest, by: Any, now: datetime) -> None:
    owed = keep(request, "D_INFO", now=now)
    if (
        not owed and request.referral.status not in LIVE
    ):  # one that is owed still is welcome, whatever is decided just now
        raise NotPossible("EH Access has decided meanwhile. If your answer changes anything, ring them today.")
    request.answered_by, request.answered_at = by, now
    what = f"reply:{request.pk}"
    tell(request.referral, [request.referral.holder], "An agency has replied", what=what, now=now, kind=Kind.NEWS)
    _none_left(request, now)


def _none_left(request: InformationRequest, now: datetime) -> None:
    """Holding the referral, so that of two last answers at once one sees the other."""
    referral = lock(request.referral)
    others = referral.requests.waiting().exclude(pk=request.pk)
    if referral.status == Status.INFO_REQUESTED and not others.exists():
        replies_in(referral, by=SYSTEM, now=now)
