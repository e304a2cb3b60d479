"""The hub's meetings: what is coming, the agenda, the start and the close."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.cases import workload
from earlyhelp.core.composed import PlannedOnce, record
from earlyhelp.core.requests import SignedIn
from earlyhelp.workflow.views import perform
from hubs import queries, transitions
from hubs.access import has_a_seat
from hubs.enums import DECIDED_AS, DONE_ITEM, LIVE_ITEM, DecisionKind, ItemKind, ItemStatus, MeetingStatus
from hubs.forms import meetings as forms
from hubs.models import AgendaItem, Hub, HubMeeting, to_ratify_at
from hubs.queries.offers import not_answered_in
from hubs.running_order import points
from hubs.services import hearing
from hubs.views.around import items_of, meeting_page, open_meeting
from hubs.views.beside import beside
from hubs.views.screen import discreet, screen

IN_NUMBERS = {
    ItemKind.NEW: ("New family", "New families"),
    ItemKind.STEP_REQUEST: ("Step request", "Step requests"),
    ItemKind.BLOCKAGE: ("Blockage", "Blockages"),
    ItemKind.HANDOVER: ("Hand-over to note", "Hand-overs to note"),
    ItemKind.REVIEW_OVERDUE: ("Review overdue", "Reviews overdue"),
    ItemKind.CLOSURE: ("Closure", "Closures"),
}
TAG_COLOURS = {
    MeetingStatus.DRAFT: "grey",
    MeetingStatus.PUBLISHED: "blue",
    MeetingStatus.IN_MEETING: "green",
    MeetingStatus.CLOSED: "",
}


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """The next meeting large; then what is coming and what was."""
    if not has_a_seat(request.user):
        raise Http404
    filters = forms.MeetingFilter(request.GET)
    seen = HubMeeting.objects.for_user(request.user).select_related("hub")
    heard = AgendaItem.objects.for_user(request.user).exclude(status=ItemStatus.REMOVED)
    counted = seen.annotate(on_agenda=Count("items", filter=Q(items__in=heard.values("pk"))))
    coming = list(counted.exclude(status=MeetingStatus.CLOSED).soonest_first()[:40])
    coming.sort(key=lambda meeting: (not meeting.in_session, meeting.starts_at))
    past = filters.page_of(seen.filter(status=MeetingStatus.CLOSED).order_by("-starts_at", "-pk"), size=15)
    shown = {"next": coming[0] if coming else None, "coming": coming[1:], "page": past, "filters": filters}
    return render(request, "hubs/meetings.html", shown | _run(request, timezone.now()))


def _run(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """For whoever runs hubs: those hubs, the families whom none of their meetings hears in time, and offers not answered."""
    hubs = list(Hub.objects.for_user(request.user, "prepare").active())
    waiting = AgendaItem.objects.for_user(request.user, "prepare").with_rights(request.user, "decide").kept_waiting(now)
    if not hubs:
        return {"hubs": [], "kept_waiting": [], "not_answered": []}
    return {
        "hubs": hubs,
        "kept_waiting": list(waiting.select_related("case__family", "hub")),
        "not_answered": not_answered_in(request.user, now),
    }


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda: how much, in which order and why, what is late, and what is not on it yet."""
    row = open_record(request, _MEETING_PAGE, pk=pk)
    now = timezone.now()
    items = _with_wait(request.user, meeting=row.pk, now=now)
    live = [item for item in items if item.status in LIVE_ITEM]
    shown = {
        **screen(request),
        "meeting": row,
        "to_ratify": [_ratified_later(each) for each in row.to_ratify] if not row.is_over else [],
        "papers_days": row.working_days_to_papers(timezone.localdate(now)),
        "kept_waiting": _soonest(item for item in live if item.is_kept_waiting and row.may_prepare),
        "kept_back": [item for item in live if item.kept_back and row.may_prepare],
        "hubs": [row.hub],
        "colour": TAG_COLOURS[MeetingStatus(row.status)],
        "lines": queries.in_order(live, now=now),
        "decided": [item for item in items if item.status in DONE_ITEM],
        "numbers": _numbers(items),
        **beside(request.user, row),
        "formula": workload.WORDS,
        "points": points(row.hub, request.user, now) if not row.is_over else [],
        "now": now,
    }
    return render(request, "hubs/meeting.html", shown)


