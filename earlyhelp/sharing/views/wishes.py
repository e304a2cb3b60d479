"""A family’s wishes, and the ledger of what was told."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import records
from earlyhelp.core.documents import printed
from earlyhelp.families.models import Family, Person
from earlyhelp.families.views.around import FAMILIES, around
from earlyhelp.sharing import queries, services
from earlyhelp.sharing.enums import SAY_COLOURS
from earlyhelp.sharing.forms import (
    LedgerFilter,
    MayWe,
    RecordTold,
    RecordWish,
)
from earlyhelp.sharing.papers import told_paper
from earlyhelp.workflow.views import Page, perform

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
    return render(request, "sharing/family.html", around(row, "sharing:family") | context)


@require_safe
def may_we(request: HttpRequest, reference: str) -> HttpResponse:
    """«Would we be allowed to tell …?», answered in words. Asking tells nobody anything, and writes nothing down."""
    row = _opened(request, reference)
    form = MayWe(request.GET, people=queries.people_here(row))
    answer = queries.can_share(**form.asked, now=timezone.now()) if form.asked else None
    context = {"form": form, "answer": answer, "colour": SAY_COLOURS[answer.say] if answer else ""}
    return render(
        request, "sharing/may_we.html", around(row, "sharing:family") | context | {"sharing_url": _sharing(row)}
    )


@require_safe
def ledger(request: HttpRequest, reference: str) -> HttpResponse:
    row = _opened(request, reference)
    filters = LedgerFilter(request.GET, people=queries.people_here(row))
    page = filters.page_of(queries.ledger(row, **filters.cleaned()))
    context = {"page": page, "filters": filters, "sharing_url": _sharing(row)}
    return render(request, "sharing/ledger.html", around(row, "sharing:family") | context)


@require_http_methods(["GET", "POST"])
def wish(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    page = _page(row, "Record what they said", said="Recorded, and in force. What was said before stays below it.")
    deed = partial(services.record_wish, by=request.user, now=timezone.now())
    return perform(
        request,
        partial(RecordWish, people=queries.people_here(row)),
        deed,
        page=page,
        then=lambda said: page.cancel_url,
    )


@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    now = timezone.now()
    page = replace(
        _page(row, "Record something that was told", said="Written down. Nobody can alter it."),
        template="sharing/tell.html",
        extra=lambda: {"limits": queries.limits_of(queries.current_people(row), today=timezone.localdate(now))},
    )
    deed = partial(services.disclose, family=row, by=request.user, now=now)
    make = partial(RecordTold, people=queries.people_here(row), initial={"told_on": timezone.localdate(now)})
    return perform(request, make, deed, page=page, then=lambda row: page.cancel_url)


@require_safe
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """For the person to keep. What the family was not told of, for somebody's safety, is not on it."""
    row = open_record(request, records(Person, "area"), action="edit", purpose="Their list of what was shared", pk=pk)
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
    return open_record(request, FAMILIES, reference=reference)


def _sharing(row: Family) -> str:
    return reverse("sharing:family", args=[row.reference])


def _page(row: Family, title: str, *, said: str) -> Page:
    return Page(title, _sharing(row), caption=f"{row.reference} {row}", said=said)
