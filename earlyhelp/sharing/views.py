"""A family's wishes and the ledger of what was told; the agreements between agencies; the privacy notice."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.documents import printed
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.families.models import Family, Person
from earlyhelp.families.views import around
from earlyhelp.sharing import queries, services
from earlyhelp.sharing.access import keeps_agreements
from earlyhelp.sharing.enums import SAY_COLOURS
from earlyhelp.sharing.forms import (
    EditActivity,
    EndAgreement,
    LedgerFilter,
    MayWe,
    RecordTold,
    RecordWish,
    WriteAgreement,
    as_it_stands,
)
from earlyhelp.sharing.models import ProcessingActivity, SharingAgreement
from earlyhelp.sharing.papers import told_paper
from earlyhelp.workflow.services import edit
from earlyhelp.workflow.views import Page, perform

FAMILIES = Family.objects.select_related("area")
SHOWN = 5  # of the ledger, on the family's own page: the ledger has them all

# --- a family ---------------------------------------------------------------------------------------------------------


@require_safe
def family(request: HttpRequest, reference: str) -> HttpResponse:
    row = _opened(request, reference)
    people = queries.current_people(row)
    context = {
        "wishes": queries.wishes_of(people, today=timezone.localdate()),
        "told": list(queries.ledger(row)[:SHOWN]),
        "sharing_url": _sharing(row),
    }
    return render(request, "sharing/family.html", around(row, "sharing") | context)


@require_safe
def may_we(request: HttpRequest, reference: str) -> HttpResponse:
    """«Would we be allowed to tell …?», answered in words. Asking tells nobody anything, and writes nothing down."""
    row = _opened(request, reference)
    form = MayWe(request.GET, people=_people(row))
    answer = queries.can_share(**form.asked, now=timezone.now()) if form.asked else None
    context = {"form": form, "answer": answer, "colour": SAY_COLOURS[answer.say] if answer else ""}
    return render(request, "sharing/may_we.html", around(row, "sharing") | context | {"sharing_url": _sharing(row)})


@require_safe
def ledger(request: HttpRequest, reference: str) -> HttpResponse:
    row = _opened(request, reference)
    filters = LedgerFilter(request.GET, people=_people(row))
    page = filters.page_of(queries.ledger(row, **filters.cleaned()))
    context = {"page": page, "filters": filters, "sharing_url": _sharing(row)}
    return render(request, "sharing/ledger.html", around(row, "sharing") | context)


@require_http_methods(["GET", "POST"])
def wish(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    page = _page(row, "Record what they said", said="Recorded, and in force. What was said before stays below it.")
    deed = partial(services.record_wish, by=request.user, now=timezone.now())
    return perform(
        request, partial(RecordWish, people=_people(row)), deed, page=page, then=lambda said: page.cancel_url
    )


@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    page = _page(row, "Record something that was told", said="Written down. Nobody can alter it.")
    deed = partial(services.disclose, family=row, by=request.user, now=timezone.now())
    return perform(request, partial(RecordTold, people=_people(row)), deed, page=page, then=lambda row: page.cancel_url)


@require_safe
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """For the person to keep. What the family was not told of, for somebody's safety, is not on it."""
    people = Person.objects.select_related("area")
    row = open_record(request, people, action="edit", purpose="Their list of what was shared", pk=pk)
    rows, left_out = queries.told_about(row)
    made = told_paper(row, rows, made_by=request.user, now=timezone.now())
    if kind == "print":
        context = {"paper": made, "back_url": row.get_absolute_url(), "left_out": left_out, "person": row}
        return render(request, "sharing/paper.html", context)
    return HttpResponse(
        printed(made),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="what-was-shared.pdf"'},
    )


def _opened(request: HttpRequest, reference: str) -> Any:
    """With what its reader may do to it: the family's own pages stand around these."""
    rows = Family.objects.with_rights(request.user, "edit", "log").select_related("area")
    return open_record(request, rows, reference=reference)


