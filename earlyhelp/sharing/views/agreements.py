"""The agreements between agencies, for the governance lead; and the privacy notice, for everybody."""

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

from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.sharing import services
from earlyhelp.sharing.access import keeps_agreements
from earlyhelp.sharing.forms import EditActivity, EndAgreement, ReviewAgreement, WriteAgreement, as_it_stands
from earlyhelp.sharing.models import ProcessingActivity, SharingAgreement
from earlyhelp.sharing.queries import reviews_of
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.services import edit
from earlyhelp.workflow.views import Page, perform

SHOWN = 20  # times that it was looked at

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
        "reviews": reviews_of(row)[:SHOWN],
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
        about=ABOUT_NOBODY,
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
        about=row,
    )
    deed = partial(services.amend, row, by=request.user, now=timezone.now())
    make = partial(WriteAgreement, initial=as_it_stands(row))
    return perform(request, make, deed, page=page, then=SharingAgreement.get_absolute_url)


@require_http_methods(["GET", "POST"])
def review(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(SharingAgreement.objects.for_user(request.user, "keep").in_force(), pk=pk)
    page = Page(
        "It was looked at",
        row.get_absolute_url(),
        caption=str(row),
        intro="If it stays as it is, say so here. If anything in it changes, write a new version instead.",
        said="Written down.",
        about=row,
    )
    deed = partial(services.review_agreement, row, by=request.user, now=timezone.now())
    return perform(request, ReviewAgreement, deed, page=page, then=SharingAgreement.get_absolute_url)


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
        about=row,
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
    page = Page(
        "Change the privacy notice", reverse("sharing:privacy"), said="Changed, for everybody who reads it.", about=row
    )
    initial = {name: getattr(row, name) for name in EditActivity.base_fields}
    deed = partial(edit, row, by=request.user, now=timezone.now())
    return perform(request, partial(EditActivity, initial=initial), deed, page=page, then=lambda row: page.cancel_url)
