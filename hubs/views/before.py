"""Before a meeting: its day, its agenda and the order of it, who sits for whom, and the papers going out (screens.md A1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from earlyhelp.audit.models import Event
from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core.composed import records
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import Page, perform
from hubs import queries, transitions
from hubs.access import RUNS
from hubs.enums import TO_COME, MeetingStatus
from hubs.forms import before as forms
from hubs.models import AgendaItem, Hub, HubMeeting
from hubs.queries.readiness import in_sight, out_of_sight, stops, to_publish, weighed
from hubs.services import agenda, diary
from hubs.services.papers import said_of
from hubs.views.around import items_of, meeting_page, open_meeting
from hubs.views.screen import discreet, named

# --- its day -----------------------------------------------------------------------------------------------------------


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


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day, another hour, or another place."""
    row = open_meeting(request, pk, "prepare")
    told = "Everybody who has had the papers hears of it." if row.published_at else "Whoever runs the hub hears of it."
    page = meeting_page(row, "Move this meeting", button="Move it", intro=told, said="The meeting has moved.")
    initial = {"starts_at": row.starts_at, "place": row.place, "remote": row.remote}
    deed = partial(transitions.reschedule, row, by=request.user, now=timezone.now())
    return perform(request, partial(forms.Move, initial=initial), deed, page=page, then=_to)


@require_http_methods(["GET", "POST"])
def stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody cannot come, and a colleague sits for them this once."""
    row = open_meeting(request, pk, "prepare")
    page = meeting_page(
        row,
        "Somebody sits for another",
        intro="Whoever sits for them reads the papers of this meeting alone, once they are out.",
        said="Written down. They have been told.",
    )
    deed = partial(transitions.name_stand_in, row, by=request.user, now=timezone.now())
    return perform(request, partial(forms.SitsFor, meeting=row), deed, page=page, then=_to)


# --- its agenda --------------------------------------------------------------------------------------------------------


@require_POST
def gather(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_meeting(request, pk, "prepare")
    agenda.gather(now=timezone.now())
    messages.success(request, "The agenda is up to date.")  # how many came is no number for everybody (promise P4)
    return redirect(row)


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One family one place up or down."""
    row = open_meeting(request, pk, "prepare")
    pressed = forms.Order(request.POST)
    if not (pressed.is_valid() and (wanted := pressed.cleaned_data["up"] or pressed.cleaned_data["down"])):
        return redirect(f"{row.get_absolute_url()}#agenda")
    item = records(AgendaItem).one_or_404(request.user, "prepare", pk=wanted, meeting=row)
    try:
        transitions.move(item, by=request.user, now=timezone.now(), up=bool(pressed.cleaned_data["up"]))
    except NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(f"{row.get_absolute_url()}#move-{item.pk}")  # where the keyboard was


@require_safe
def moves(request: HttpRequest, pk: int) -> HttpResponse:
    """Who moved which family from where to where."""
    row = open_meeting(request, pk, "prepare")
    return render(request, "hubs/order.html", {"meeting": row, "moves": _moves(request.user, row)})


def _moves(user: Any, row: HubMeeting) -> list[dict[str, Any]]:
    """Every move on this agenda, the last first."""
    items = {item.pk: item for item in items_of(user, row)}
    moved = Event.objects.filter(kind="hubs.agendaitem.move", subject="hubs.agendaitem", subject_id__in=list(items))
    return [
        {"item": items[event.subject_id], "who": event.actor, "at": event.at, **event.facts}
        for event in moved.select_related("actor").order_by("-at", "-pk")
    ]


