"""What a meeting leaves behind: its minutes, which the decisions themselves write."""

from __future__ import annotations

from typing import Any

from hubs.enums import MeetingStatus, Presence
from hubs.models import HubDecision, HubMeeting
from hubs.queries.people import next_meeting


def minutes(meeting: HubMeeting, user: Any) -> dict[str, Any]:
    """What the decisions, the attendance and the actions of a meeting say of themselves."""
    seen = HubDecision.objects.for_user(user).select_related(
        "case__family", "worker__agency", "by", "agreed_by", "manager"
    )
    attendance = list(
        meeting.attendance.select_related("user", "agency").order_by("agency__name", "user__last_name", "name")
    )
    here = {row.agency_id for row in attendance if row.presence == Presence.PRESENT}
    return {
        "decisions": list(seen.filter(meeting=meeting).order_by("at", "pk")),
        "ratified": list(seen.filter(ratified_in=meeting).order_by("at", "pk")),
        "actions": list(meeting.actions.told_to(user).select_related("owner", "agency").order_by("due_on", "pk")),
        "attendance": attendance,
        "corrections": list(meeting.corrections.told_to(user).select_related("by", "decision__case__family")),
        "absent_agencies": sorted(
            {str(row.agency) for row in attendance if row.agency_id and row.agency_id not in here}
        ),
        "next_meeting": next_meeting(meeting.hub, after=meeting),
    }


def in_session_after(meeting: HubMeeting) -> HubMeeting | None:
    """The later meeting of the same hub that sits now, if one does: at most one does at a time."""
    sits = HubMeeting.objects.filter(hub=meeting.hub_id, status=MeetingStatus.IN_MEETING)
    return sits.filter(starts_at__gt=meeting.starts_at).first()
