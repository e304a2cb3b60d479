"""What people say of services: written down by whoever hears it, read by whoever answers for whether services help."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments.access import evaluates
from assessments.forms.feedback import ChangeQuoting, SaidFilter, WriteDown
from assessments.models import Feedback
from assessments.services.feedback import change_quoting, write_down
from earlyhelp.audit.views import open_record
from earlyhelp.core.forms import FilterForm
from earlyhelp.directory.models import Service
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.views import Page, perform


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, service: int) -> HttpResponse:
    """Anybody may hear it, and nobody's record is opened for it."""
    about = get_object_or_404(Service.objects.select_related("organisation"), pk=service)
    page = Page(
        "What somebody said of it",
        reverse("directory:service", args=[about.pk]),
        caption=f"{about.name}, {about.organisation}",
        intro="Praise, and what could be better. Ask whether they may be quoted. A complaint goes to the service itself.",
        said="Written down. You can change whether they may be quoted here.",
        about=ABOUT_NOBODY,
    )
    deed = partial(write_down, about, by=request.user, now=timezone.now())
    return perform(request, WriteDown, deed, page=page, then=lambda feedback: reverse("feedback:mine"))


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I wrote down, and what may be done with it."""
    rows = Feedback.objects.for_user(request.user).select_related("service").newest_first()
    return render(request, "assessments/feedback_mine.html", {"page": FilterForm(request.GET).page_of(rows)})


@require_http_methods(["GET", "POST"])
def quoting(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_record(request, Feedback.objects.select_related("service"), pk=pk)
    page = Page(
        "May they be quoted?",
        reverse("feedback:mine"),
        caption=row.service.name,
        said="Saved. From now on it is quoted so, or not at all.",
    )
    initial = {name: getattr(row, name) for name in ("quoting", "quoted_as", "version")}
    deed = partial(change_quoting, row, by=request.user, now=timezone.now())
    return perform(
        request, lambda data: ChangeQuoting(data, initial=initial), deed, page=page, then=lambda saved: page.cancel_url
    )


@require_safe
def said(request: HttpRequest) -> HttpResponse:
    """For the evaluation: whoever allowed it is quoted, as they allowed it; what professionals noticed stands apart."""
    if not evaluates(request.user):
        raise PermissionDenied
    filters = SaidFilter(request.GET)
    rows = filters.narrow(Feedback.objects.for_user(request.user, "quote"))
    page = filters.page_of(rows.select_related("service__organisation").newest_first())
    return render(request, "assessments/feedback_said.html", {"page": page, "filters": filters})