def _ratified_later(decision: dict[str, Any]) -> dict[str, Any]:
    """A chair's action that the next meeting agrees to, or not."""
    at = datetime.fromisoformat(decision["at"])
    return decision | {"at": at, "decided_as": DECIDED_AS[DecisionKind(decision["kind"])]}


def _soonest(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=lambda item: item.due_at)


@record
def _MEETING_PAGE(user: Any) -> Any:
    rows = HubMeeting.objects.with_rights(user).with_openings().annotate(to_ratify=to_ratify_at(OuterRef("hub"), user))
    return rows.select_related("hub__area", "chaired_by")


@PlannedOnce
def _with_wait(user: Any, meeting: Any, now: Any) -> Any:
    return (
        items_of(user, meeting)
        .with_wait(now)
        .with_grounds()
        .with_replies()
        .with_rights(user, "decide")
        .select_related("late_by")
    )


def _numbers(items: list[AgendaItem]) -> list[dict[str, Any]]:
    counted = [(*words, sum(item.kind == kind for item in items)) for kind, words in IN_NUMBERS.items()]
    counted.append(("Urgent", "Urgent", sum(item.urgent for item in items)))
    counted.append(("Deferred before", "Deferred before", sum(item.deferrals > 0 for item in items)))
    return [{"label": one if number == 1 else many, "value": number} for one, many, number in counted]


# --- in session --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_meeting(request, pk, "chair")
    if row.status == MeetingStatus.DRAFT:
        messages.error(request, "Publish the papers first: a meeting starts with what its members have read.")
        return redirect(row)
    page = meeting_page(
        row,
        "Start the meeting",
        button="Start",
        template="hubs/start.html",
        extra={"meeting": row, "interest_url": f"{row.get_absolute_url()}interest/"},
    )

    def deed(**facts: Any) -> str:
        now = timezone.now()
        begun = transitions.start(row, by=request.user, now=now, **facts)
        lines = queries.in_order(items_of(request.user, begun).on_agenda(), now=now)
        first = hearing.go_on(begun, [line.item for line in lines], now=now)
        return (first or begun).get_absolute_url()

    return perform(
        request, partial(forms.Start, meeting=row, chair=request.user.pk), deed, page=page, then=lambda to: to
    )


@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_meeting(request, pk, "prepare")
    here = list(row.attendance.values_list("user", "name", "presence"))
    initial = {
        "present": [user for user, _, presence in here if presence == "present" and user],
        "apologies": [user for user, _, presence in here if presence == "apologies"],
        "others": "\n".join(name for _, name, _ in here if name),
    }
    page = meeting_page(row, "Who is here", button="Save attendance", said="Attendance saved.")
    deed = partial(transitions.take_attendance, row, by=request.user, now=timezone.now())
    make_form = partial(forms.TakeAttendance, meeting=row, chair=row.chaired_by_id, initial=initial)
    return perform(request, make_form, deed, page=page, then=lambda done: _first(request, done))


@require_http_methods(["GET", "POST"])
def close(request: SignedIn, pk: int) -> HttpResponse:
    row = open_meeting(request, pk, "chair")
    undecided = list(items_of(request.user, row).on_agenda())
    later = queries.next_meeting(row.hub, after=row)
    page = meeting_page(
        row,
        "Close the meeting",
        button="Close the meeting",
        template="hubs/close.html",
        said="The meeting is closed and its minutes are written.",
        extra=lambda: {
            "meeting": row,
            "undecided": undecided,
            "later": later,
            **queries.before_closing(row, request.user),
        },
    )
    deed = partial(transitions.close, row, by=request.user, now=timezone.now())
    make_form = partial(
        forms.CloseMeeting, meeting=row, undecided=undecided, chair=request.user, discreet=discreet(request)
    )
    return perform(request, make_form, deed, page=page, then=lambda done: f"{done.get_absolute_url()}minutes/")


def _first(request: HttpRequest, row: HubMeeting) -> str:
    """To the first family to be heard."""
    lines = queries.in_order(items_of(request.user, row).on_agenda(), now=timezone.now())
    return lines[0].item.get_absolute_url() if lines else row.get_absolute_url()
