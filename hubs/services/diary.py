"""The hub's meetings, written into the diary ahead, so that nobody has to remember to."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from earlyhelp.core.calendar import add_months
from hubs.models import Hub, HubMeeting

MONTHS_AHEAD = 3


def plan_ahead(*, now: datetime, hub: Hub | None = None) -> int:
    """Make each hub's regular meetings of this month and the next three that are not there yet. Safe to call at any time."""
    hubs = [hub] if hub else list(Hub.objects.active())
    this_month = timezone.localdate(now).replace(day=1)
    wanted = [_regular(each, add_months(this_month, ahead)) for each in hubs for ahead in range(MONTHS_AHEAD + 1)]
    planned = set(HubMeeting.objects.filter(hub__in=hubs, month__gte=this_month).values_list("hub", "month"))
    missing = [
        meeting for meeting in wanted if meeting.starts_at > now and (meeting.hub_id, meeting.month) not in planned
    ]
    HubMeeting.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _regular(hub: Hub, month) -> HubMeeting:
    return HubMeeting(hub=hub, month=month, starts_at=hub.meets_in(month), place=hub.place)
