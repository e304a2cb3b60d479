"""What the saves need before they can be measured: a hub in session, families on its agenda, a referral being written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Count

from earlyhelp.cases.models import Case
from earlyhelp.demo.bench.client import ALONE, post
from earlyhelp.directory.models import Service
from earlyhelp.families.models import Family
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from earlyhelp.sharing.enums import Purpose
from hubs.enums import LIVE_ITEM
from hubs.models import AgendaItem, Hub, HubMeeting
from hubs.queries import candidates, members_of
from hubs.queries.readiness import to_publish
from hubs.services.agenda import add_items
from hubs.transitions import agenda, meetings
from referrals.models import Referral
from referrals.services import drafts

USUAL_AGENDA, FULL_AGENDA = 15, 200
DECISIONS = ALONE + 5  # with some to warm up
LINE = "Somebody local, with room for one more."


@dataclass
class Session:
    """A hub that is meeting now, with an ordinary agenda; and as many families again as are to be decided."""

    hub: Hub
    chair: User
    meeting: HubMeeting
    waiting: list[Case]


@transaction.atomic  # what fails half way leaves no agenda behind
def hub_in_session(*, now: datetime) -> Session:
    """At the hub with the most families waiting: each run uses up some of them."""
    hub = _busiest_hub()
    chair = _chair_of(hub)
    _close_what_is_open(hub, chair, now)
    waiting = list(_waiting(hub)[: USUAL_AGENDA + DECISIONS])
    meeting = HubMeeting.objects.create(hub=hub, starts_at=now + timedelta(minutes=1), place=hub.place)
    session = Session(hub, chair, meeting, waiting)
    put_on_agenda(session, waiting[:USUAL_AGENDA], now=now)
    for item in to_publish(meeting):
        if not item.may_be_heard:
            agenda.hear_without_agreement(item, by=chair, now=now, purpose=Purpose.SAFEGUARDING, reason=LINE)
    meetings.publish(meeting, by=chair, now=now, despite=LINE)
    session.meeting = meetings.start(meeting, by=chair, now=now, present=list(members_of(hub)))
    with connection.cursor() as cursor:  # as autovacuum does within the minute
        cursor.execute("ANALYZE hubs_agendaitem, hubs_hubmeeting, hubs_attendance, cases_case")
    return session


def _close_what_is_open(hub: Hub, chair: User, now: datetime) -> None:
    for open_one in hub.meetings.filter(status="in_meeting"):
        meetings.close(open_one, by=chair, now=now, reason="Measured before.")


@transaction.atomic
def full_meeting(*, now: datetime) -> Session:
    """In session with two hundred families whose reviews are overdue: more than any hub hears in a day. Made once, and kept."""
    in_session = HubMeeting.objects.filter(status="in_meeting").annotate(heard=Count("items"))
    if made := in_session.filter(heard__gte=FULL_AGENDA).first():
        return Session(made.hub, _chair_of(made.hub), made, [])
    hub = _hubs_by_waiting()[-1]
    chair = _chair_of(hub)
    _close_what_is_open(hub, chair, now)
    meeting = HubMeeting.objects.create(hub=hub, starts_at=now + timedelta(minutes=1), place=hub.place)
    families = Case.objects.within(hub.area_id).filter(status="supported", family__restricted=False)
    facts = {
        "hub": hub,
        "meeting": meeting,
        "kind": "review_overdue",
        "status": "scheduled",
        "since_at": now,
        "added_at": now,
    }
    AgendaItem.objects.bulk_create(
        AgendaItem(case=case, **facts) for case in families.exclude(agenda_items__status__in=LIVE_ITEM)[:FULL_AGENDA]
    )
    meetings.publish(meeting, by=chair, now=now, despite=LINE)
    return Session(hub, chair, meetings.start(meeting, by=chair, now=now, present=list(members_of(hub))), [])


def put_on_agenda(session: Session, cases: list[Case], *, now: datetime) -> None:
    add_items(Case.objects.filter(pk__in=[case.pk for case in cases]), now=now)
    waiting = AgendaItem.objects.filter(case__in=cases, status__in=("queued", "scheduled"))
    for item in waiting.with_agreement():
        if not item.may_be_heard:
            agenda.hear_without_agreement(
                item, by=session.chair, now=now, purpose=Purpose.SAFEGUARDING, reason="To be measured."
            )
        agenda.schedule(item, by=session.chair, now=now, meeting=session.meeting, late_reason="To be measured.")


def decisions(session: Session, cookie: str, *, now: datetime) -> Iterator[bytes]:
    """Each the allocation of another family, as the form sends it."""
    cases = session.waiting[USUAL_AGENDA:-1]
    put_on_agenda(session, cases, now=now)
    worker = candidates(cases[0], 2, now=now)[0].worker.pk
    service = Service.objects.live().filter(specialist=True)[0].pk
    for item in AgendaItem.objects.filter(meeting=session.meeting, case__in=cases).on_agenda().order_by("pk"):
        fields = {
            "token": uuid4(),
            "decision": "allocate-2",
            "worker": worker,
            "preference": "asked",
            "preference_note": LINE,
            "over_limit_reason": LINE,
            "not_recommended_reason": LINE,
            "specialists": service,
            "rationale": LINE,
        }
        yield post(item.get_absolute_url(), cookie, [(name, str(value)) for name, value in fields.items()])


def referral_saves(author: User, cookie: str, *, now: datetime) -> Iterator[bytes]:
    """One page of a referral, saved again and again, each time against the version saved before."""
    family = Family.objects.latest("pk")
    referral = drafts.start(family, by=author, now=now)
    version = Referral.objects.get(pk=referral.pk).version
    for number in count(version):
        fields = [
            ("version", str(number)),
            ("why_now", f"Late for school most days. {number}"),
            ("tried", "Breakfast club."),
        ]
        yield post(f"/referrals/{referral.reference}/tasks/why/", cookie, fields)


def _waiting(hub: Hub) -> Any:
    """Families whom no meeting has heard of yet."""
    return Case.objects.awaiting_decision().within(hub.area_id).filter(agenda_items=None)


def _busiest_hub() -> Hub:
    """Of those whose members are of enough agencies to be quorate, the chair's own not counted."""
    return _hubs_by_waiting()[0]


def _chair_of(hub: Hub) -> User:
    return Post.objects.current().get(role=Role.HUB_CHAIR, area=hub.area_id).user


def _hubs_by_waiting() -> list[Hub]:
    """Those that can be quorate, the one for which the most families wait first."""
    waiting = Case.objects.awaiting_decision().filter(agenda_items=None).values("area").annotate(n=Count("pk"))
    busiest = [Hub.objects.get(area=row["area"]) for row in waiting.order_by("-n")]
    return [hub for hub in busiest if len({member.agency_id for member in members_of(hub)}) > hub.quorum]
