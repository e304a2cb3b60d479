"""The meeting as it goes on: what members follow from their own seats, and what tells a recorder that somebody was quicker.

A page that follows asks every second whether anything has changed for its reader. Nothing has, most of the time: then
one query says so, and nothing is shown or written down.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core.composed import PlannedOnce, records
from earlyhelp.workflow.transitions import NotPossible
from hubs import queries, transitions
from hubs.forms.live import Seen
from hubs.models import AgendaItem, HubMeeting
from hubs.queries import following
from hubs.views.around import open_meeting
from hubs.views.items import left_of
from hubs.views.screen import screen

UNCHANGED = 204


@require_safe
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page; from then on its middle follows by itself, and without scripts by being opened again."""
    stand = following.stand_of(pk, request.user)
    row = open_meeting(request, pk)
    return render(request, "hubs/follow.html", _middle(request, row, stand) | screen(request))


@require_safe
def follow_now(request: HttpRequest, pk: int) -> HttpResponse:
    """The middle of that page, if anything has changed for this person since what they have before them."""
    stand = following.stand_of(pk, request.user)
    if not stand:
        raise Http404
    if Seen(request.GET).stand == stand:
        return HttpResponse(status=UNCHANGED)
    row = open_meeting(request, pk)
    return render(request, "hubs/_live.html", _middle(request, row, stand) | screen(request))


def _middle(request: HttpRequest, row: HubMeeting, stand: str) -> dict[str, Any]:
    """``stand`` was asked before anything is read: what changes meanwhile is shown by the next answer at the latest."""
    now = timezone.now()
    item = following.heard_now(row, request.user) if row.in_session else None
    here = queries.here_now(row, item.case_id if item else None)
    return {
        "meeting": row,
        "stand": stand,
        "left": [line.item for line in queries.in_order(left_of(request.user, meeting=row.pk), now=now)],
        "decided": following.last_decisions(row, request.user),
        "here": here,
        "missing": here.missing,
        "now": now,
        **(_heard(request, item) if item else {}),
    }


def _heard(request: HttpRequest, item: Any) -> dict[str, Any]:
    """The family being heard: written down as shown to each who follows, and told without what only the recorder needs."""
    note_shown(request, item.case)
    return {
        "item": item,
        "case": item.case,
        "household": queries.household(item.case),
        "given": item.given,
    }


@require_safe
def item_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Beside a decision being typed: whether somebody else has decided meanwhile, or the meeting has gone on."""
    item = next(iter(_BESIDE(request.user, pk=pk)), None)
    if item is None:
        raise Http404
    stand = following.stand_beside(item)
    if Seen(request.GET).stand == stand:
        return HttpResponse(status=UNCHANGED)
    last = item.decisions.select_related("by").order_by("-at", "-pk").first()
    return render(request, "hubs/_meanwhile.html", {"item": item, "last": last, "stand": stand})


@PlannedOnce
def _BESIDE(user: Any, pk: Any) -> Any:
    seen = AgendaItem.objects.for_user(user).filter(pk=pk).with_decision()
    return following.with_hearing(seen, user, Now())


@require_POST
def hear(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair calls a family out of turn."""
    row = open_record(request, records(AgendaItem, "meeting", "case"), action="decide", pk=pk)
    try:
        transitions.hear(row, by=request.user, now=timezone.now())
    except NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(row)
