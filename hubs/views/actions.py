"""Who undertook what, by when."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from earlyhelp.core.composed import records
from earlyhelp.core.requests import SignedIn
from earlyhelp.partnership.models import Agency
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import Page, perform
from hubs import transitions
from hubs.access import RUNS
from hubs.enums import ActionStatus
from hubs.forms import actions as forms
from hubs.models import Blockage, Hub, HubAction
from hubs.services.actions import undertake
from hubs.services.chasing import chase_all
from hubs.views.around import heard_at, open_meeting


@require_safe
def actions(request: SignedIn) -> HttpResponse:
    """What the hubs one runs wait for, agency by agency, and what one owes oneself."""
    filters = _filters(request)
    rows = _chosen(request.user, filters)
    page: Any = filters.page_of(rows.by_agency().with_rights(request.user, "chase"))
    seen = page.object_list.with_named(request.user)
    page.object_list = seen.select_related("hub", "owner", "agency", "decision__case__family")
    shown = {"page": page, "filters": filters, "today": timezone.localdate(), "done": bool(filters.cleaned()["done"])}
    return render(request, "hubs/actions.html", shown)


def _filters(request: SignedIn) -> forms.ActionFilter:
    runs = request.user.scope.holds(*RUNS)
    hubs = Hub.objects.for_user(request.user, "prepare").active() if runs else None
    return forms.ActionFilter(request.GET, hubs=hubs)


def _chosen(user: Any, filters: forms.ActionFilter) -> Any:
    chosen = filters.cleaned()
    status = ActionStatus.DONE if chosen["done"] else ActionStatus.OPEN
    rows = HubAction.objects.for_user(user).filter(status=status)
    rows = rows.filter(owner=user) if chosen["mine"] else rows
    rows = rows.overdue(timezone.localdate()) if chosen["overdue"] else rows
    rows = rows.filter(hub=chosen["hub"]) if chosen.get("hub") else rows
    return rows.of_agency(chosen["agency"]) if chosen.get("agency") else rows


@require_POST
def chase(request: SignedIn) -> HttpResponse:
    """Ask the owners of one agency's overdue actions, of those that the filters show."""
    filters = _filters(request)
    agency = get_object_or_404(Agency, pk=_number(request.POST.get("agency")))
    mine = HubAction.objects.for_user(request.user, "chase").filter(pk__in=_chosen(request.user, filters).values("pk"))
    try:
        asked = chase_all(mine.of_agency(agency), by=request.user, now=timezone.now())
        messages.success(request, f"{asked} {'action' if asked == 1 else 'actions'} chased. The owners have been told.")
    except NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(f"{reverse('hubs:actions')}?{filters.query}")


def _number(typed: str | None) -> int:
    """What the button sends; nought, which is nobody's, for anything else."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    row = records(HubAction).one_or_404(request.user, "complete", pk=pk)
    try:
        transitions.complete(row, by=request.user, now=timezone.now())
        messages.success(request, "Marked as done.")
    except NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(_what_it_unblocks(request, row) or "hubs:actions")


def _what_it_unblocks(request: HttpRequest, row: HubAction) -> str:
    """Where whoever did it says whether that was enough, if it was to unblock a family that is blocked still."""
    carried = Blockage.objects.for_user(request.user, "carry").open().filter(pk=row.blockage_id)
    return reverse("hubs:blockage_move", args=[row.blockage_id, "resolve"]) if carried.exists() else ""


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """An action of the meeting itself, about no one family."""
    row = open_meeting(request, pk, "prepare")
    page = Page(
        "Add an action",
        row.get_absolute_url(),
        caption=str(row),
        button="Add the action",
        said="Added. Its owner has been told.",
        about=heard_at(row),
    )
    deed = partial(undertake, row.hub, now=timezone.now(), meeting=row)
    return perform(
        request, partial(forms.UndertakeAction, hub=row.hub), deed, page=page, then=lambda made: page.cancel_url
    )
