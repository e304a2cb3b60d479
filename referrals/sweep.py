"""What the clock does by itself at the front door. The database is the schedule: each sweep only looks at what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from earlyhelp.audit.models import record
from earlyhelp.cases.enums import NotOpenedReason
from earlyhelp.cases.enums import Status as CaseStatus
from earlyhelp.notices.models import Kind
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from referrals.enums import HandoverStatus, Status
from referrals.models import HandoverDeadline, InformationRequest, Referral, SocialCareHandover
from referrals.models.referral import DELETE_AFTER, WARN_AFTER
from referrals.services.drafts import throw_away
from referrals.services.telling import tell
from referrals.transitions.handover import chase
from referrals.transitions.referral import return_from_hub
from referrals.transitions.request import lapse


def lapse_requests(*, now: datetime) -> int:
    """Questions whose time is up."""
    return _each(InformationRequest.objects.waiting().filter(due_at__lte=now), lapse, now)


def chase_handovers(*, now: datetime) -> int:
    """Hand-overs that social care has not acknowledged in time."""
    late = HandoverDeadline.objects.overdue(now).filter(code="D_RR_ACK").values("owner")
    return _each(SocialCareHandover.objects.filter(status=HandoverStatus.SENT, pk__in=late), chase, now)


def take_back_returned(*, now: datetime) -> int:
    """Families that a hub has sent back to EH Access: read from the case, downwards."""
    rows = Referral.objects.filter(
        status=Status.ACCEPTED, case__status=CaseStatus.NOT_OPENED, case__not_opened_reason=NotOpenedReason.RETURNED
    )
    return _each(rows, return_from_hub, now)


def _each(rows: Any, deed: Callable[..., Any], now: datetime) -> int:
    """Do it to each, one commit each. What somebody did meanwhile is passed over: it is no longer due."""
    done = 0
    for row in rows.order_by("pk")[:500]:
        try:
            deed(row, by=SYSTEM, now=now)
            done += 1
        except NotPossible:
            continue
    return done


def tidy_drafts(*, now: datetime) -> tuple[int, int]:
    """Warn of drafts that nobody has touched for 23 days, delete those of 30 (domain.md 6.3): (warned, deleted)."""
    drafts = Referral.objects.drafts().select_related("author")
    fading = list(drafts.filter(touched_at__lte=now - WARN_AFTER, touched_at__gt=now - DELETE_AFTER))
    for draft in fading:
        what = f"fading:{draft.touched_at:%Y%m%d%H%M%S}"
        tell(
            draft,
            [draft.author],
            "Your unfinished referral is deleted in a week",
            what=what,
            now=now,
            kind=Kind.REMINDER,
        )
    return len(fading), sum(_delete(draft, now) for draft in drafts.filter(touched_at__lte=now - DELETE_AFTER))


@transaction.atomic
def _delete(draft: Referral, now: datetime) -> int:
    """Unless it was touched or sent this moment."""
    held = Referral.objects.drafts().select_for_update().filter(pk=draft.pk, touched_at=draft.touched_at).first()
    if held is None:
        return 0
    record("referrals.referral.discard", held, by=None, at=now, was=held.status, reason="Untouched for 30 days.")
    throw_away(held, now=now)
    return 1
