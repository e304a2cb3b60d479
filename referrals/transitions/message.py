"""Messages between whoever referred and whoever holds the family: written, read, marked as entered in error (screens.md B5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from earlyhelp.cases.enums import Status as CaseStatus
from earlyhelp.cases.queries import not_opening
from earlyhelp.core import dates
from earlyhelp.core.calendar import closing
from earlyhelp.notices.models import Kind
from earlyhelp.workflow.transitions import NotPossible, transition
from referrals.enums import DECIDED, LIVE
from referrals.models import Referral, ReferralMessage
from referrals.services.telling import tell, tell_access

SENT = (*LIVE, *DECIDED)
OPEN_AFTER_THE_END = timedelta(days=28)  # a question about what was decided comes within weeks, or belongs elsewhere
MOST = 200  # of one referral: nobody reads more, and nobody types them


@transition(Referral, label="Send a message", sources=SENT, rule="talk")
def write(referral: Referral, *, by: Any, now: datetime, text: str) -> dict[str, Any]:
    """Say something to the other side. Whoever answers has read what stood there; what it says is in no notice."""
    if ended := taken_until(referral, now=now):
        raise NotPossible(f"Messages about this referral ended on {dates.day(ended)}: ring EH Access instead.")
    if referral.messages.count() >= MOST:
        raise NotPossible("There are too many messages about this referral already: ring instead.")
    _mark_read(referral, by=by, now=now)
    case = referral.case if referral.case and referral.case.is_live else None
    message = ReferralMessage.objects.create(
        referral=referral, case=case, from_referrer=by.pk == referral.author_id, by=by, at=now, text=text
    )
    _tell_the_other_side(message, by=by, now=now)
    return {"message": message.pk}


def _tell_the_other_side(message: ReferralMessage, *, by: Any, now: datetime) -> None:
    referral, what = message.referral, f"message:{message.pk}"
    url = reverse("referrals:messages", args=[referral.reference])
    if not message.from_referrer:
        tell(referral, [referral.author], "You have a message", what=what, now=now, kind=Kind.NEWS, url=url)
        return
    title, holder = "A referrer has sent a message", referral.holder
    if message.case and message.case.lead:
        tell(referral, [message.case.lead], title, what=what, now=now, kind=Kind.NEWS, url=url)
    if holder and holder.is_active:
        tell(referral, [holder], title, what=what, now=now, kind=Kind.NEWS, url=url)
    else:
        tell_access(referral, title, what=what, now=now, kind=Kind.NEWS, but=by, url=url)


@transition(Referral, label="Mark as read", sources=SENT, rule="talk")
def read(referral: Referral, *, by: Any, now: datetime) -> dict[str, Any]:
    """What the other side wrote was read: by one of several is enough, and they see by whom."""
    return {"read": _mark_read(referral, by=by, now=now)}


def _mark_read(referral: Referral, *, by: Any, now: datetime) -> int:
    """Only what this reader is shown: a lead professional reads nothing of before the case."""
    mine = referral.author_id == by.pk
    waiting = ReferralMessage.objects.for_user(by).unread().filter(referral=referral, from_referrer=not mine)
    return waiting.update(read_at=now, read_by=by)


@transition(Referral, label="Mark a message as entered in error", sources=SENT, rule="talk")
def entered_in_error(referral: Referral, *, by: Any, now: datetime, message: int) -> dict[str, Any]:
    """Only its author takes a message back. Within a quarter of an hour nobody is shown it any more; later it bears the mark."""
    row = referral.messages.select_for_update().filter(pk=message).first()
    if row is None or row.by_id != by.pk:
        raise PermissionDenied
    if row.error_at:
        raise NotPossible("This message is marked already.")
    row.error_at = now
    row.save(update_fields=["error_at"])
    return {"message": row.pk}


def taken_until(referral: Referral, *, now: datetime) -> datetime | None:
    """When messages ended, once they have: four weeks after the referral, or the case that came of it, was over."""
    over = _over_at(referral)
    return over + OPEN_AFTER_THE_END if over and over + OPEN_AFTER_THE_END <= now else None


def _over_at(referral: Referral) -> datetime | None:
    case = referral.case
    if case is None:
        return referral.decided_at
    if case.status == CaseStatus.NOT_OPENED:
        turned_away = not_opening(case)
        return turned_away.at if turned_away else referral.decided_at
    return closing(case.closed_on) if case.closed_on else None
