"""Who holds a referral: given to a colleague, one at a time or many at once; and those who owe an answer are chased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from earlyhelp.core.calendar import add_working_days
from earlyhelp.core.words import within
from earlyhelp.notices.models import Kind
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible, transition
from referrals.enums import LIVE, TRIAGING, RequestStatus, Status
from referrals.models import InformationRequest, Referral
from referrals.queries import holders_of
from referrals.services.telling import chase_contacts, tell
from referrals.transitions.referral import held_by


@transition(Referral, label="Assign to a colleague", sources=LIVE, rule="triage")
def assign(referral: Referral, *, by: Any, now: datetime, worker: Any, reason: str = "") -> dict[str, Any]:
    """One of EH Access answers for it from now on, whoever held it before. Both hear of it."""
    if why := cannot_assign(referral, worker):
        raise NotPossible(why, field="worker")
    before = referral.holder
    held_by(referral, worker, now)
    if referral.status == Status.SUBMITTED:
        referral.status = Status.IN_TRIAGE
    what = f"assigned:{now:%Y%m%d%H%M%S}"
    if worker != by:
        tell(referral, [worker], "A referral is assigned to you", what=what, now=now, kind=Kind.REQUEST)
    if before not in (None, by):
        tell(referral, [before], "A referral of yours is assigned to a colleague", what=what, now=now, kind=Kind.NEWS)
    return {"reason": reason, "worker": worker.pk}


def cannot_assign(referral: Referral, worker: Any, *, here: list[Any] | None = None) -> str:
    """Why this worker cannot have it, in words; nothing if they can. ``here``: who works in its area, if that is known."""
    if referral.status not in LIVE:
        return f"It is {within(referral.get_status_display())} already."
    if referral.family.restricted:
        return "The information governance lead entrusts it to one worker."
    if referral.holder_id == worker.pk:
        return f"{worker} holds it already."
    if worker not in (here if here is not None else holders_of(Role.EH_ACCESS, referral.area)):
        return f"{worker} does not work in EH Access for {referral.area}."
    return ""


@transition(Referral, label="Chase every missing reply", sources=TRIAGING, rule="triage")
def chase_replies(referral: Referral, *, by: Any, now: datetime) -> dict[str, Any]:
    """Whoever owes an answer is asked again: each question once on a working day. No time is added to any clock."""
    missing = referral.requests.filter(status__in=(RequestStatus.SENT, RequestStatus.LAPSED)).select_for_update()
    day = add_working_days(timezone.localdate(now), 0)
    due = [request for request in missing.order_by("pk") if request.chased_on != day]
    if not due:
        raise NotPossible("Nobody who owes an answer can be chased again today: ring them.")
    for request in due:
        chase_contacts(request, day=day, now=now)
    InformationRequest.objects.filter(pk__in=[request.pk for request in due]).update(chased_on=day)
    return {"agencies": [request.agency_id for request in due]}
