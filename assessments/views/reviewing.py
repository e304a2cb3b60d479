"""Recording a review and reading one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import queries
from assessments.enums import ReviewDecision
from assessments.forms.reviewing import review_form
from assessments.models import Review
from assessments.services.reviewing import record_review
from assessments.views.door import open_case, page, section_of
from earlyhelp.workflow.views import perform


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, reference: str) -> HttpResponse:
    case = open_case(request, reference)
    form = review_form(
        actions=queries.actions_owed(case),
        needs=queries.needs_of(case),
        children=queries.children_among(queries.people_of(case)),
        last=queries.latest(queries.occasions(case)),
    )
    here = page(case, "meetings", "Record a review", button="Record the review", said="The review is recorded.")
    deed = partial(record_review, case, by=request.user, now=timezone.now())
    return perform(request, form, deed, page=here, then=_after)


def _after(review: Review) -> str:
    """To the page where what was decided is asked for."""
    reference = review.case.reference
    match review.decision:
        case ReviewDecision.STEP_UP | ReviewDecision.STEP_DOWN:
            return reverse("hubs:request_step", args=[reference])
        case ReviewDecision.CLOSE:
            return reverse("cases:move", args=[reference, "propose_closure"])
    return section_of(review.case, "blockages" if review.blockage else "meetings")


@require_safe
def shown(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """One review: what was found and decided."""
    case = open_case(request, reference, action="view")
    review = get_object_or_404(case.reviews.select_related("recorded_by"), pk=pk)
    return render(
        request,
        "assessments/review.html",
        {"case": case, "review": review, "back_url": section_of(case, "meetings"), **_found(review)},
    )


def _found(review: Review) -> dict[str, Any]:
    return {
        "readings": list(review.readings.order_by("pk")),
        "progress": list(review.progress.select_related("action__owner").order_by("action__due_on", "pk")),
        "voices": list(review.voices.select_related("child").order_by("child__born_on")),
    }
