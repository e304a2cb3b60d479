"""A whole agenda shared out at once: proposed, explained, and taken over family by family into the ordinary decision."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from earlyhelp.audit.views import note_shown
from earlyhelp.cases import workload
from earlyhelp.core.requests import SignedIn
from hubs.balance.problem import SECONDS
from hubs.balance.sharing_out import COSTS, Proposal, share_out
from hubs.forms.recommended import said_of
from hubs.models import AgendaItem, HubMeeting
from hubs.queries import Asked, in_order, is_here
from hubs.views.around import open_meeting


@require_safe
def balance(request: SignedIn, pk: int) -> HttpResponse:
    """Reckoned anew each time from what stands in the record now: what was decided meanwhile is on offer to somebody already."""
    meeting = open_meeting(request, pk, "prepare")
    if meeting.is_over:
        raise Http404
    now = timezone.now()
    lines = [line.item for line in in_order(_undecided(request.user, meeting), now=now)]
    items = [item for item in lines if item.needs_lead]
    note_shown(request, *(item.case for item in items))
    shared = share_out([_asked(item) for item in items], now=now)
    shown = {
        "meeting": meeting,
        "rows": list(zip(items, shared.proposals, strict=True)),
        "people": _by_person(shared.proposals),
        "shared": shared,
        "others": len(lines) - len(items),
        "seconds": round(SECONDS),
        "formula": workload.WORDS,
        "costs": COSTS,
        "said_of": said_of,
        "back_url": meeting.get_absolute_url(),
        "back_label": str(meeting),
    }
    return render(request, "hubs/balance.html", shown)


def _undecided(user: Any, meeting: HubMeeting) -> Any:
    seen = AgendaItem.objects.for_user(user, "prepare").filter(meeting=meeting).on_agenda().with_rights(user, "decide")
    seen = seen.annotate(is_here=is_here(user))
    related = ("case__family", "case__area", "case__lead", "step__receiving")
    return seen.with_due().with_births().select_related(*related)


def _asked(item: AgendaItem) -> Asked:
    return Asked(item.case, item.asked_tier, liked=item.wished_for_id, avoided=item.wished_not_id)


def _by_person(proposals: list[Proposal]) -> list[tuple[Any, int, int, int]]:
    """Of each who is proposed for anything: how full now, how full then, for how many families. The fullest first."""
    found: dict[int, list[Proposal]] = {}
    for each in proposals:
        if each.candidate:
            found.setdefault(each.candidate.worker.pk, []).append(each)
    rows = [
        (mine[0].candidate, mine[0].candidate.percent, mine[0].percent, len(mine))
        for mine in found.values()
        if mine[0].candidate
    ]
    return sorted(rows, key=lambda row: (-row[2], row[0].worker.pk))
