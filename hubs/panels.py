"""What the hub puts on a case's page, and on the list of what needs a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from earlyhelp.cases.enums import AllocationStatus, Status
from earlyhelp.cases.models import Allocation, Case
from earlyhelp.cases.panels import NextStep, deeds, next_step, section
from earlyhelp.core.access import rights
from earlyhelp.core.calendar import closing
from earlyhelp.core.todo import Todo, todo
from earlyhelp.partnership.enums import Role
from hubs.access import has_a_seat
from hubs.enums import LIVE_ITEM, MeetingStatus
from hubs.models import AgendaItem, HubAction, HubMeeting
from hubs.services.agenda import ASKS

AHEAD = timedelta(days=14)


@section(60, "hub", "Hub", "hubs/case.html")
def hub(case: Case, user: Any) -> dict[str, Any]:
    """What the hub was asked, what it decided, and every change of tier."""
    return {
        "decisions": list(
            case.hub_decisions.select_related("by", "worker", "agreed_by", "meeting__hub", "ratified_in__hub").order_by(
                "-at"
            )
        ),
        "steps": list(
            case.step_requests.select_related("requested_by", "new_lead", "receiving").order_by("-requested_at")
        ),
        "tier_changes": list(case.tier_changes.select_related("decided_by").order_by("-decided_at")),
        "waiting": case.agenda_items.filter(status__in=LIVE_ITEM).select_related("meeting__hub").first(),
    }


@deeds
def of_the_hub(case: Case, user: Any) -> list[tuple[str, str]]:
    offered = []
    may = rights(user, case, {"lead", "decide", "allocate"})
    if case.status == Status.SUPPORTED and "lead" in may:
        offered.append(("Ask for a step up or down", reverse("hubs:request_step", args=[case.reference])))
    if _asks(case) and "decide" in may:
        offered.append(("Decide at the hub", reverse("hubs:decide", args=[case.reference])))
        offered.append(("Chair’s action", reverse("hubs:chairs_action", args=[case.reference])))
    if case.status == Status.OPENED and "allocate" in may:
        offered.append(("Offer to somebody else", reverse("hubs:offer_again", args=[case.reference])))
    return offered


@next_step
def decide(case: Case, user: Any) -> NextStep | None:
    if _asks(case) and "decide" in rights(user, case, {"decide"}):
        return NextStep(5, "Decide at the hub", reverse("hubs:decide", args=[case.reference]))
    return None


def _asks(case: Case) -> bool:
    return case.status in ASKS and not case.closure_approved


# --- what needs a person today -----------------------------------------------------------------------------------------


@todo
def meetings_to_come(user: Any, now: datetime) -> Iterable[Todo]:
    """The meeting in session, or the next one within a fortnight."""
    if not has_a_seat(user):
        return []
    coming = HubMeeting.objects.for_user(user).exclude(status=MeetingStatus.CLOSED).filter(starts_at__lt=now + AHEAD)
    chosen = coming.select_related("hub").soonest_first()[:3]
    return [Todo(20, f"{_meeting_words(each)}: {each.hub}", each.get_absolute_url(), each.starts_at) for each in chosen]


def _meeting_words(meeting: HubMeeting) -> str:
    words = {
        MeetingStatus.DRAFT: "Prepare the agenda",
        MeetingStatus.PUBLISHED: "Read the papers for the meeting",
        MeetingStatus.IN_MEETING: "The meeting is in session",
    }
    return words[MeetingStatus(meeting.status)]


@todo
def urgent_families(user: Any, now: datetime) -> Iterable[Todo]:
    """Urgent families wait for the chair's action, not for the meeting."""
    if not user.scope.holds(Role.HUB_CHAIR):
        return []
    rows = AgendaItem.objects.for_user(user, "decide").live().filter(urgent=True).with_due().select_related("case")
    return [
        Todo(
            0,
            f"Urgent: decide {item.case.reference} by chair’s action",
            reverse("hubs:chairs_action", args=[item.case.reference]),
            item.due_at,
        )
        for item in rows.order_by("since_at")[:5]
    ]


@todo
def declined_offers(user: Any, now: datetime) -> Iterable[Todo]:
    """A family that was declined has nobody: it is offered again."""
    if not user.scope.holds(Role.HUB_CHAIR):
        return []
    offered = Allocation.objects.filter(case=OuterRef("pk"), status=AllocationStatus.OFFERED)
    rows = (
        Case.objects.for_user(user, "allocate")
        .filter(~Exists(offered), status=Status.OPENED)
        .order_by("opened_on", "pk")[:5]
    )
    return [
        Todo(
            1, f"Declined: offer {case.reference} to somebody else", reverse("hubs:offer_again", args=[case.reference])
        )
        for case in rows
    ]


@todo
def my_actions(user: Any, now: datetime) -> Iterable[Todo]:
    rows = HubAction.objects.open().filter(owner=user).order_by("due_on", "pk")[:5]
    return [Todo(30, f"{row.reference}: {row.what}", row.get_absolute_url(), closing(row.due_on)) for row in rows]
