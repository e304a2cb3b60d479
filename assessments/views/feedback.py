"""What people say of services and of early help: written down by whoever hears it, answered where it should be better,
read by whoever answers for whether services help.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments.access import answers, evaluates
from assessments.enums import FeedbackStatus
from assessments.forms.feedback import Answer, AnswerFilter, ChangeQuoting, SaidFilter, SayHowItWas, WriteDown
from assessments.models import Feedback
from assessments.panels import asks_how_it_was
from assessments.queries import answering, ratings
from assessments.services.feedback import change_quoting, write_down
from assessments.transitions import answer_feedback
from assessments.views.door import open_case
from earlyhelp.audit.views import open_record
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.words import within
from earlyhelp.directory.models import Service
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.views import Page, perform

OLDEST_DUE = (F("due_at").asc(nulls_last=True), "-answered_at", "pk")
ASK = "Ask whether they may be quoted."


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, service: int) -> HttpResponse:
    """Anybody may hear it, and nobody's record is opened for it."""
    about = get_object_or_404(Service.objects.select_related("organisation"), pk=service)
    page = Page(
        "What somebody said of it",
        about.get_absolute_url(),
        caption=f"{about.name}, {about.organisation}",
        intro=f"Praise, and what could be better. {ASK}",
        said="Written down. You can change whether they may be quoted here.",
        about=ABOUT_NOBODY,
    )
    deed = partial(write_down, about, by=request.user, now=timezone.now())
    return perform(request, WriteDown, deed, page=page, then=_mine)


@require_http_methods(["GET", "POST"])
def of_us(request: HttpRequest) -> HttpResponse:
    """What somebody said of early help itself, wherever it was heard."""
    page = Page(
        "What somebody said of early help",
        reverse("feedback:mine"),
        intro=f"Praise, and what could be better. {ASK}",
        said="Written down. You can change whether they may be quoted here.",
        about=ABOUT_NOBODY,
    )
    deed = partial(write_down, None, by=request.user, now=timezone.now())
    return perform(request, WriteDown, deed, page=page, then=_mine)


@require_http_methods(["GET", "POST"])
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """A case’s family says how it was. What they say is kept beside no record: nothing leads from it to them."""
    case = open_case(request, reference, "view")
    when = asks_how_it_was(case, request.user)
    if not when:
        raise Http404
    page = Page(
        "How was it for the family?",
        case.get_absolute_url(),
        caption=f"{case.reference} {case.family}",
        intro=f"Ask them in their own words. {ASK} It is kept without their name, and nothing leads from it to their record.",
        said="Written down. You can change whether they may be quoted here.",
    )
    deed = partial(write_down, None, by=request.user, now=timezone.now(), area=case.area, said_when=when)
    return perform(request, SayHowItWas, deed, page=page, then=_mine)


def _mine(feedback: Any) -> str:
    return reverse("feedback:mine")


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I wrote down, and what may be done with it."""
    rows = Feedback.objects.for_user(request.user).select_related("service", "answered_by").newest_first()
    context = {"page": FilterForm(request.GET).page_of(rows), "answers": answers(request.user)}
    return render(request, "assessments/feedback_mine.html", context)


@require_http_methods(["GET", "POST"])
def quoting(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_record(request, Feedback.objects.select_related("service"), pk=pk)
    page = Page(
        "May they be quoted?",
        reverse("feedback:mine"),
        caption=row.of,
        said="Saved. From now on it is quoted so, or not at all.",
    )
    initial = {name: getattr(row, name) for name in ("quoting", "quoted_as", "version")}
    deed = partial(change_quoting, row, by=request.user, now=timezone.now())
    return perform(request, lambda data: ChangeQuoting(data, initial=initial), deed, page=page, then=_mine)


@require_safe
def to_answer(request: HttpRequest) -> HttpResponse:
    """Complaints and suggestions, for whoever answers for the service, and for the managers of the place."""
    if not answers(request.user):
        raise PermissionDenied
    filters = AnswerFilter(request.GET)
    rows = filters.narrow(Feedback.objects.for_user(request.user, "answer"))
    rows = rows.select_related("service__organisation", "answered_by").with_due().order_by(*OLDEST_DUE)
    return render(request, "assessments/feedback_to_answer.html", {"page": filters.page_of(rows), "filters": filters})


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said, and what was done about it. Who wrote it down is not told: that would say whose family it was."""
    rows = Feedback.objects.select_related("service__organisation")
    row = open_record(request, rows, action="answer", pk=pk)
    if request.method == "GET" and row.status != FeedbackStatus.OPEN:
        return redirect(f"{reverse('feedback:to_answer')}?show=answered")
    page = Page(
        f"Answer {within(row.get_kind_display())}",
        reverse("feedback:to_answer"),
        caption=row.of,
        template="assessments/feedback_answer.html",
        button="Send the answer",
        said="Answered. Whoever wrote it down has been told, and tells whoever said it.",
        extra={"row": row},
    )
    deed = partial(answer_feedback, row, by=request.user, now=timezone.now())
    return perform(request, Answer, deed, page=page, then=lambda answered: reverse("feedback:to_answer"))


@require_safe
def said(request: HttpRequest) -> HttpResponse:
    """For the evaluation: whoever allowed it is quoted, as they allowed it; what professionals noticed stands apart."""
    if not evaluates(request.user):
        raise PermissionDenied
    filters = SaidFilter(request.GET)
    page = filters.page_of(
        filters.narrow(Feedback.objects.for_user(request.user, "quote"))
        .select_related("service__organisation")
        .newest_first()
    )
    context = {"page": page, "filters": filters}
    if not filters.observations:
        counted = filters.narrow(Feedback.objects.for_user(request.user, "count"))
        context |= {"ratings": ratings(counted), "answering": answering(counted, now=timezone.now())}
    return render(request, "assessments/feedback_said.html", context)
