"""The directory is kept by First Contact and the administrators; whoever finds a fault tells them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from earlyhelp.core.requests import SignedIn
from earlyhelp.directory.access import keeps_directory
from earlyhelp.directory.forms.service import MOVES, SETTLES, AddService, EditService, Propose
from earlyhelp.directory.models import Service, ServiceCorrection
from earlyhelp.directory.queries import under_way
from earlyhelp.directory.services import keeping
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.transitions import REGISTRY
from earlyhelp.workflow.views import Page, perform

HAPPENED = {  # of each deed, in words that say it has happened
    "add": "Written down",
    "edit": "Changed",
    "say_checked": "Checked: all of it was right",
    "withdraw": "Withdrawn",
    "bring_back": "Brought back",
}


@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    if not keeps_directory(request.user):
        raise PermissionDenied
    page = Page(
        "Add a service",
        reverse("directory:services"),
        intro="Ring it first: whoever reads this relies on it. It counts as checked today.",
        said="Added. Whoever looks for help finds it from now on.",
        about=ABOUT_NOBODY,
    )
    deed = partial(keeping.add_service, by=request.user, now=timezone.now())
    return perform(request, AddService, deed, page=page, then=Service.get_absolute_url)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    row = _kept(request, pk)
    page = Page(f"Change {row.name}", row.get_absolute_url(), caption=str(row.organisation), said="Saved.", about=row)
    deed = partial(keeping.edit_service, row, by=request.user, now=timezone.now())
    make = partial(EditService, initial=EditService.of(row))
    return perform(request, make, deed, page=page, then=Service.get_absolute_url)


@require_http_methods(["GET", "POST"])
def move(request: SignedIn, pk: int, name: str) -> HttpResponse:
    row = _kept(request, pk)
    step, wording = REGISTRY[Service].get(name), MOVES.get(name)
    if step is None or wording is None:
        raise Http404
    if request.method == "GET" and row.status not in step.sources:
        return redirect(row)
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=str(row),
        intro=wording.intro,
        warning=_under_way(row) if name == "withdraw" else "",
        button=wording.button,
        danger=wording.danger,
        said=wording.said,
        about=row,
    )
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, wording.form, deed, page=page, then=Service.get_absolute_url)


def _under_way(row: Service) -> str:
    count = under_way(row)
    return f"Referrals to it that are under way: {count}. They stay, and it goes on answering them." if count else ""


@require_http_methods(["GET", "POST"])
def correct(request: SignedIn, pk: int) -> HttpResponse:
    """For anybody signed in: whoever rang, and the service’s own people."""
    row = get_object_or_404(Service.objects.for_user(request.user).select_related("organisation"), pk=pk)
    page = Page(
        "Something is wrong here",
        row.get_absolute_url(),
        caption=str(row),
        button="Tell those who keep the directory",
        said="Thank you. They have been told, and answer you.",
        about=row,
    )
    deed = partial(keeping.propose_correction, row, by=request.user, now=timezone.now())
    return perform(request, Propose, deed, page=page, then=ServiceCorrection.get_absolute_url)


@require_http_methods(["GET", "POST"])
def settle(request: SignedIn, pk: int, name: str) -> HttpResponse:
    rows = ServiceCorrection.objects.for_user(request.user, "keep").select_related("service")
    row = get_object_or_404(rows, pk=pk)
    step, wording = REGISTRY[ServiceCorrection].get(name), SETTLES.get(name)
    if step is None or wording is None:
        raise Http404
    if request.method == "GET" and row.status not in step.sources:
        return redirect(row)
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=str(row.service),
        intro=row.text,
        button=wording.button,
        said=wording.said,
        about=row,
    )
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, wording.form, deed, page=page, then=ServiceCorrection.get_absolute_url)


def _kept(request: SignedIn, pk: int) -> Service:
    """There is nobody in it: nobody need write down that they looked."""
    rows = Service.objects.for_user(request.user, "keep").select_related("organisation").prefetch_related("areas")
    return get_object_or_404(rows, pk=pk)


# --- what the page of a service offers and tells ------------------------------------------------------------------------


def keeping_links(row: Service) -> list[tuple[str, str]]:
    """What may be done with it now, besides saying that it is right."""
    edit_url = [("Change it", reverse("directory:service_edit", args=[row.pk]))]
    steps = [step for name, step in REGISTRY[Service].items() if name in MOVES and name != "say_checked"]
    possible = [step for step in steps if row.status in step.sources]
    return edit_url + [(step.label, reverse("directory:service_move", args=[row.pk, step.name])) for step in possible]


def happened(events: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": HAPPENED.get(event.kind.rpartition(".")[2], "Changed"),
            "who": event.actor or "Early Help",
            "at": event.at,
            "text": event.reason,
        }
        for event in events
    ]
