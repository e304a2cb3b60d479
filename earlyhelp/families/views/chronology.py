"""What happened to a family, from its beginning: what people wrote down, and what the record says by itself."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core import dates
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.families import queries, services
from earlyhelp.families.chronology import chronology_of
from earlyhelp.families.forms import AddEvent, ChronologyFilter, EnteredInError
from earlyhelp.families.views.around import FAMILIES, around, page_of
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.views import perform


@require_safe
def chronology(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, reference=reference)
    filters = ChronologyFilter(request.GET, family=row)
    page = filters.page_of(chronology_of(row, request.user, **filters.chosen(), mistakes=True))
    return render(request, "families/chronology.html", around(row, "chronology") | {"filters": filters, "page": page})


@require_safe
def print_chronology(request: HttpRequest, reference: str) -> HttpResponse:
    """All of it, as it was filtered: for their own eyes, on paper too. What somebody is given is a copy made for them."""
    row = open_record(request, FAMILIES, purpose="To print the chronology", reference=reference)
    filters = ChronologyFilter(request.GET, family=row)
    lines = chronology_of(row, request.user, **filters.chosen())
    context = {"family": row, "filters": filters, "lines": lines, "today": timezone.localdate()}
    context["may_copy"] = row.may_edit
    context["back_url"] = f"{row.get_absolute_url()}chronology/"
    return render(request, "families/chronology_print.html", context)


@require_http_methods(["GET", "POST"])
def add_event(request: SignedIn, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    page = page_of(row, "Add to the chronology", "chronology", button="Add", said="Added to the chronology.")
    deed = partial(services.add_event, row, by=request.user, now=timezone.now())
    make = partial(AddEvent, family=row, may_keep=bool(request.user.agency_id))
    return perform(request, make, deed, page=page, then=lambda event: page.cancel_url)


@require_http_methods(["GET", "POST"])
def event_error(request: SignedIn, reference: str, pk: int) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    event = get_object_or_404(row.events.standing().told_to(request.user), pk=pk)
    said = "Taken out. It is kept with your reason, for whoever wrote it and the governance lead."
    intro = f"{event.get_kind_display()}, {dates.day(event.happened_on)}: {event.text}"
    page = page_of(row, "This was entered in error", "chronology", said=said, intro=intro)
    deed = partial(services.entered_in_error, event, by=request.user, now=timezone.now())
    return perform(request, EnteredInError, deed, page=page, then=lambda kept: page.cancel_url)


@require_safe
def mistakes(request: SignedIn) -> HttpResponse:
    """For the governance lead: what was entered in error in their places, and why. The reads are written down."""
    if not request.user.scope.holds(Role.IG_LEAD):
        raise PermissionDenied
    filters = FilterForm(request.GET)
    page = filters.page_of(queries.mistakes(request.user))
    note_shown(request, *{event.family: None for event in page.object_list}, purpose="What was entered in error")
    return render(request, "families/mistakes.html", {"filters": filters, "page": page})
