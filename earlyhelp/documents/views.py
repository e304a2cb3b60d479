"""A family's documents: put there, opened, corrected, entered in error; and the queue of what is held."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import records
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.documents import queries, services, storing, transitions
from earlyhelp.documents.forms import DECISIONS, AddDocument, ChangeDocument, WhyDecided, WithdrawDocument
from earlyhelp.documents.models import Document
from earlyhelp.families.models import Family
from earlyhelp.families.views.around import FAMILIES, around
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import REGISTRY
from earlyhelp.workflow.views import Page, perform

SAVED_ONLY = "default-src 'none'; sandbox"  # whatever a browser makes of it runs nothing and knows nobody


@require_safe
def of_family(request: SignedIn, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, reference=reference)
    found = {"documents": queries.documents_of(row, request.user), "may_add": row.may_edit}
    return render(request, "documents/of_family.html", around(row, "documents:of_family") | found)


@require_http_methods(["GET", "POST"])
def add(request: SignedIn, reference: str) -> HttpResponse:
    """The file is looked through later, by somebody else: whoever adds it does not wait."""
    family = open_record(request, records(Family, "area"), action="edit", reference=reference)
    page = Page(
        "Add a document",
        reverse("documents:of_family", args=[reference]),
        caption=f"{family.reference} {family}",
        intro="It is looked through before anybody can open it, which takes a minute or two. Where and when a picture was "
        "taken is removed from it.",
        button="Add it",
        said="Added. It is being checked, and can be opened in a minute or two.",
    )
    files = request.FILES if request.method == "POST" else None

    def make(typed: Any) -> AddDocument:
        return AddDocument(typed, files, family=family, by=request.user)

    deed = partial(services.add, family, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=Document.get_absolute_url)


@require_safe
def content(request: HttpRequest, pk: int) -> FileResponse:
    """Always saved and never shown: under our own name, as the type that we looked for, allowed nothing."""
    document = open_record(request, records(Document, "family"), action="open", pk=pk)
    response = FileResponse(
        storing.opened(document.blob),
        as_attachment=True,
        filename=document.file_name,
        content_type=document.content_type,
    )
    response["Content-Security-Policy"] = SAVED_ONLY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, pk: int) -> HttpResponse:
    document = open_record(request, records(Document, "family"), action="change", pk=pk)
    page = _page(document, "Change what is said of a document", said="Saved.")
    initial = {name: getattr(document, name) for name in ("version", "title", "kind", "visibility")}
    initial |= {"about": document.about.all(), "readers": document.readers.all()}
    make = partial(ChangeDocument, initial=initial, family=document.family, by=document.uploaded_by)
    deed = partial(services.change, document, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=Document.get_absolute_url)


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    document = open_record(request, records(Document, "family"), action="withdraw", pk=pk)
    page = _page(
        document,
        "This document was entered in error",
        button="Take it out of the record",
        danger=True,
        intro="Nobody who works with the family sees it any more. It is kept for the information governance lead, who can "
        "say who had seen it.",
        said="Taken out of the record.",
    )
    deed = partial(transitions.withdraw, document, by=request.user, now=timezone.now())
    return perform(request, WithdrawDocument, deed, page=page, then=Document.get_absolute_url)


# --- what is held ------------------------------------------------------------------------------------------------------


@require_safe
def held(request: SignedIn) -> HttpResponse:
    """For the governance lead: of which family, by its reference, how large and why. Never what it is called or holds."""
    if not request.user.scope.holds(Role.IG_LEAD):
        raise PermissionDenied
    filters = FilterForm(request.GET)
    page = filters.page_of(queries.held_for(request.user))
    withdrawn = queries.withdrawn_for(request.user)[:50]
    return render(request, "documents/held.html", {"page": page, "filters": filters, "withdrawn": withdrawn})


@require_http_methods(["GET", "POST"])
def decide(request: SignedIn, pk: int, name: str) -> HttpResponse:
    """It shows nothing of the document or the family: there is no read to write down."""
    rows = Document.objects.for_user(request.user, "govern").select_related("family")
    document = get_object_or_404(rows, pk=pk)
    step = REGISTRY[Document].get(name)
    if name not in DECISIONS or step is None or (request.method == "GET" and not _is_possible(document, name)):
        raise Http404
    button, danger, intro, said = DECISIONS[name]
    page = Page(
        f"{step.label}?",
        reverse("documents:held"),
        caption=document.family.reference,
        intro=intro,
        warning=document.held_because,
        button=button,
        danger=danger,
        said=said,
        about=document,
    )
    deed = partial(step, document, by=request.user, now=timezone.now())
    return perform(request, WhyDecided, deed, page=page, then=lambda document: page.cancel_url)


def _is_possible(document: Document, name: str) -> bool:
    return document.status in REGISTRY[Document][name].sources and not (name == "release" and document.held_for_good)


def _page(document: Document, title: str, **wording: Any) -> Page:
    return Page(title, document.get_absolute_url(), caption=document.title, **wording)
