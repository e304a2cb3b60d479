"""Blockages: raised from a case, carried on a page of their own, listed for the hub and the managers."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.cases.panels import what_is_under_way
from earlyhelp.cases.queries import WITH_LEAD
from earlyhelp.core.composed import record
from earlyhelp.core.rights import may, rights
from earlyhelp.core.words import within
from earlyhelp.workflow.transitions import REGISTRY
from earlyhelp.workflow.views import Page, perform
from hubs.forms.blockages import MOVES, BlockageFilter, RaiseBlockage, moves_of
from hubs.models import Blockage
from hubs.queries.blockages import SHOWN, trail
from hubs.services.blockages import raise_blockage


@require_safe
def blockages(request: HttpRequest) -> HttpResponse:
    """Those of the cases that one may list; what they are about is read by those alone who may read the case."""
    filters = BlockageFilter(request.GET)
    rows = Blockage.objects.for_user(request.user, "list").with_rights(request.user, "view", "hear").with_due()
    rows = filters.narrow(rows, request.user).select_related(*SHOWN).soonest_first()
    return render(request, "hubs/blockages/list.html", {"page": filters.page_of(rows), "filters": filters})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, reference: str) -> HttpResponse:
    """For whoever works with the family."""
    row = open_record(request, WITH_LEAD, action="team", reference=reference)
    if not row.is_led and request.method == "GET":
        raise Http404
    page = Page(
        "Raise a blockage",
        f"{row.get_absolute_url()}blockages/",
        caption=f"{row.reference} {row.family}",
        intro="For what stops the plan and is in nobody’s hands here. Whoever is named unpicks it, or the hub hears it.",
        warning="If a child is not safe now, hand over to social care instead: it does not wait for this.",
        button="Raise the blockage",
        said="Raised. Say who unpicks it, and by when.",
    )
    deed = partial(raise_blockage, row, by=request.user, now=timezone.now())
    make_form = partial(RaiseBlockage, case=row, under_way=what_is_under_way(row))
    return perform(request, make_form, deed, page=page, then=Blockage.get_absolute_url)


@require_safe
def blockage(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk)
    context = {
        "blockage": row,
        "reads": row.may_view,
        "opens": _opens(row, request.user),
        "events": trail(row) if row.may_view else [],
        "gaps": list(row.gaps.all()) if row.may_view else [],
        "actions": list(row.hub_actions.select_related("owner", "agency")) if row.may_view else [],
        "moves": [(step.label, _move_url(row, step.name)) for step in moves_of(row, request.user)],
    }
    return render(request, "hubs/blockages/blockage.html", context)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row = _open(request, pk)
    step = REGISTRY[Blockage].get(name)
    if name not in MOVES or step is None or not rights(request.user, row, {step.rule}):
        raise Http404
    wording = MOVES[name]
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=f"{row.case.reference}, {within(row.state)}",
        button=wording.button,
        said=wording.said,
    )
    deed = partial(step, row, by=request.user, now=timezone.now())
    make_form = partial(wording.form, blockage=row)
    return perform(request, make_form, deed, page=page, then=partial(_after, request))


def _open(request: HttpRequest, pk: int) -> Any:
    """The blockage, and with it the case for whoever reads of it: both are written down as shown."""
    row = open_record(request, _BLOCKAGES, action="hear", pk=pk)
    if row.may_view:
        note_shown(request, row.case)
    return row


@record
def _BLOCKAGES(user: Any) -> Any:
    return Blockage.objects.with_rights(user).with_due().select_related(*SHOWN)


def _opens(row: Blockage, user: Any) -> bool:
    """Whether the case may be opened: being asked to unpick a blockage opens nothing of the family."""
    return may(user, "view", row.case)


def _after(request: HttpRequest, row: Blockage) -> str:
    """Back to it; to the list where the deed has ended one's own sight of it."""
    mine = Blockage.objects.for_user(request.user, "hear").filter(pk=row.pk).exists()
    return row.get_absolute_url() if mine else reverse("hubs:blockages")


def _move_url(row: Blockage, name: str) -> str:
    return reverse("hubs:blockage_move", args=[row.pk, name])
