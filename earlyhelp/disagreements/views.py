"""Disagreements: recorded from the record they are about, settled on a page of their own."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.rights import may, rights
from earlyhelp.core.words import within
from earlyhelp.disagreements.enums import Stage
from earlyhelp.disagreements.forms import MOVES, Disagree, DisagreementFilter, WhatAbout, moves_of
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.disagreements.queries import DISAGREEMENTS, in_sight
from earlyhelp.disagreements.registry import find
from earlyhelp.disagreements.services import disagree
from earlyhelp.workflow.transitions import REGISTRY
from earlyhelp.workflow.views import Page, perform


@require_safe
def disagreements(request: HttpRequest) -> HttpResponse:
    filters = DisagreementFilter(request.GET)
    rows = in_sight(request.user, only_open=filters.cleaned()["show"] == "open")
    return render(request, "disagreements/list.html", {"page": filters.page_of(rows), "filters": filters})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """For anybody who may see the record; what is out of sight is as if it were not there."""
    matter = WhatAbout(request.GET).matter(request.user)
    if matter is None:
        raise Http404
    page = Page(
        "Record a disagreement",
        matter.url,
        caption=matter.reference,
        intro="Any professional may. First you speak to each other: that has two working days, as has each stage after it.",
        button="Record the disagreement",
        said="Recorded. Those who decided have been told. Speak to them now.",
        about=[matter.case, matter.family],
    )
    deed = partial(disagree, matter, by=request.user, now=timezone.now())
    return perform(request, partial(Disagree, matter=matter), deed, page=page, then=Disagreement.get_absolute_url)


@require_safe
def disagreement(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, DISAGREEMENTS, reference=reference)
    context = {
        "disagreement": row,
        "stages": row.stages.select_related("ended_by").order_by("stage"),
        "to_come": [stage.label for stage in Stage if stage > row.stage] if row.is_open else [],
        "moves": [(step.label, _move_url(row, step.name)) for step in moves_of(row, request.user)],
        "may_open": _opens(row, request.user),
    }
    return render(request, "disagreements/disagreement.html", context)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    row = open_record(request, DISAGREEMENTS, reference=reference)
    step = REGISTRY[Disagreement].get(name)
    if name not in MOVES or step is None or not rights(request.user, row, {step.rule}):
        raise Http404
    wording = MOVES[name]
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=f"{row.reference}, {within(row.state)}",
        button=wording.button,
        said=wording.said,
    )
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, wording.form, deed, page=page, then=Disagreement.get_absolute_url)


def _opens(row: Disagreement, user: Any) -> bool:
    """Whether the record it is about may be opened: being asked to settle it opens nothing of the family."""
    if row.record == str(row.case or ""):
        return row.case is not None and may(user, "view", row.case)
    return find(row.record, user) is not None


def _move_url(row: Disagreement, name: str) -> str:
    return reverse("disagreements:move", args=[row.reference, name])
