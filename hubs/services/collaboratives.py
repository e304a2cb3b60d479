"""A local forum: who sits there, what it met about, what it tells the hub and what it does itself (domain.md R12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core.calendar import closing
from earlyhelp.deadlines.services import promise
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.models import Area, Post, User
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible
from hubs.access import RUNS
from hubs.enums import TrendKind
from hubs.models import (
    Collaborative,
    CollaborativeMeeting,
    CollaborativeMember,
    LocalAction,
    ServiceGap,
    TrendReport,
)


@transaction.atomic
def found(*, area: Area, name: str, by: Any, now: datetime, about: str = "", chair: Any = None) -> Collaborative:
    """A forum begins, with somebody in the chair if there is one already."""
    if Collaborative.objects.filter(name=name).exists():
        raise NotPossible("There is a collaborative of this name already.", field="name")
    forum = Collaborative.objects.create(area=area, name=name, about=about)
    record("hubs.collaborative.found", forum, by=by, at=now)
    if chair is not None:
        join(forum, by=by, now=now, user=chair, chairs=True)
    return forum


@transaction.atomic
def join(
    forum: Collaborative,
    *,
    by: Any,
    now: datetime,
    user: Any = None,
    name: str = "",
    comes_for: str = "",
    chairs: bool = False,
) -> CollaborativeMember:
    """Somebody comes from today on. Whoever takes the chair has it alone: the one before stays a member."""
    forum, today = lock(forum), timezone.localdate(now)
    if bool(user) == bool(name):
        raise NotPossible("Choose a person, or enter a name: one of the two.", field="name")
    if chairs and user is None:
        raise NotPossible("Whoever takes the chair signs in here: choose a person.", field="user")
    if chairs:
        forum.members.filter(until_on=None, chairs=True).update(chairs=False)
    here = forum.members.filter(user=user, until_on=None).first() if user else None
    if here is not None and not chairs:
        raise NotPossible(f"{user} is a member already.", field="user")
    member = here or CollaborativeMember(collaborative=forum, user=user, name=name, comes_for=comes_for, from_on=today)
    member.agency, member.chairs = (user.agency if user else None), chairs
    member.save()
    record("hubs.collaborative.join", forum, by=by, at=now, member=member.pk, chairs=chairs)
    return member


@transaction.atomic
def leave(member: CollaborativeMember, *, by: Any, now: datetime) -> CollaborativeMember:
    """Today is their last day. What they undertook stays theirs until somebody else takes it."""
    if member.until_on is not None:
        raise NotPossible(f"{member} has left already.")
    member.until_on, member.chairs = timezone.localdate(now), False
    member.save()
    record("hubs.collaborative.leave", member.collaborative, by=by, at=now, member=member.pk)
    return member


@transaction.atomic
def record_meeting(
    forum: Collaborative,
    *,
    by: Any,
    now: datetime,
    on: date,
    came: Iterable[CollaborativeMember],
    where: str = "",
    others: str = "",
    notes: str = "",
) -> CollaborativeMeeting:
    if forum.meetings.filter(on=on).exists():
        raise NotPossible("A meeting of that day is recorded already.", field="on")
    meeting = forum.meetings.create(on=on, where=where, others=others, notes=notes, recorded_by=by, recorded_at=now)
    meeting.came.set(came)
    record("hubs.collaborative.record_meeting", forum, by=by, at=now, meeting=meeting.pk)
    return meeting


@transaction.atomic
def report(
    forum: Collaborative,
    *,
    by: Any,
    now: datetime,
    kind: str,
    need: str,
    area: Area,
    seen: str,
    band: str,
    since_on: date,
    evidence: str,
    planned: str = "",
) -> TrendReport:
    """Tell the hub what is coming, or missing, of a place. A gap is counted with those that families have shown."""
    said = {"seen": seen, "band": band, "since_on": since_on, "evidence": evidence, "planned": planned}
    told = forum.reports.create(kind=kind, need=need, area=area, raised_by=by, raised_at=now, **said)
    record("hubs.trendreport.report", told, by=by, at=now, became=told.status)
    if kind == TrendKind.GAP:
        ServiceGap.objects.create(area=area, need=need, note=seen, report=told, raised_at=now)
    tell(told, _who_run(forum.area), "A collaborative reports a trend or a gap", what="raised", now=now)
    return told


@transaction.atomic
def plan(
    forum: Collaborative, *, by: Any, now: datetime, need: str, what: str, owner: CollaborativeMember, due_on: date
) -> LocalAction:
    """One line of the plan for low-level needs. One without an account is reminded through whoever chairs."""
    action = forum.actions.create(need=need, what=what, owner=owner, due_on=due_on, made_at=now)
    record("hubs.localaction.plan", action, by=by, at=now, became=action.status)
    promise(
        action,
        "D_ACTION",
        now=now,
        holder=_reminded(action, by),
        due_at=max(closing(due_on), now),
        label="Local action",
    )
    return action


def _reminded(action: LocalAction, by: Any) -> Any:
    if action.owner.user is not None:
        return action.owner.user
    chair = action.collaborative.members.filter(chairs=True, until_on=None).select_related("user").first()
    return chair.user if chair else by


def _who_run(area: Area) -> list[User]:
    posts = Post.objects.current().filter(role__in=RUNS, area__in=area.lineage, user__is_active=True)
    return list(dict.fromkeys(post.user for post in posts.select_related("user").order_by("pk")))


def tell(told: TrendReport, people: Iterable[User | None], title: str, *, what: str, now: datetime) -> None:
    notify(
        people,
        kind=Kind.NEWS,
        title=title,
        reference=told.reference,
        url=told.get_absolute_url(),
        key=f"trend_report:{told.pk}:{what}",
        now=now,
    )
