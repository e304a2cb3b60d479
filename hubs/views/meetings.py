"""The hub's meetings: what is coming, the agenda, the start, the close and the minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import Composed, PlannedOnce, record
from earlyhelp.core.requests import SignedIn
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import Page, perform
from hubs import queries, transitions
from hubs.access import has_a_seat
from hubs.enums import DONE_ITEM, LIVE_ITEM, ItemKind, ItemStatus, MeetingStatus
from hubs.forms import meetings as forms
from hubs.models import AgendaItem, Hub, HubMeeting
from hubs.services import agenda, diary

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
    """For whoever runs hubs: those hubs, and the families whom none of their meetings hears in time."""
    hubs = list(Hub.objects.for_user(request.user, "prepare").active())
    waiting = AgendaItem.objects.for_user(request.user, "prepare").with_rights(request.user, "decide").kept_waiting(now)
    return {"hubs": hubs, "kept_waiting": list(waiting.select_related("case__family", "hub")) if hubs else []}


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda: how much, in which order and why, what is late, and what is not on it yet."""
    row = _open(request, pk)
    now = timezone.now()
    items = _with_wait(request.user, meeting=row.pk, now=now)
    live = [item for item in items if item.status in LIVE_ITEM]
    shown = {
        "meeting": row,
        "kept_waiting": _soonest(item for item in live if item.is_kept_waiting and row.may_prepare),
        "hubs": [row.hub],
        "colour": TAG_COLOURS[MeetingStatus(row.status)],
        "lines": queries.in_order(live, now=now),
        "decided": [item for item in items if item.status in DONE_ITEM],
        "numbers": _numbers(items),
        **(_beside(request.user, row) if row.may_prepare and not row.is_over else {}),
        "now": now,
    }
    return render(request, "hubs/meeting.html", shown)


def _beside(user: Any, row: HubMeeting) -> dict[str, int]:
    """How many wait for a later meeting, and how many are on no list yet: for whoever may still add them."""
    later = _ELSEWHERE.rows(user, hub=row.hub_id, starts_at=row.starts_at)
    return {"later": later.count(), "not_gathered": agenda.still_waiting(row.hub, user)}


def _soonest(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=lambda item: item.due_at)


def _open(request: HttpRequest, pk: int, action: str = "view") -> Any:
    return open_record(request, _MEETINGS, action=action, pk=pk)


@record
def _MEETINGS(user: Any) -> Any:
    return HubMeeting.objects.with_rights(user).select_related("hub__area", "chaired_by")


@PlannedOnce
def _with_wait(user: Any, meeting: Any, now: Any) -> Any:
    return _items(user, meeting).with_wait(now).with_rights(user, "decide")


def _items(user: Any, meeting: Any) -> Any:
    """The families of a meeting that this person may hear of."""
    seen = AgendaItem.objects.for_user(user).filter(meeting=meeting).exclude(status=ItemStatus.REMOVED)
    return (
        seen.with_due()
        .with_births()
        .with_agreement()
        .with_decision()
        .select_related("case__family", "case__lead", "step")
    )


def _elsewhere(user: Any, hub: Any, starts_at: Any) -> Any:
    """What waits for a later meeting of this hub, or for none yet."""
    seen = AgendaItem.objects.for_user(user, "prepare").filter(hub=hub)
    return (
        seen.filter(status__in=(ItemStatus.QUEUED, ItemStatus.SCHEDULED, ItemStatus.DEFERRED))
        .filter(Q(meeting=None) | Q(meeting__starts_at__gt=starts_at))
        .select_related("case__family")
    )


_ELSEWHERE = Composed(_elsewhere)


def _numbers(items: list[AgendaItem]) -> list[dict[str, Any]]:
    words = {
        ItemKind.NEW: "New families",
        ItemKind.STEP_REQUEST: "Step requests",
        ItemKind.REVIEW_OVERDUE: "Reviews overdue",
        ItemKind.CLOSURE: "Closures",
    }
    kinds = [(label, sum(item.kind == kind for item in items)) for kind, label in words.items()]
    extra = [
        ("Urgent", sum(item.urgent for item in items)),
        ("Deferred before", sum(item.deferrals > 0 for item in items)),
    ]
    return [{"label": label, "value": number} for label, number in [*kinds, *extra]]


@require_http_methods(["GET", "POST"])
def call_extra(request: HttpRequest, pk: int) -> HttpResponse:
    """A meeting between the regular ones, for what cannot wait for the next."""
    hub = get_object_or_404(Hub.objects.for_user(request.user, "prepare").active(), pk=pk)
    page = Page(
        "Call an extra meeting",
        reverse("hubs:meetings"),
        caption=hub.name,
        button="Call the meeting",
        intro="Families who would wait past their day for a later meeting come onto its agenda by themselves.",
        said="The meeting is in the diary, and whoever runs the hub has been told.",
        about=ABOUT_NOBODY,
    )
    deed = partial(diary.call_extra, hub, by=request.user, now=timezone.now())
    return perform(request, forms.ExtraMeeting, deed, page=page, then=_to)


# --- before ------------------------------------------------------------------------------------------------------------


