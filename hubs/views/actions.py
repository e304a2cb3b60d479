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

from earlyhelp.audit.views import open_record
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import Page, perform
from hubs import transitions
from hubs.enums import ActionStatus
from hubs.forms import actions as forms
from hubs.models import Blockage, HubAction, HubMeeting
from hubs.services.actions import undertake


@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """What the hubs one runs wait for, and what one owes oneself."""
    filters = forms.ActionFilter(request.GET)
    chosen = filters.cleaned()
    rows = HubAction.objects.for_user(request.user).filter(
        status=ActionStatus.DONE if chosen["done"] else ActionStatus.OPEN
    )
    rows = rows.filter(owner=request.user) if chosen["mine"] else rows
    page: Any = filters.page_of(rows.order_by("due_on", "pk"))
    seen = page.object_list.with_named(request.user)
    page.object_list = seen.select_related("hub", "owner", "agency", "decision__case__family")
    shown = {"page": page, "filters": filters, "today": timezone.localdate(), "done": bool(chosen["done"])}
    return render(request, "hubs/actions.html", shown)


@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(HubAction.objects.for_user(request.user, "complete"), pk=pk)
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
    rows: Any = HubMeeting.objects.with_rights(request.user).select_related("hub__area")
    row = open_record(request, rows, action="prepare", pk=pk)
    page = Page(
        "Add an action",
        row.get_absolute_url(),
        caption=str(row),
        button="Add the action",
        said="Added. Its owner has been told.",
        about=row.items.all(),
    )
    deed = partial(undertake, row.hub, now=timezone.now(), meeting=row)
    return perform(
        request, partial(forms.UndertakeAction, hub=row.hub), deed, page=page, then=lambda made: page.cancel_url
    )
