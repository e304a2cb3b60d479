"""What people carry, for whoever manages them. No family is named on any of these pages."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.cases import workload
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.partnership.enums import Skill
from earlyhelp.partnership.models import Leave, User
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import Page, perform
from earlyhelp.workforce import forms, queries, services
from earlyhelp.workforce.access import reads_workload

shows_or_does = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def people(request: SignedIn) -> HttpResponse:
    """Everybody in sight who takes families, the fullest first, and their agencies together."""
    if not reads_workload(request.user):
        raise Http404
    found = queries.carrying(request.user, now=timezone.now())
    filters = FilterForm(request.GET)
    shown = {
        "page": filters.page_of(found),
        "filters": filters,
        "agencies": queries.by_agency(found),
        "formula": workload.WORDS,
    }
    return render(request, "workforce/people.html", shown)


@require_safe
def person(request: SignedIn, pk: int) -> HttpResponse:
    row = _open(request, pk)
    [carrying] = queries.described([row], now=timezone.now())
    shown = {
        "each": carrying,
        "worker": row,
        "offers": queries.offers_to_decline(row, request.user),
        "skills": [Skill(each).label for each in row.skills],
        "manages": queries.workers().for_user(request.user, "manage").filter(pk=row.pk).exists(),
        "formula": workload.WORDS,
        "full_time": workload.FULL_TIME,
        "back_url": reverse("workforce:people"),
        "back_label": "Workload",
    }
    return render(request, "workforce/person.html", shown)


@shows_or_does
def capacity(request: SignedIn, pk: int) -> HttpResponse:
    row = _open(request, pk, "manage")
    page = _page(row, "Hours, limit, languages and skills", said="Saved.")
    deed = partial(services.set_capacity, row, by=request.user, now=timezone.now())
    return perform(request, partial(forms.Capacity, worker=row), deed, page=page, then=_to)


@shows_or_does
def leave(request: SignedIn, pk: int) -> HttpResponse:
    row = _open(request, pk, "manage")
    intro = "Only the days: why is nobody’s business here. Whoever sees and hears for them meanwhile is named as their cover."
    page = _page(
        row, "Plan leave", intro=intro, said="The leave is planned. Name somebody who covers, if nobody does yet."
    )
    deed = partial(services.plan_leave, row, by=request.user, now=timezone.now())
    return perform(request, forms.PlanLeave, deed, page=page, then=lambda made: _to(row))


@require_POST
def take_back_leave(request: SignedIn, pk: int, leave: int) -> HttpResponse:
    row = _open(request, pk, "manage")
    planned = get_object_or_404(Leave.objects.standing().select_related("person"), pk=leave, person=row)
    try:
        services.take_back_leave(planned, by=request.user, now=timezone.now())
        messages.success(request, "The leave is taken back.")
    except NotPossible as problem:
        messages.warning(request, str(problem))
    return redirect(_to(row))


def _open(request: SignedIn, pk: int, action: str = "view") -> Any:
    return open_record(request, queries.workers().select_related("agency", "team"), action=action, pk=pk)


def _page(row: User, title: str, **kwargs: Any) -> Page:
    return Page(title, _to(row), caption=str(row), **kwargs)


def _to(row: User) -> str:
    return reverse("workforce:person", args=[row.pk])
