"""Words that must not stand in a record: asked for from the record itself, decided by its reference alone."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.families.models import Family
from earlyhelp.records import services
from earlyhelp.records.access import keeps_records
from earlyhelp.records.enums import BLANKING_COLOURS, BlankingStatus
from earlyhelp.records.forms.blanking import DEEDS, AskToBlank
from earlyhelp.records.models import Blanking
from earlyhelp.workflow.transitions import REGISTRY
from earlyhelp.workflow.views import Page, perform

OPEN_FIRST = Case(When(status=BlankingStatus.ASKED, then=Value(0)), default=Value(1))


@require_http_methods(["GET", "POST"])
def ask(request: SignedIn, reference: str) -> HttpResponse:
    """For whoever reads it: the words are gone for nobody until somebody else has decided."""
    family = open_record(request, Family.objects.select_related("area"), reference=reference)
    page = Page(
        "Take words out",
        family.get_absolute_url(),
        caption=family.reference,
        intro="The governance lead decides, without reading the words. If somebody may be in danger now, ring them as well.",
        button="Ask for it to be taken out",
        said="Asked. The governance lead has been told.",
    )
    deed = partial(services.ask_to_blank, family, by=request.user, now=timezone.now())
    return perform(request, AskToBlank, deed, page=page, then=lambda asked: page.cancel_url)


@require_safe
def why(request: SignedIn, pk: int) -> HttpResponse:
    """Where a text says that words were taken out: why and when. To those who may ask for more of it, the way to ask."""
    rows = Blanking.objects.select_related("family", "asked_by__agency", "decided_by")
    blanking = open_record(request, rows, action="why", pk=pk)
    reads = Family.objects.for_user(request.user).filter(pk=blanking.family_id).exists()
    decides = Blanking.objects.for_user(request.user).filter(pk=pk).exists()
    context = {"blanking": blanking, "family": blanking.family, "reads": reads, "decides": decides}
    return render(request, "records/taken_out.html", context)


@require_safe
def blankings(request: SignedIn) -> HttpResponse:
    """What waits for a decision, and what became of the rest. By reference alone: it opens no record and shows no word."""
    if not keeps_records(request.user):
        raise PermissionDenied
    form = FilterForm(request.GET)
    rows = Blanking.objects.for_user(request.user).with_rights(request.user, "decide")
    shown = rows.select_related("family", "asked_by__agency", "decided_by").order_by(OPEN_FIRST, "-asked_at", "-pk")
    context = {"page": form.page_of(shown), "form": form, "colours": BLANKING_COLOURS}
    return render(request, "records/blankings.html", context)


@require_http_methods(["GET", "POST"])
def decide(request: SignedIn, pk: int, name: str) -> HttpResponse:
    row = get_object_or_404(Blanking.objects.for_user(request.user, "decide").select_related("family"), pk=pk)
    step, wording = REGISTRY[Blanking].get(name), DEEDS.get(name)
    if step is None or wording is None or (request.method == "GET" and row.status not in step.sources):
        raise Http404
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=row.family.reference,
        warning=wording.warning,
        button=wording.button,
        danger=bool(wording.warning),
        said=wording.said,
        about=row,
    )
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, wording.form, deed, page=page, then=Blanking.get_absolute_url)
