"""The hub's meetings, written into the diary ahead, so that nobody has to remember to; and the extra one between two."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core import dates
from earlyhelp.core.calendar import add_months
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from hubs.enums import MeetingStatus
from hubs.models import AgendaItem, Hub, HubMeeting
from hubs.queries import runners_of
from hubs.transitions.agenda import schedule

MONTHS_AHEAD = 3
LATE = "The meeting was called because this family would have waited past their day."


def plan_ahead(*, now: datetime, hub: Hub | None = None) -> int:
    """Make each hub's regular meetings of the months ahead that are not there yet. Safe to call at any time."""
    hubs = [hub] if hub else list(Hub.objects.active())
    this_month = timezone.localdate(now).replace(day=1)
    last = add_months(this_month, MONTHS_AHEAD)
    wanted = [_regular(each, *slot) for each in hubs for slot in each.regular(this_month, last)]
    planned = set(HubMeeting.objects.filter(hub__in=hubs, slot__isnull=False).values_list("hub", "slot"))
    missing = [
        meeting for meeting in wanted if meeting.starts_at > now and (meeting.hub_id, meeting.slot) not in planned
    ]
    HubMeeting.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _regular(hub: Hub, slot: date, starts_at: datetime) -> HubMeeting:
    return HubMeeting(hub=hub, slot=slot, starts_at=starts_at, place=hub.place)


@transaction.atomic
def plan_anew(hub: Hub, *, now: datetime) -> int:
    """The hub meets otherwise from now on: regular meetings that nobody has prepared yet make room for those of its new day."""
    coming = HubMeeting.objects.filter(hub=hub, status=MeetingStatus.DRAFT, slot__isnull=False, starts_at__gt=now)
    coming.filter(items=None, conflicts=None, actions=None, stand_ins=None).delete()
    return plan_ahead(now=now, hub=hub)


@transaction.atomic
def call_extra(
    hub: Hub, *, by: Any, now: datetime, starts_at: datetime, place: str = "", remote: bool = False
) -> HubMeeting:
    """A meeting between the regular ones; families who would wait past their day for a later one come onto its agenda.

    Raises ``NotPossible`` for a moment that has passed, or at which this hub meets already.
    """
    if starts_at <= now:
        raise NotPossible("Choose a day and a time that are still to come.")
    if HubMeeting.objects.filter(hub=lock(hub), starts_at=starts_at).exists():
        raise NotPossible(f"{hub} has a meeting on {dates.moment(starts_at)} already.")
    waiting = [item for item in AgendaItem.objects.filter(hub=hub).kept_waiting(now) if _sooner(starts_at, item)]
    meeting = HubMeeting.objects.create(hub=hub, starts_at=starts_at, place=place or hub.place, remote=remote)
    record("hubs.hubmeeting.call_extra", meeting, by=by, at=now, became=meeting.status)
    late = LATE if now > meeting.papers_close_at else ""
    for item in waiting:
        schedule(item, by=SYSTEM, now=now, meeting=meeting, late_reason=late)
    notify(
        runners_of(hub),
        kind=Kind.NEWS,
        title="An extra hub meeting is called",
        reference=meeting.reference,
        url=meeting.get_absolute_url(),
        key=f"meeting:{meeting.pk}:called",
        now=now,
    )
    return meeting


def _sooner(starts_at: datetime, item: Any) -> bool:
    return item.heard_at is None or starts_at < item.heard_at
