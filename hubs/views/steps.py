"""The lead professional's request page, to which a review links."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from earlyhelp.audit.views import open_record
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from earlyhelp.workflow.views import Page, perform
from hubs import queries
from hubs.forms import steps as forms
from hubs.services import steps


@require_http_methods(["GET", "POST"])
def request_step(request: HttpRequest, reference: str) -> HttpResponse:
    rows = Case.objects.with_rights(request.user).select_related("family", "area", "lead")
    row = open_record(request, rows, action="lead", reference=reference)
    if row.status != Status.SUPPORTED and request.method == "GET":
        raise Http404
    page = Page(
        "Ask for a step up or down",
        row.get_absolute_url(),
        caption=f"{row.reference} {row.family}",
        button="Send to the hub",
        intro="The hub decides, and reads what you write here. You stay the lead professional until somebody else has accepted.",
        warning="If a child is not safe now, hand over to social care instead: it does not wait for the hub.",
        said="Sent. The hub has it on its agenda, and decides within 20 working days.",
    )
    workers = queries.eligible(row).select_related("agency").order_by("last_name", "pk")
    deed = partial(steps.request_step, row, by=request.user, now=timezone.now())
    return perform(
        request,
        partial(forms.RequestStep, case=row, workers=workers),
        deed,
        page=page,
        then=lambda step: row.get_absolute_url(),
    )
