"""What the keeper of records sees: whether the log is whole, what is due, what is held, and the rules. Nothing of a family."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit import seals
from earlyhelp.audit.models import Verification
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.core.words import within
from earlyhelp.records import services
from earlyhelp.records.access import decides_on_disposal, keeps_records
from earlyhelp.records.due import terms
from earlyhelp.records.enums import COLOURS, Status
from earlyhelp.records.forms.retention import DEEDS, LiftHold, NewRule, PlaceHold
from earlyhelp.records.models import Disposal, Hold, RetentionRule
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.services import last_steps
from earlyhelp.workflow.transitions import REGISTRY
from earlyhelp.workflow.views import Page, perform

IN_ORDER = Case(
    When(status=Status.PROPOSED, then=Value(0)),
    When(status=Status.DUE, then=Value(1)),
    When(status=Status.KEPT, then=Value(2)),
    default=Value(3),
)


@require_safe
def trail(request: SignedIn) -> HttpResponse:
    """Whether the logs are what was written: each look at them, and the head to keep elsewhere."""
    if not keeps_records(request.user):
        raise PermissionDenied
    form = FilterForm(request.GET)
    context = {"page": form.page_of(Verification.objects.all()), "form": form, "head": seals.head()}
    return render(request, "records/trail.html", context)


@require_safe
def disposals(request: SignedIn) -> HttpResponse:
    """What is due, what waits for a second person, and what became of the rest. By reference alone: it opens no record."""
    if not decides_on_disposal(request.user):
        raise PermissionDenied
    form = FilterForm(request.GET)
    rows = Disposal.objects.for_user(request.user).select_related("area", "proposed_by", "decided_by")
    page = form.page_of(rows.with_rights(request.user, "review", "decide").order_by(IN_ORDER, "due_on", "pk"))
    proposed = [row for row in page.object_list if row.status == Status.PROPOSED]
    asked = {pk: step.facts.get("asked", []) for pk, step in last_steps(proposed, "propose").items()}
    context = {"page": page, "form": form, "colours": COLOURS, "keeps": keeps_records(request.user), "asked": asked}
    return render(request, "records/disposals.html", context)


@require_http_methods(["GET", "POST"])
def dispose(request: SignedIn, pk: int, name: str) -> HttpResponse:
    """One step of one disposal. Nothing of the record is shown: there is no read to write down."""
    row = get_object_or_404(Disposal.objects.for_user(request.user), pk=pk)
    step, wording = REGISTRY[Disposal].get(name), DEEDS.get(name)
    if step is None or wording is None or (request.method == "GET" and row.status not in step.sources):
        raise Http404
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=f"{row.reference}, {within(row.get_record_class_display())}",
        warning=wording.warning,
        button=wording.button,
        danger=bool(wording.warning),
        said=wording.said,
        about=row,
    )
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, wording.form, deed, page=page, then=Disposal.get_absolute_url)


@require_safe
def holds(request: SignedIn) -> HttpResponse:
    if not keeps_records(request.user):
        raise PermissionDenied
    form = FilterForm(request.GET)
    rows = Hold.objects.for_user(request.user).select_related("family", "placed_by", "lifted_by")
    live_first = rows.order_by(F("lifted_at").asc(nulls_first=True), "-placed_at", "-pk")
    return render(request, "records/holds.html", {"page": form.page_of(live_first), "form": form})


@require_http_methods(["GET", "POST"])
def place_hold(request: SignedIn) -> HttpResponse:
    if not keeps_records(request.user):
        raise PermissionDenied
    page = Page(
        "Hold a family’s record",
        reverse("records:holds"),
        intro="It is not destroyed, whatever the rules say, until somebody lifts the hold. A disposal under way stops.",
        button="Hold it",
        said="The record is held.",
        about=ABOUT_NOBODY,  # until its family is named in the form
    )
    deed = partial(services.place_hold, by=request.user, now=timezone.now())
    return perform(request, PlaceHold, deed, page=page, then=Hold.get_absolute_url)


@require_http_methods(["GET", "POST"])
def lift_hold(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(Hold.objects.for_user(request.user, "lift").select_related("family"), pk=pk)
    page = Page(
        "Lift the hold",
        reverse("records:holds"),
        caption=row.family.reference,
        button="Lift it",
        said="The hold is lifted: the rules count again.",
        about=row,
    )
    deed = partial(services.lift_hold, row, by=request.user, now=timezone.now())
    return perform(request, LiftHold, deed, page=page, then=Hold.get_absolute_url)


@require_safe
def rules(request: SignedIn) -> HttpResponse:
    """The rules in force, and every version before."""
    if not keeps_records(request.user):
        raise PermissionDenied
    form = FilterForm(request.GET)
    versions = RetentionRule.objects.select_related("made_by").order_by("-made_at", "-pk")
    return render(request, "records/rules.html", {"terms": terms(), "page": form.page_of(versions), "form": form})


@require_http_methods(["GET", "POST"])
def set_rule(request: SignedIn) -> HttpResponse:
    if not keeps_records(request.user):
        raise PermissionDenied
    page = Page(
        "Change a rule",
        reverse("records:rules"),
        intro="It is in force from now on. The rule before is kept, with who made it.",
        button="Put it in force",
        said="The rule is in force.",
        about=ABOUT_NOBODY,
    )
    deed = partial(services.set_rule, by=request.user, now=timezone.now())
    return perform(request, NewRule, deed, page=page, then=lambda rule: reverse("records:rules"))
