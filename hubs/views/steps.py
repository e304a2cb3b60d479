"""The lead professional's request page, to which a review links; and the request itself, for whoever has to look at it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.cases.enums import Status, Tier
from earlyhelp.cases.guards import Obstacle, obstacles_to_more
from earlyhelp.cases.models import Case
from earlyhelp.cases.queries import WITH_LEAD
from earlyhelp.core.composed import record
from earlyhelp.core.rights import rights
from earlyhelp.workflow.transitions import REGISTRY
from earlyhelp.workflow.views import Page, perform
from hubs import queries
from hubs.enums import UNDECIDED_STEP
from hubs.forms import steps as forms
from hubs.models import StepRequest
from hubs.services import steps

SHOWN = ("case__family", "case__area", "case__lead", "requested_by", "receiving", "checked_by", "new_lead")


@require_http_methods(["GET", "POST"])
def request_step(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, WITH_LEAD, action="lead", reference=reference)
    if row.status != Status.SUPPORTED and request.method == "GET":
        raise Http404
    page = Page(
        "Ask for a step up or down",
        row.get_absolute_url(),
        caption=f"{row.reference} {row.family}",
        button="Send to the hub",
        intro="The hub decides, and reads what you write here. You stay the lead professional until somebody else has accepted.",
        warning="If a child is not safe now, hand over to social care instead: it does not wait for the hub.",
        said="Sent. A request for more is looked at by EH Access first, within a working day. The hub decides within 20.",
        template="hubs/ask_for_step.html",
        extra=lambda: {"obstacles": _before_more(row)},
    )
    workers = queries.eligible(row).select_related("agency").order_by("last_name", "pk")
    deed = partial(steps.request_step, row, by=request.user, now=timezone.now())
    return perform(
        request,
        partial(forms.RequestStep, case=row, workers=workers),
        deed,
        page=page,
        then=lambda step: row.get_absolute_url(),
    )


def _before_more(row: Case) -> list[Obstacle]:
    """What is to be done before a step up is asked for, where there is one to ask for."""
    return obstacles_to_more(row) if row.tier is not None and row.tier < Tier.ENHANCED else []


@require_safe
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, with its evidence. Whoever is only named to lead next reads that they are, and nothing of the family."""
    row = _open(request, pk)
    moves = [(move.label, _move_url(row, move.name)) for move in forms.moves_of(row, request.user)]
    reads = row.may_view and row.is_up and row.status in UNDECIDED_STEP
    shown = {
        "step": row,
        "reads": row.may_view,
        "moves": moves,
        "not_yet": obstacles_to_more(row.case) if reads else [],
    }
    return render(request, "hubs/step.html", shown)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row = _open(request, pk)
    deed = REGISTRY[StepRequest].get(name)
    if name not in forms.MOVES or deed is None or not rights(request.user, row, {deed.rule}):
        raise Http404
    wording = forms.MOVES[name]
    page = Page(
        deed.label,
        row.get_absolute_url(),
        caption=f"{row.case.reference}, tier {row.from_tier} to {row.to_tier}",
        button=wording.button,
        intro=wording.intro,
        warning=wording.warning,
        said=wording.said,
    )
    return perform(
        request,
        partial(wording.form, step=row),
        partial(deed, row, by=request.user, now=timezone.now()),
        page=page,
        then=partial(_after, request),
    )


def _open(request: HttpRequest, pk: int) -> Any:
    """The request, and with it the case for whoever reads of it: both are written down as shown."""
    row = open_record(request, _STEPS, action="hear", pk=pk)
    if row.may_view:
        note_shown(request, row.case)
    return row


@record
def _STEPS(user: Any) -> Any:
    return StepRequest.objects.with_rights(user).select_related(*SHOWN)


def _after(request: HttpRequest, row: StepRequest) -> str:
    """Back to it; to one's own first page where the deed has ended one's sight of it."""
    mine = StepRequest.objects.for_user(request.user, "hear").filter(pk=row.pk).exists()
    return row.get_absolute_url() if mine else "/"


def _move_url(row: StepRequest, name: str) -> str:
    return reverse("hubs:step_move", args=[row.pk, name])
