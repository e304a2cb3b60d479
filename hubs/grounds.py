"""What the hub keeps about a family and tells of it, and who sits where it was heard."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.cases.access import work_ground
from earlyhelp.cases.enums import Tier
from earlyhelp.cases.guards import (
    Obstacle,
    at_the_hand_over,
    closure_guard,
    hears_closures,
    if_closure_is_refused,
    when_accepted,
)
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.core.access import NOBODY
from earlyhelp.deadlines.sweep import closed_to
from earlyhelp.families.chronology import Entry, tells
from earlyhelp.families.models import Family
from earlyhelp.families.reads import Known, keeps
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from hubs.access import has_a_seat, run
from hubs.enums import ItemKind, MeetingStatus, Presence, StepStatus
from hubs.models import AgendaItem, Attendance, Blockage, Conflict, HubMember
from hubs.services.service_offers import tell_whoever_offers
from hubs.services.steps import settle_approved


@work_ground
def heard_now(cases: Any, user: Any) -> Q:
    """Who runs a meeting, or sits in it, works with each family on its agenda while it is in session."""
    if not has_a_seat(user):
        return NOBODY
    now = AgendaItem.objects.filter(case=OuterRef("pk"), meeting__status=MeetingStatus.IN_MEETING).on_agenda()
    here = Attendance.objects.filter(meeting=OuterRef("meeting"), user=user, presence=Presence.PRESENT)
    return Q(Exists(now.filter(run(now, user) | Q(Exists(here)))))


@closed_to(CaseDeadline)
def by_an_interest() -> Any:
    """Of a family in which somebody declared an interest no reminder reaches them by their post (domain.md 9.2)."""
    return Conflict.objects.standing().values_list("case", "user")


HEARD = "of the hub that heard their case"
SEATS = (Role.HUB_CHAIR, Role.HUB_COORDINATOR, Role.HUB_MEMBER)


def _at_the_hub(family: Family) -> list[Known]:
    heard = AgendaItem.objects.filter(case__family=family)
    runs = Post.objects.filter(role__in=SEATS, area__in=heard.values("hub__area"))
    sits = HubMember.objects.filter(hub__in=heard.values("hub"))
    return [Known(runs, "user", HEARD), Known(sits, "user", HEARD)]


keeps(AgendaItem, "its place on an agenda", family="case__family", workers=_at_the_hub)


# Of what was done about a blockage: what the family's chronology says, and not who was asked in between.
TOLD = {
    "raise": "Something stops the plan: raised as a blockage",
    "escalate": "The blockage was taken further",
    "resolve": "The blockage was unpicked",
}


@tells
def what_stopped_it(family: Family, user: Any) -> Iterable[Entry]:
    """What stopped the plan and how it was unpicked, for whoever may read the blockage."""
    rows = Blockage.objects.for_user(user).filter(case__family=family).select_related("case").in_bulk()
    if not rows:
        return
    label = Blockage._meta.label_lower
    kinds = [f"{label}.{name}" for name in TOLD]
    events = Event.objects.filter(subject=label, subject_id__in=rows, kind__in=kinds).select_related("actor")
    for event in events.order_by("at", "pk"):
        row, title = rows[event.subject_id], TOLD[event.kind.rsplit(".", 1)[-1]]
        on, who = timezone.localdate(event.at), str(event.actor or "Early Help")
        yield Entry(on, event.at, title, event.reason, who, where=row.reference, url=row.get_absolute_url())


@closure_guard
def who_has_not_said_yes(case: Case) -> Iterable[Obstacle]:
    """A step below tier 2 is in place once a named service has agreed to each remaining action (domain.md 8.3, D2)."""
    if not case.closure_approved:
        return
    step = case.step_requests.filter(status=StepStatus.APPROVED, to_tier__lt=Tier.TARGETED, takers_agree=False).first()
    if step is not None:
        yield Obstacle(
            "Not everybody who carries on what is left has said yes: ask each of them, and record that they have.",
            reverse("hubs:step_move", args=[step.pk, "takers_agree"]),
        )


@hears_closures
def while_a_meeting_sits() -> Q:
    """Then a closure on its agenda is decided there, with a quorum or not at all: by no chair alone past it (domain.md 6.4)."""
    sits = AgendaItem.objects.filter(
        case=OuterRef("pk"), kind=ItemKind.CLOSURE, meeting__status=MeetingStatus.IN_MEETING
    )
    return Q(Exists(sits.on_agenda()))


@when_accepted
def what_is_to_be_offered(case: Case, by: Any, now: datetime) -> None:
    tell_whoever_offers(case, now=now)


@at_the_hand_over
def what_is_still_to_be_offered(case: Case, former: Any, by: Any, now: datetime) -> None:
    tell_whoever_offers(case, now=now)


@if_closure_is_refused
def nothing_is_left_approved(case: Case, by: Any, now: datetime) -> None:
    settle_approved(case, now=now, reason="The closure was not agreed.")
