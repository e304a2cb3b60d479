"""A service that the hub named: said no to, or not offered. To offer it is to refer somebody, which stands in the directory."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.workflow.transitions import REGISTRY
from earlyhelp.workflow.views import Page, perform
from hubs.forms.service_offers import MOVES
from hubs.models import ServiceOffer


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row = open_record(request, _OFFERS, action="lead", beside=["case"], pk=pk)
    deed = REGISTRY[ServiceOffer].get(name)
    if name not in MOVES or deed is None or (request.method == "GET" and row.status not in deed.sources):
        raise Http404
    wording = MOVES[name]
    page = Page(
        deed.label,
        row.get_absolute_url(),
        caption=f"{row.reference} {row.service}",
        button=wording.button,
        intro=wording.intro,
        said=wording.said,
    )
    carried = partial(deed, row, by=request.user, now=timezone.now())
    return perform(request, wording.form, carried, page=page, then=ServiceOffer.get_absolute_url)


@record
def _OFFERS(user: Any) -> Any:
    return ServiceOffer.objects.with_rights(user).select_related("case__family", "service")
