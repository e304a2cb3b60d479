"""A meeting of the hub, from its agenda to its minutes (screens.md 1.2 A). Read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from earlyhelp.cases.briefing import ask_again
from earlyhelp.core import dates
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, transition
from hubs.enums import ItemStatus, MeetingStatus, Presence
from hubs.models import AgendaItem, Attendance, Conflict, HubDecision, HubMeeting, StandIn
from hubs.queries import next_meeting, quorum_missing, readers_of, runners_of, undecided_of, waits_to_be_ratified
from hubs.queries.readiness import Stop, in_sight, out_of_sight, stops, to_publish, weighed
from hubs.services import hearing
from hubs.services.papers import keep_pages, said_of
from hubs.transitions.agenda import remove, schedule
from hubs.transitions.items import defer, defer_unheard
from hubs.transitions.ratifying import ratify_all

UNHEARD = "The meeting before closed without hearing it."


@transition(
    HubMeeting,
    label="Publish the papers",
    sources=[MeetingStatus.DRAFT],
    target=MeetingStatus.PUBLISHED,
    rule="prepare",
)
def publish(meeting: HubMeeting, *, by: Any, now: datetime, despite: str = "") -> dict[str, Any]:
    """The papers go out as they stand: members read them from now until ten working days after the meeting.

    Without a family they do for a meeting that has chair's actions to ratify: an extra one may be called for nothing else.
    ``despite``: why they go out although something is missing. What bars (``queries.readiness``) nobody publishes over.
    """
    heard = {item.pk for item in undecided_of(meeting, by)}
    if not heard and not waits_to_be_ratified(meeting.hub_id, by).exists():
        raise NotPossible("There is nothing on this agenda yet.")
    items = to_publish(meeting)
    said = said_of(items, meeting, now=now)
    missing = weighed(stops(items, said))
    _refuse_unready(missing, despite, heard)
    meeting.published_at, meeting.members_until = now, meeting.last_day_for_members()
    meeting.published_despite = despite if missing else ""
    keep_pages(meeting, said, by=by, now=now)
    notify(
        readers_of(meeting),
        kind=Kind.NEWS,
        title="Papers for the hub meeting are out",
        reference=meeting.reference,
        url=meeting.get_absolute_url(),
        key=f"meeting:{meeting.pk}:published",
        now=now,
    )
    return {"items": len(items), "reason": despite}


def _refuse_unready(found: list[Stop], despite: str, heard: set[int]) -> None:
    """Of a family in which the publisher declared an interest it is said that something is wrong, and no more."""
    barred = [stop for stop in found if stop.bars]
    if told := in_sight(barred, heard):
        raise NotPossible(f"{told[0].item}: {told[0].words}. Put it right, or leave the family for the next meeting.")
    if barred:
        raise NotPossible(out_of_sight(barred, heard))
    if found and not despite:
        raise NotPossible(
            "Something is missing in these papers: say why they go out all the same.", field="all_the_same"
        )


@transition(
    HubMeeting, label="Move the meeting", sources=[MeetingStatus.DRAFT, MeetingStatus.PUBLISHED], rule="prepare"
)
def reschedule(
    meeting: HubMeeting, *, by: Any, now: datetime, starts_at: datetime, place: str, remote: bool, reason: str
) -> dict[str, Any]:
    """Another day, hour or place. Members hear of it once they have had the papers; before, whoever runs the hub does."""
    if starts_at <= now:
        raise NotPossible("Choose a day and a time that are still to come.", field="starts_at")
    same = HubMeeting.objects.filter(hub=meeting.hub, starts_at=starts_at).exclude(pk=meeting.pk)
    if same.exists():
        raise NotPossible(f"{meeting.hub} has a meeting on {dates.moment(starts_at)} already.", field="starts_at")
    was = meeting.starts_at
    meeting.starts_at, meeting.place, meeting.remote = starts_at, place, remote
    if meeting.members_until:
        meeting.members_until = meeting.last_day_for_members()
    notify(
        readers_of(meeting) if meeting.published_at else runners_of(meeting.hub),
        kind=Kind.NEWS,
        title="A hub meeting has moved",
        reference=meeting.reference,
        url=meeting.get_absolute_url(),
        key=f"meeting:{meeting.pk}:moved:{starts_at:%Y%m%d%H%M}",
        now=now,
    )
    return {"reason": reason, "was_at": was.isoformat(), "starts_at": starts_at.isoformat()}


@transition(
    HubMeeting,
    label="Back to the suggested order",
    sources=[MeetingStatus.DRAFT, MeetingStatus.PUBLISHED, MeetingStatus.IN_MEETING],
    rule="prepare",
)
def restore_order(meeting: HubMeeting, *, by: Any, now: datetime) -> dict[str, Any]:
    """What was put elsewhere by hand goes back, of those of which this person may hear."""
    moved = AgendaItem.objects.for_user(by, "prepare").filter(meeting=meeting, position__isnull=False).on_agenda()
    return {"items": moved.update(position=None)}


@transition(
    HubMeeting, label="Ask agencies again", sources=[MeetingStatus.DRAFT, MeetingStatus.PUBLISHED], rule="prepare"
)
def ask_agencies_again(meeting: HubMeeting, *, by: Any, now: datetime) -> dict[str, Any]:
    """Everybody who owes an answer about a family on this agenda, in one press."""
    asked = ask_again([item.case_id for item in undecided_of(meeting, by)], by=by, now=now)
    if not asked:
        raise NotPossible("Nobody can be asked again today: everybody has answered, or was asked today already.")
    return {"asked": asked}


@transition(
    HubMeeting,
    label="Name who sits for somebody",
    sources=[MeetingStatus.DRAFT, MeetingStatus.PUBLISHED],
    rule="prepare",
)
def name_stand_in(meeting: HubMeeting, *, by: Any, now: datetime, away: Any, user: Any) -> dict[str, Any]:
    """One sits for another at this meeting, and reads its papers as they would have."""
    if user in readers_of(meeting):
        raise NotPossible(f"{user} is at this meeting already.", field="user")
    StandIn.objects.update_or_create(
        meeting=meeting, away=away, defaults={"user": user, "named_by": by, "named_at": now}
    )
    notify(
        [user],
        kind=Kind.REQUEST,
        title="You are asked to sit in at a hub meeting",
        reference=meeting.reference,
        url=reverse("hubs:meetings"),
        key=f"meeting:{meeting.pk}:stand_in:{away.pk}:{user.pk}",
        now=now,
    )
    return {"away": away.pk, "user": user.pk}


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
    meeting.opened_at, meeting.chaired_by, meeting.quorum = now, by, meeting.hub.quorum
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
    _carry_over(meeting, by, now)
    agreed_to = ratify_all(ratified, meeting=meeting, by=by)
    hearing.stop(meeting, now=now)
    _say_called_off(meeting, now)
    meeting.closed_at = now
    meeting.published_at = meeting.published_at or now
    meeting.members_until = meeting.members_until or meeting.last_day_for_members()
    return {"reason": reason, "deferred": len(undecided), "ratified": agreed_to}


def _say_called_off(meeting: HubMeeting, now: datetime) -> None:
    """Whoever had its papers hears that it does not take place."""
    if meeting.opened_at is None and meeting.published_at and not meeting.day_has_come_by(now):
        notify(
            readers_of(meeting),
            kind=Kind.NEWS,
            title="A hub meeting is called off",
            reference=meeting.reference,
            url=meeting.get_absolute_url(),
            key=f"meeting:{meeting.pk}:off",
            now=now,
        )


def _carry_over(meeting: HubMeeting, by: Any, now: datetime) -> None:
    """What whoever closes may not hear of goes on by itself, with no word to them that it was there (promise P4).

    A family in which they declared an interest is deferred on record, if the meeting sat: those who may hear of it read
    why. A restricted record no hub has deferred, so none has to say why; what cannot go on at once is found by the sweep.
    """
    later = next_meeting(meeting.hub, after=meeting)
    left = AgendaItem.objects.filter(meeting=meeting).on_agenda().select_related("case__area", "hub__area", "meeting")
    conflicted = set(Conflict.objects.standing().filter(user=by).values_list("case", flat=True))
    for item in left:
        if item.case_id in conflicted and meeting.opened_at:
            defer_unheard(item, by=SYSTEM, now=now, closed_by=by)
            continue
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
            each.pk: each for each in [*readers_of(meeting), meeting.chaired_by, *present, *apologies]
        }.values()
    ]
    named = [Attendance(meeting=meeting, name=name[:120], presence=Presence.PRESENT) for name in others if name]
    meeting.attendance.all().delete()
    Attendance.objects.bulk_create([*rows, *named])


def _presence(user: int, here: set[Any], sorry: set[Any]) -> Presence:
    if user in here:
        return Presence.PRESENT
    return Presence.APOLOGIES if user in sorry else Presence.ABSENT
