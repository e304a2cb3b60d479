"""Who they are to each other: said, changed, ended, and taken back where it was a mistake."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from earlyhelp.audit.views import open_record
from earlyhelp.families import queries, services
from earlyhelp.families.forms import ChangeRelationship, EnteredInError, Relate
from earlyhelp.families.views.around import FAMILIES, page_of
from earlyhelp.workflow.views import perform


@require_http_methods(["GET", "POST"])
def relate(request: HttpRequest, reference: str) -> HttpResponse:
    row = _kept(request, reference)
    page = page_of(row, "Say who they are to each other", said="Saved.")
    deed = partial(services.relate, by=request.user, now=timezone.now())
    return perform(request, partial(Relate, family=row), deed, page=page, then=lambda relationship: page.cancel_url)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """What they are to each other, whether they hold parental responsibility, and until when it was so."""
    row = _kept(request, reference)
    tie = get_object_or_404(queries.among(row), pk=pk)
    page = page_of(row, "Change a relationship", said="Saved.", intro=f"{tie.sentence}.")
    initial = {name: getattr(tie, name) for name in ("version", "kind", "parental_responsibility", "ended_on")}
    make = partial(ChangeRelationship, may_end=tie.may_end, initial=initial)
    deed = partial(services.change_relationship, tie, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=lambda changed: page.cancel_url)


@require_http_methods(["GET", "POST"])
def error(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    row = _kept(request, reference)
    tie = get_object_or_404(queries.among(row), pk=pk)
    page = page_of(
        row, "This was entered in error", said="Taken out. It is kept with your reason.", intro=f"{tie.sentence}."
    )
    deed = partial(services.entered_in_error, tie, by=request.user, now=timezone.now())
    return perform(request, EnteredInError, deed, page=page, then=lambda kept: page.cancel_url)


def _kept(request: HttpRequest, reference: str) -> Any:
    return open_record(request, FAMILIES, action="edit", reference=reference)
