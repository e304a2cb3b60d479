"""A meeting of the hub, from its agenda to its minutes (screens.md 1.2 A). Read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, transition
from hubs.enums import ItemStatus, MeetingStatus, Presence
from hubs.models import AgendaItem, Attendance, HubDecision, HubMeeting
from hubs.queries import members_of, next_meeting, quorum_missing, undecided_of
from hubs.services import hearing
from hubs.transitions.items import defer, remove, schedule

UNHEARD = "The meeting before closed without hearing it."


@transition(
    HubMeeting,
    label="Publish the papers",
    sources=[MeetingStatus.DRAFT],
    target=MeetingStatus.PUBLISHED,
    rule="prepare",
)
def publish(meeting: HubMeeting, *, by: Any, now: datetime) -> dict[str, Any]:
    """The agenda goes out: members may read its families from now until ten working days after the meeting."""
    items = len(undecided_of(meeting, by))
    if not items:
        raise NotPossible("There is nothing on this agenda yet.")
    meeting.published_at, meeting.members_until = now, meeting.last_day_for_members()
    notify(
        members_of(meeting.hub),
        kind=Kind.NEWS,
        title="Papers for the hub meeting are out",
        reference=meeting.reference,
        url=meeting.get_absolute_url(),
        key=f"meeting:{meeting.pk}:published",
        now=now,
    )
    return {"items": items}


@transition(
    HubMeeting,
    label="Start the meeting",
    sources=[MeetingStatus.PUBLISHED],
    target=MeetingStatus.IN_MEETING,
    rule="chair",
)
def start(
    meeting: HubMeeting,
    *,
    by: Any,
    now: datetime,
    present: Iterable[Any],
    apologies: Iterable[Any] = (),
    others: Iterable[str] = (),
) -> dict[str, Any]:
    """Confidentiality read, attendance taken, interests declared. Without a quorum nothing can be decided, so none begins."""
    if HubMeeting.objects.filter(hub=meeting.hub, status=MeetingStatus.IN_MEETING).exclude(pk=meeting.pk).exists():
        raise NotPossible("Another meeting of this hub has not been closed: close it first.")
    if not meeting.day_has_come_by(now):
        raise NotPossible(
            f"This meeting is on {meeting.reference}: it starts on its day. For what cannot wait, call an extra meeting."
        )
    meeting.opened_at, meeting.chaired_by = now, by
    _attendance(meeting, present, apologies, others)
    if missing := quorum_missing(meeting):
        raise NotPossible(
            f"The hub is not quorate: {missing} more needed beside the chair. Close the meeting to defer its agenda."
        )
    return {"present": meeting.attendance.filter(presence=Presence.PRESENT).count()}


@transition(HubMeeting, label="Change the attendance", sources=[MeetingStatus.IN_MEETING], rule="prepare")
def take_attendance(
    meeting: HubMeeting,
    *,
    by: Any,
    now: datetime,
    present: Iterable[Any],
    apologies: Iterable[Any] = (),
    others: Iterable[str] = (),
) -> dict[str, Any]:
    """Somebody came late or had to leave; a quorum lost shows at the next decision."""
    _attendance(meeting, present, apologies, others)
    return {"present": meeting.attendance.filter(presence=Presence.PRESENT).count()}


@transition(
    HubMeeting,
    label="Close the meeting",
    sources=[MeetingStatus.DRAFT, MeetingStatus.PUBLISHED, MeetingStatus.IN_MEETING],
    target=MeetingStatus.CLOSED,
    rule="chair",
)
def close(
    meeting: HubMeeting,
    *,
    by: Any,
    now: datetime,
    reason: str = "",
    manager: Any = None,
    ratified: Iterable[HubDecision] = (),
) -> dict[str, Any]:
    """What was not decided moves to the next meeting with its reason; chair's actions that were agreed to are ratified."""
    undecided = undecided_of(meeting, by)
    if undecided and not reason:
        raise NotPossible(f"{len(undecided)} undecided: say why they are deferred.")
    for item in undecided:
        defer(
            item,
            by=SYSTEM,
            now=now,
            rationale=reason,
            needed="To be heard at the next meeting.",
            manager=manager,
            chaired_by=by,
        )
    _carry_over(meeting, now)
    ids = [decision.pk for decision in ratified]
    HubDecision.objects.to_ratify().filter(hub=meeting.hub, pk__in=ids).update(ratified_in=meeting)
    hearing.stop(meeting, now=now)
    meeting.closed_at = now
    meeting.published_at = meeting.published_at or now
    meeting.members_until = meeting.members_until or meeting.last_day_for_members()
    return {"reason": reason, "deferred": len(undecided), "ratified": len(ids)}


@transition(HubMeeting, label="Confirm the minutes", sources=[MeetingStatus.CLOSED], rule="chair")
def confirm_minutes(meeting: HubMeeting, *, by: Any, now: datetime) -> dict[str, Any]:
    """The next meeting agreed that this is what was decided."""
    if meeting.minutes_confirmed_at:
        raise NotPossible("These minutes were confirmed already.")
    meeting.minutes_confirmed_at = now
    return {}


def _carry_over(meeting: HubMeeting, now: datetime) -> None:
    """What whoever closes may not hear of goes on by itself, with no word to them that it was there (promise P4).

    No hub has deferred it, so none has to say why. What cannot go on at once is found again by the sweep: it still waits.
    """
    later = next_meeting(meeting.hub, after=meeting)
    for item in AgendaItem.objects.filter(meeting=meeting).on_agenda():
        if later is None or item.status == ItemStatus.DISCUSSED:
            remove(item, by=SYSTEM, now=now, reason=UNHEARD)
        else:
            schedule(
                item, by=SYSTEM, now=now, meeting=later, late_reason=UNHEARD if now > later.papers_close_at else ""
            )


def _attendance(meeting: HubMeeting, present: Iterable[Any], apologies: Iterable[Any], others: Iterable[str]) -> None:
    here = {user.pk for user in present} | {meeting.chaired_by_id}
    sorry = {user.pk for user in apologies} - here
    rows = [
        Attendance(meeting=meeting, user=user, agency_id=user.agency_id, presence=_presence(user.pk, here, sorry))
        for user in {
            each.pk: each for each in [*members_of(meeting.hub), meeting.chaired_by, *present, *apologies]
        }.values()
    ]
    named = [Attendance(meeting=meeting, name=name[:120], presence=Presence.PRESENT) for name in others if name]
    meeting.attendance.all().delete()
    Attendance.objects.bulk_create([*rows, *named])


def _presence(user: int, here: set[Any], sorry: set[Any]) -> Presence:
    if user in here:
        return Presence.PRESENT
    return Presence.APOLOGIES if user in sorry else Presence.ABSENT
