"""What a meeting leaves behind: its minutes, which the decisions themselves write, and who came over the year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from earlyhelp.families.queries import readable
from hubs.enums import MeetingStatus, Presence
from hubs.models import Attendance, Hub, HubAction, HubDecision, HubMeeting, StandIn
from hubs.queries.decided import with_asked
from hubs.queries.interests import interests_of
from hubs.queries.people import next_meeting


def minutes(meeting: HubMeeting, user: Any) -> dict[str, Any]:
    """What the decisions, the attendance and the actions of a meeting say of themselves."""
    seen = HubDecision.objects.for_user(user).annotate(reads_family=readable("case__family", user))
    seen = seen.select_related("case__family", "worker__agency", "by", "agreed_by", "manager")
    attendance = list(
        meeting.attendance.select_related("user", "agency").order_by("agency__name", "user__last_name", "name")
    )
    here = {row.agency_id for row in attendance if row.presence == Presence.PRESENT}
    made = list(seen.filter(meeting=meeting).order_by("at", "pk"))
    alone = list(seen.filter(Q(ratified_in=meeting) | Q(not_ratified_in=meeting)).order_by("at", "pk"))
    with_asked([*made, *alone])
    return {
        "decisions": made,
        "ratified": [each for each in alone if each.ratified_in_id],
        "not_ratified": [each for each in alone if each.not_ratified_in_id],
        "interests": interests_of(meeting, user),
        "actions": _actions(meeting, user),
        "attendance": attendance,
        "readable": sorted({each.case.family.reference for each in [*made, *alone] if each.reads_family}),
        "corrections": list(meeting.corrections.told_to(user).select_related("by", "decision__case__family")),
        "absent_agencies": sorted(
            {str(row.agency) for row in attendance if row.agency_id and row.agency_id not in here}
        ),
        "next_meeting": next_meeting(meeting.hub, after=meeting),
    }


def _actions(meeting: HubMeeting, user: Any) -> list[HubAction]:
    """What was undertaken, of which this person may hear; with whose family each is about."""
    told = meeting.actions.told_to(user).select_related("owner", "agency", "decision__case")
    return list(told.order_by("due_on", "pk"))


def before_closing(meeting: HubMeeting, user: Any) -> dict[str, Any]:
    """What was decided so far and who hears of it, for whoever is about to close the meeting."""
    seen = HubDecision.objects.for_user(user).select_related("case__family", "worker", "item")
    return {
        "decisions": list(seen.filter(meeting=meeting).order_by("at", "pk")),
        "waits_for_ratifying": waits_to_be_ratified(meeting.hub_id, user).exists(),
        "actions": _actions(meeting, user),
    }


def waits_to_be_ratified(hub: Any, user: Any) -> Any:
    """Chair's actions that no meeting of this hub has answered, of which this person may hear."""
    return HubDecision.objects.for_user(user).to_ratify().filter(hub=hub)


def session_of(hub: Any) -> HubMeeting | None:
    """The meeting of a hub that sits now, if one does: at most one does at a time."""
    return HubMeeting.objects.filter(hub=hub, status=MeetingStatus.IN_MEETING).select_related("hub").first()


def in_session_after(meeting: HubMeeting) -> HubMeeting | None:
    """The later meeting of the same hub that sits now, if one does."""
    sits = session_of(meeting.hub_id)
    return sits if sits is not None and sits.starts_at > meeting.starts_at else None


# --- attendance over the year ------------------------------------------------------------------------------------------

YEAR = timedelta(days=365)


@dataclass
class Came:
    """How one agency came to a hub's meetings: each that it was asked to counts once, as the best that came of it."""

    agency: str
    present: int = 0
    stood_in: int = 0
    apologies: int = 0
    absent: int = 0

    @property
    def asked(self) -> int:
        return self.present + self.stood_in + self.apologies + self.absent


def attendance_of_year(hub: Hub, *, now: datetime) -> list[Came]:
    """Agency by agency, over the meetings of the last twelve months that took place. A name without an account has no agency."""
    held = HubMeeting.objects.filter(
        hub=hub, status=MeetingStatus.CLOSED, opened_at__isnull=False, starts_at__gt=now - YEAR
    )
    seen: dict[tuple[str, int], set[str]] = defaultdict(set)
    rows = Attendance.objects.filter(meeting__in=held, agency__isnull=False)
    for agency, meeting, presence in rows.values_list("agency__name", "meeting", "presence"):
        seen[agency, meeting].add(presence)
    for agency, meeting in _sat_for(held):
        seen[agency, meeting].add(STOOD_IN)
    return _counted(seen)


STOOD_IN = "stood_in"
BEST_FIRST = (Presence.PRESENT, STOOD_IN, Presence.APOLOGIES, Presence.ABSENT)


def _sat_for(held: Any) -> Any:
    """For which agency somebody else sat who came."""
    came = Attendance.objects.filter(meeting=OuterRef("meeting"), user=OuterRef("user"), presence=Presence.PRESENT)
    sat = StandIn.objects.filter(Exists(came), meeting__in=held, away__agency__isnull=False)
    return sat.values_list("away__agency__name", "meeting")


def _counted(seen: dict[tuple[str, int], set[str]]) -> list[Came]:
    counted: dict[str, Came] = {}
    for (agency, _), found in sorted(seen.items()):
        row = counted.setdefault(agency, Came(agency))
        best = str(next(each for each in BEST_FIRST if each in found))
        setattr(row, best, getattr(row, best) + 1)
    return list(counted.values())