def _people(row: Family) -> Any:
    here = row.memberships.current().values("person")
    return Person.objects.filter(pk__in=here).order_by("born_on", "pk")


def _sharing(row: Family) -> str:
    return reverse("sharing:family", args=[row.reference])


def _page(row: Family, title: str, *, said: str) -> Page:
    return Page(title, _sharing(row), caption=f"{row.reference} {row}", said=said)


# --- agreements between agencies --------------------------------------------------------------------------------------


@require_safe
def agreements(request: SignedIn) -> HttpResponse:
    """What is in force, the next to be reviewed first; then what was before."""
    _refuse_others(request)
    filters = FilterForm(request.GET)
    rows = SharingAgreement.objects.for_user(request.user).select_related("next").prefetch_related("parties")
    page = filters.page_of(rows.order_by("next", "ended_at", "review_on", "pk"))
    context = {"page": page, "filters": filters, "today": timezone.localdate()}
    return render(request, "sharing/agreements.html", context)


@require_safe
def agreement(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(SharingAgreement.objects.for_user(request.user).select_related("next", "ended_by"), pk=pk)
    context = {
        "agreement": row,
        "parties": list(row.parties.all()),
        "in_force": row.ended_at is None and not hasattr(row, "next"),
        "today": timezone.localdate(),
    }
    return render(request, "sharing/agreement.html", context)


@require_http_methods(["GET", "POST"])
def sign(request: SignedIn) -> HttpResponse:
    _refuse_others(request)
    page = Page(
        "Write an agreement down",
        reverse("sharing:agreements"),
        said="Written down. People of its parties may sign in.",
    )
    deed = partial(services.sign, by=request.user, now=timezone.now())
    return perform(request, WriteAgreement, deed, page=page, then=SharingAgreement.get_absolute_url)


@require_http_methods(["GET", "POST"])
def amend(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(SharingAgreement.objects.for_user(request.user, "keep").in_force(), pk=pk)
    page = Page(
        "Write a new version",
        row.get_absolute_url(),
        caption=str(row),
        button="Put the new version in force",
        said="The new version is in force. The one before stays as it was.",
    )
    deed = partial(services.amend, row, by=request.user, now=timezone.now())
    make = partial(WriteAgreement, initial=as_it_stands(row))
    return perform(request, make, deed, page=page, then=SharingAgreement.get_absolute_url)


@require_http_methods(["GET", "POST"])
def end(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(SharingAgreement.objects.for_user(request.user, "keep").in_force(), pk=pk)
    page = Page(
        "End this agreement",
        row.get_absolute_url(),
        caption=str(row),
        warning="People of its parties who have no other live agreement are signed out at once.",
        button="End the agreement",
        danger=True,
        said="It has ended.",
    )
    deed = partial(services.end_agreement, row, by=request.user, now=timezone.now())
    return perform(request, EndAgreement, deed, page=page, then=SharingAgreement.get_absolute_url)


def _refuse_others(request: SignedIn) -> None:
    if not keeps_agreements(request.user):
        raise PermissionDenied


# --- the privacy notice -----------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """For everybody: why the authority may hold what it knows."""
    user: Any = request.user
    may_change = user.is_authenticated and keeps_agreements(user)
    activities = ProcessingActivity.objects.all()
    return render(request, "sharing/privacy.html", {"activities": activities, "may_change": may_change})


@require_http_methods(["GET", "POST"])
def edit_activity(request: SignedIn, pk: int) -> HttpResponse:
    if not keeps_agreements(request.user):
        raise Http404
    row = get_object_or_404(ProcessingActivity, pk=pk)
    page = Page("Change the privacy notice", reverse("sharing:privacy"), said="Changed, for everybody who reads it.")
    initial = {name: getattr(row, name) for name in EditActivity.base_fields}
    deed = partial(edit, row, by=request.user, now=timezone.now())
    return perform(request, partial(EditActivity, initial=initial), deed, page=page, then=lambda row: page.cancel_url)