@require_POST
def restore_order(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_meeting(request, pk, "prepare")
    return _at_once(request, row, transitions.restore_order, "The agenda is in the suggested order again.")


@require_POST
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who owes an answer about a family on this agenda."""
    row = open_meeting(request, pk, "prepare")
    said = "Asked. Every agency that owes an answer has been reminded."
    return _at_once(request, row, transitions.ask_agencies_again, said)


def _at_once(request: HttpRequest, row: HubMeeting, deed: Any, said: str) -> HttpResponse:
    try:
        deed(row, by=request.user, now=timezone.now())
        messages.success(request, said)
    except NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(f"{row.get_absolute_url()}#agenda")


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A family that waits for this hub, found by its name or number; once the papers are closed, late and with a reason."""
    row = open_meeting(request, pk, "prepare")
    now = timezone.now()
    late = now > row.papers_close_at or row.status not in TO_COME
    search = forms.Search(request.GET)
    waiting = agenda.waiting_elsewhere(request.user, hub=row.hub_id, starts_at=row.starts_at)
    found = search.matching(waiting)
    page = meeting_page(
        row,
        "Add a late family" if late else "Add a family",
        button="Add to the agenda",
        template="hubs/add.html",
        said="Added to the agenda, marked as late." if late else "Added to the agenda.",
        extra={"search": search, "meeting": row, "late": late, "none_found": not found.exists()},
    )

    def deed(item: AgendaItem, **said: Any) -> Any:
        return transitions.schedule(item, by=request.user, now=now, meeting=row, **said)

    make = partial(
        forms.Late,
        items=found if request.method == "GET" else waiting,
        late=late,
        chairs=None if row.may_chair else queries.runners_of(row.hub, Role.HUB_CHAIR),
        discreet=discreet(request),
    )
    return perform(request, make, deed, page=page, then=lambda item: page.cancel_url)


@require_http_methods(["GET", "POST"])
def leave_for_later(request: HttpRequest, pk: int) -> HttpResponse:
    """Not at this meeting: the next one hears them."""
    row = _open_item(request, pk, "prepare")
    page = _item_page(
        request,
        row,
        "Leave for the next meeting",
        button="Leave for the next meeting",
        said="Left for the next meeting.",
    )
    deed = partial(transitions.leave_for_later, row, by=request.user, now=timezone.now())
    return perform(request, forms.LeaveForLater, deed, page=page, then=lambda done: page.cancel_url)


@require_http_methods(["GET", "POST"])
def without_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """What allows the hub to hear of a family that has not said yes."""
    row = _open_item(request, pk, "decide")
    page = _item_page(
        request,
        row,
        "Hear them without their agreement",
        intro="Nobody of this family has agreed to early help. Say what allows the hub to hear of them all the same.",
        said="Written down. It stands in the papers.",
    )
    deed = partial(transitions.hear_without_agreement, row, by=request.user, now=timezone.now())
    return perform(request, forms.WithoutAgreement, deed, page=page, then=lambda done: page.cancel_url)


def _open_item(request: HttpRequest, pk: int, action: str) -> Any:
    rows = records(AgendaItem, "case__family", "meeting__hub", "hub")
    return open_record(request, rows, action=action, beside=["case"], pk=pk)


def _item_page(request: HttpRequest, row: Any, title: str, **kwargs: Any) -> Page:
    user: Any = request.user
    runs = row.hub.area_id in user.scope.areas(*RUNS)  # whoever hears it in their place may not read the agenda
    back = row.meeting.get_absolute_url() if row.meeting and runs else row.get_absolute_url()
    return Page(title, back, caption=named(request, row.case), **kwargs)


# --- the papers go out -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands in the way is listed: some of it bars, the rest the papers may go out despite, with a reason."""
    row = open_meeting(request, pk, "prepare")
    if row.status != MeetingStatus.DRAFT and request.method == "GET":
        messages.info(request, "The papers of this meeting are out already.")
        return redirect(row)
    now = timezone.now()
    heard = {item.pk for item in queries.undecided_of(row, request.user)}
    found = _in_the_way(request, row, heard, now) if row.status == MeetingStatus.DRAFT else []
    told = in_sight(found, heard)
    barred = any(stop.bars for stop in found)
    to_ratify = queries.waits_to_be_ratified(row.hub_id, request.user).count() if not heard else 0
    empty = row.status == MeetingStatus.DRAFT and not heard and not to_ratify
    page = meeting_page(
        row,
        "Publish the papers",
        button="Check again and publish" if barred or empty else "Publish",
        template="hubs/publish.html",
        said="The papers are out. Every member has been told.",
        intro="Members read what stands in them now, until ten working days after the meeting. Later changes are shown as such.",
        extra={
            "stops": weighed(told),
            "to_ask": [stop for stop in told if stop.to_ask],
            "unheard": out_of_sight(found, heard),
            "barred": barred,
            "empty": empty,
            "only_to_ratify": to_ratify,
            "pack_url": reverse("hubs:pack", args=[row.pk]),
        },
    )
    deed = partial(transitions.publish, row, by=request.user, now=now)
    make = partial(forms.Publish, despite=bool(weighed(found)) and not barred)
    return perform(request, make, deed, page=page, then=_to)


def _in_the_way(request: HttpRequest, row: HubMeeting, heard: set[int], now: Any) -> list[Any]:
    """Of every family, for what stops one of which its publisher may not hear stops them too."""
    items = to_publish(row)
    note_shown(request, *(item.case for item in items if item.pk in heard))
    return stops(items, said_of(items, row, now=now))


def _to(row: Any) -> str:
    return row.get_absolute_url()
