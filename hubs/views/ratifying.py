"""A chair's action before the hub: opened while it sits, and ratified or not (domain.md 9.4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.core.requests import SignedIn
from earlyhelp.workflow.views import Page, perform
from hubs import queries, transitions
from hubs.forms.before import Ratify
from hubs.models import AgendaItem, HubMeeting
from hubs.transitions.sitting import NOT_HERE
from hubs.views.items import family_card
from hubs.views.screen import named, screen


@require_http_methods(["GET", "POST"])
def ratify(request: SignedIn, pk: int) -> HttpResponse:
    """The family, what was decided between two meetings and with whom; and the hub's answer."""
    row = _open(request, pk)
    sits = queries.session_of(row.hub_id)
    if request.method == "GET" and (why := _why_not(request, row, sits)):
        messages.info(request, why)
        return redirect(row)
    page = Page(
        "A chair’s action, to be ratified",
        sits.get_absolute_url() if sits else row.get_absolute_url(),
        caption=named(request, row.case),
        button="Write it down",
        said="Written down. It stands in the minutes.",
        template="hubs/ratify.html",
        extra=lambda: family_card(row) | screen(request) | _here(request, row, sits),
    )

    def deed(answer: str, reason: str) -> Any:
        said = {"reason": reason} if answer == "not_ratify" else {}
        return getattr(transitions, answer)(row, by=request.user, now=timezone.now(), **said)

    return perform(request, Ratify, deed, page=page, then=lambda done: page.cancel_url)


def _open(request: SignedIn, pk: int) -> Any:
    return open_record(request, _ITEMS, action="decide", beside=["case"], pk=pk)


@record
def _ITEMS(user: Any) -> Any:
    shown = ("case__family", "case__area", "case__lead", "hub__area", "meeting__hub", "wished_for", "wished_not")
    rows = AgendaItem.objects.with_rights(user).with_due().with_decision()
    return rows.select_related(*shown, "step__receiving", "step__checked_by")


def _why_not(request: SignedIn, row: AgendaItem, sits: HubMeeting | None) -> str:
    if not queries.waits_to_be_ratified(row.hub_id, request.user).filter(item=row).exists():
        return "A meeting has answered this chair’s action already, or there is none."
    if sits is None:
        return "The hub ratifies a chair’s action while it meets."
    return "" if queries.here_now(sits).has(request.user) else NOT_HERE


def _here(request: SignedIn, row: AgendaItem, sits: HubMeeting | None) -> dict[str, Any]:
    here = queries.here_now(sits, row.case_id, request.user) if sits else None
    return {"meeting": sits, "here": here, "missing": here.missing if here else 0}
