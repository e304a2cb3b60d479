"""Copies for one recipient, and who in a family must not learn of whom (promise P3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.core.documents import printed
from earlyhelp.core.forms import Form
from earlyhelp.core.rights import rights
from earlyhelp.families.models import Family
from earlyhelp.families.views.around import FAMILIES, around
from earlyhelp.sharing import services, transitions
from earlyhelp.sharing.copying import Prepared, paper_of, prepare, preview_of
from earlyhelp.sharing.enums import CopyStatus
from earlyhelp.sharing.forms import ApproveCopy, BeginCopy, ChooseParts, EndConflict, RecordConflict, SendBackCopy
from earlyhelp.sharing.models import RecipientCopy
from earlyhelp.sharing.passages import DOCUMENTS
from earlyhelp.sharing.queries import people_here
from earlyhelp.workflow.services import last_step
from earlyhelp.workflow.transitions import REGISTRY, open_to
from earlyhelp.workflow.views import Page, perform

SHOWN = 50
SAID = {
    "choose": "Chosen. Whatever was approved before is void.",
    "ask": "Asked. Those who may approve it have been told.",
    "approve": "Approved. With any other content your approval is worth nothing.",
    "send_back": "Sent back. Whoever asked you has been told.",
    "make": "The copy is made, and stands in the ledger.",
    "drop": "It is not made.",
}


@require_safe
def copies(request: HttpRequest, reference: str) -> HttpResponse:
    """Those that were made or are being made, and who must not learn of whom: for those who keep the record."""
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    context = {
        "copies": row.copies.select_related("family", "made_by").order_by("-begun_at", "-pk")[:SHOWN],
        "conflicts": row.conflicts.filter(ended_at=None).select_related("one", "other", "recorded_by").order_by("pk"),
        "sharing_url": _sharing(row),
    }
    return render(request, "sharing/copies.html", around(row, "sharing:family") | context)


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    page = _page(row, "Make a copy for somebody", button="Go on", said="Look at what goes, and at what does not.")
    deed = partial(services.begin_copy, row, by=request.user, now=timezone.now())
    make = partial(BeginCopy, people=people_here(row))
    return perform(request, make, deed, page=page, then=RecipientCopy.get_absolute_url)


@require_safe
def copy(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Until it is made: part by part what goes, and why the rest does not; then as it was made."""
    row = _opened(request, reference, pk)
    made = row.status == CopyStatus.MADE
    prepared = None if made else prepare(row, now=timezone.now())
    context = {
        "copy": row,
        "document": DOCUMENTS[row.document].label,
        "prepared": prepared,
        "void": bool(prepared and row.approved_digest and row.approved_digest != prepared.digest),
        "asking": last_step(row, "ask", "choose", "send_back") if prepared else None,
        "paper": paper_of(row) if made else preview_of(row, prepared) if prepared else None,
        "moves": [(step.label, _move_url(row, step.name), step.name) for step in _moves(row, request.user, prepared)],
        "sharing_url": _sharing(row.family),
    }
    return render(request, "sharing/copy.html", context)


def _moves(row: RecipientCopy, user: Any, prepared: Prepared | None) -> list[Any]:
    """No button leads to a refusal: a second person is asked only where adults conflict, and before it is made there."""
    if prepared is None:
        return []
    approved = not prepared.in_conflict or row.approved_digest == prepared.digest
    sensible = {"ask": not approved, "make": approved and bool(prepared.goes)}
    return [step for step in open_to(user, row) if sensible.get(step.name, True)]


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, pk: int, name: str) -> HttpResponse:
    row = _opened(request, reference, pk)
    step = REGISTRY[RecipientCopy].get(name)
    if step is None or not rights(request.user, row, {step.rule}):
        raise Http404
    if request.method == "GET" and row.status not in step.sources:
        raise Http404
    now = timezone.now()
    page = Page(step.label, row.get_absolute_url(), caption=f"For {row.recipient}", button=step.label, said=SAID[name])
    if name == "approve":
        return _approve(request, row, page, now)
    make: Any = {"send_back": SendBackCopy}.get(name, Form)
    if name == "choose":
        make = partial(ChooseParts, **_parts(row, now))
    deed = partial(step, row, by=request.user, now=now)
    return perform(request, make, deed, page=page, then=RecipientCopy.get_absolute_url)


def _approve(request: HttpRequest, row: RecipientCopy, page: Page, now: datetime) -> HttpResponse:
    """What is read and what is approved are one: the digest stands in the form below the words of which it is."""
    prepared = prepare(row, now=now)
    page = replace(page, template="sharing/approve.html", extra={"paper": preview_of(row, prepared)})
    make = partial(ApproveCopy, initial={"digest": prepared.digest})
    deed = partial(transitions.approve, row, by=request.user, now=now)
    return perform(request, make, deed, page=page, then=RecipientCopy.get_absolute_url)


def _parts(row: RecipientCopy, now: datetime) -> dict[str, Any]:
    choices = prepare(row, now=now).choices
    return {"choices": choices, "initial": {"kept": [each.passage.key for each in choices if each.goes]}}


@require_safe
def paper(request: HttpRequest, reference: str, pk: int, kind: str) -> HttpResponse:
    """The copy as it was made, and nothing else: what the record says by now changes nothing in it."""
    row = _opened(request, reference, pk)
    if row.status != CopyStatus.MADE:
        raise Http404
    made = paper_of(row)
    if kind == "print":
        return render(request, "documents/paper.html", {"paper": made, "back_url": row.get_absolute_url()})
    return HttpResponse(
        printed(made),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="copy-{row.pk}.pdf"'},
    )


@require_http_methods(["GET", "POST"])
def record_conflict(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    page = _page(
        row, "Two who must not learn of each other", said="Written down. A second person approves each copy now."
    )
    deed = partial(services.record_conflict, row, by=request.user, now=timezone.now())
    make = partial(RecordConflict, people=people_here(row))
    return perform(request, make, deed, page=page, then=lambda made: page.cancel_url)


@require_http_methods(["GET", "POST"])
def end_conflict(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    conflict = get_object_or_404(row.conflicts.filter(ended_at=None), pk=pk)
    page = _page(row, "It is over", said="Written down.")
    deed = partial(services.end_conflict, conflict, by=request.user, now=timezone.now())
    return perform(request, EndConflict, deed, page=page, then=lambda ended: page.cancel_url)


def _opened(request: HttpRequest, reference: str, pk: int) -> Any:
    return open_record(request, _COPIES, pk=pk, family__reference=reference)


@record
def _COPIES(user: Any) -> Any:
    rows = RecipientCopy.objects.with_rights(user, "make", "approve")
    return rows.select_related("family__area", "person", "agency", "made_by", "approved_by")


def _move_url(row: RecipientCopy, name: str) -> str:
    return reverse("sharing:copy_move", args=[row.family.reference, row.pk, name])


def _sharing(row: Family) -> str:
    return reverse("sharing:family", args=[row.reference])


def _page(row: Family, title: str, *, button: str = "Save", said: str) -> Page:
    url = reverse("sharing:copies", args=[row.reference])
    return Page(title, url, caption=f"{row.reference} {row}", button=button, said=said)