@require_POST
def gather(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "prepare")
    agenda.gather(now=timezone.now())
    messages.success(request, "The agenda is up to date.")  # how many came is no number for everybody (promise P4)
    return redirect(row)


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One item one place up or down."""
    row = _open(request, pk, "prepare")
    pressed = forms.Order(request.POST)
    if pressed.is_valid() and (wanted := pressed.cleaned_data["up"] or pressed.cleaned_data["down"]):
        item = get_object_or_404(AgendaItem.objects.for_user(request.user, "prepare"), pk=wanted, meeting=row)
        try:
            transitions.move(item, by=request.user, now=timezone.now(), up=bool(pressed.cleaned_data["up"]))
        except NotPossible as problem:
            messages.error(request, str(problem))
    return redirect(f"{row.get_absolute_url()}#agenda")


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands in the way is shown, and stops nobody: the chair knows why."""
    row = _open(request, pk, "prepare")
    waiting = [item for item in _items(request.user, row) if item.status in LIVE_ITEM]
    unclear = [item for item in waiting if item.agreement != "given"]
    page = _page(
        row,
        "Publish the papers",
        button="Publish",
        said="The papers are out. Every member has been told.",
        intro="Members can read these families from now until ten working days after the meeting. Later ones are marked late.",
        warning=f"{len(unclear)} of {len(waiting)} without a recorded agreement: see them on the agenda."
        if unclear
        else "",
    )
    deed = partial(transitions.publish, row, by=request.user, now=timezone.now())
    return perform(request, forms.Publish, deed, page=page, then=_to)


@require_http_methods(["GET", "POST"])
def add_late(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "prepare")
    page = _page(row, "Add a late family", button="Add to the agenda", said="Added to the agenda, marked as late.")

    def deed(item: AgendaItem, late_reason: str) -> Any:
        return transitions.schedule(item, by=request.user, now=timezone.now(), meeting=row, late_reason=late_reason)

    make = partial(forms.Late, items=_elsewhere(request.user, row.hub_id, row.starts_at))
    return perform(request, make, deed, page=page, then=lambda item: page.cancel_url)


# --- in session --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "chair")
    page = _page(
        row,
        "Start the meeting",
        button="Start",
        template="hubs/start.html",
        extra={"quorum": row.hub.quorum, "interest_url": f"{row.get_absolute_url()}interest/"},
    )
    deed = partial(transitions.start, row, by=request.user, now=timezone.now())
    return perform(
        request,
        partial(forms.Start, meeting=row, chair=request.user.pk),
        deed,
        page=page,
        then=lambda done: _first(request, done),
    )


@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "prepare")
    here = list(row.attendance.values_list("user", "name", "presence"))
    initial = {
        "present": [user for user, _, presence in here if presence == "present" and user],
        "apologies": [user for user, _, presence in here if presence == "apologies"],
        "others": "\n".join(name for _, name, _ in here if name),
    }
    page = _page(row, "Who is here", button="Save attendance", said="Attendance saved.")
    deed = partial(transitions.take_attendance, row, by=request.user, now=timezone.now())
    make_form = partial(forms.TakeAttendance, meeting=row, chair=row.chaired_by_id, initial=initial)
    return perform(request, make_form, deed, page=page, then=lambda done: _first(request, done))


@require_http_methods(["GET", "POST"])
def interest(request: SignedIn, pk: int) -> HttpResponse:
    """Anybody at the hub declares their own; the chair and the coordinator write down anybody's."""
    row = _open(request, pk)
    items = _items(request.user, row).filter(status__in=LIVE_ITEM)
    only = None if row.may_prepare else request.user
    page = _page(
        row,
        "Somebody knows a family" if only is None else "I know one of these families",
        button="Record it",
        said="Recorded. That person no longer sees this family here.",
        intro="Whoever knows a family otherwise neither hears nor decides about it: the hub’s sight of it is closed to them.",
    )

    def deed(user: Any, item: AgendaItem) -> Any:
        return agenda.declare(item.case, user=user, by=request.user, now=timezone.now(), meeting=row)

    make_form = partial(forms.Interest, meeting=row, items=items, only=only)
    return perform(request, make_form, deed, page=page, then=lambda conflict: page.cancel_url)


@require_http_methods(["GET", "POST"])
def close(request: SignedIn, pk: int) -> HttpResponse:
    row = _open(request, pk, "chair")
    undecided = list(_items(request.user, row).on_agenda())
    later = queries.next_meeting(row.hub, after=row)
    page = _page(
        row,
        "Close the meeting",
        button="Close the meeting",
        template="hubs/close.html",
        said="The meeting is closed and its minutes are written.",
        extra={"undecided": undecided, "later": later},
    )
    deed = partial(transitions.close, row, by=request.user, now=timezone.now())
    make_form = partial(forms.CloseMeeting, meeting=row, undecided=undecided, chair=request.user)
    return perform(request, make_form, deed, page=page, then=lambda done: f"{done.get_absolute_url()}minutes/")


# --- after -------------------------------------------------------------------------------------------------------------


@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Written by the decisions themselves: nothing is typed twice. Initials and case numbers, for paper travels."""
    row = _open(request, pk)
    if not row.is_over:
        raise Http404
    shown = {"meeting": row, **queries.minutes(row, request.user)}
    return render(request, "hubs/minutes.html", shown)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "chair")
    try:
        transitions.confirm_minutes(row, by=request.user, now=timezone.now())
        messages.success(request, "The minutes are confirmed.")
    except NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(f"{row.get_absolute_url()}minutes/")


def _page(row: HubMeeting, title: str, **kwargs: Any) -> Page:
    return Page(title, row.get_absolute_url(), caption=str(row), about=row.items.all(), **kwargs)


def _to(row: Any) -> str:
    return row.get_absolute_url()


def _first(request: HttpRequest, row: HubMeeting) -> str:
    """To the first family to be heard."""
    lines = queries.in_order(_items(request.user, row).on_agenda(), now=timezone.now())
    return lines[0].item.get_absolute_url() if lines else row.get_absolute_url()
