"""What happened to a family, from its beginning: what people wrote down, and what the record says by itself."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.families import services
from earlyhelp.families.forms import AddEvent
from earlyhelp.families.models import Family
from earlyhelp.families.views.around import around, families, page_of
from earlyhelp.workflow.views import perform


@require_safe
def chronology(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, families(request), reference=reference)
    events = row.events.standing().select_related("person", "agency", "recorded_by").order_by("-happened_on", "-pk")
    return render(request, "families/chronology.html", around(row, "chronology") | {"events": events})


@require_http_methods(["GET", "POST"])
def add_event(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, Family.objects.select_related("area"), action="edit", reference=reference)
    page = page_of(row, "Add to the chronology", "chronology", button="Add", said="Added to the chronology.")
    deed = partial(services.add_event, row, by=request.user, now=timezone.now())
    return perform(request, partial(AddEvent, family=row), deed, page=page, then=lambda event: page.cancel_url)
