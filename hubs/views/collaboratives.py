"""Local forums: who comes, what they see of their place, and what they do about it. No page of theirs holds a family."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.views import Page, perform
from hubs import naming as naming  # what gives pause on these pages is lodged there
from hubs.access import RUNS, reads_forums
from hubs.forms import collaboratives as forms
from hubs.models import Collaborative, CollaborativeMember, LocalAction, TrendReport
from hubs.queries import collaboratives as queries
from hubs.services import collaboratives as services
from hubs.transitions import collaboratives as transitions

NO_NAMES = "What you write here is read by the hub and by everybody in the collaborative: it names no family."


@require_safe
def collaboratives(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not reads_forums(user):
        raise Http404
    shown = {"forums": list(queries.in_sight(user)), "may_found": user.scope.holds(*RUNS)}
    return render(request, "hubs/collaboratives/list.html", shown)


@require_http_methods(["GET", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    areas = Area.objects.filter(pk__in=user.scope.areas(*RUNS))
    if not areas.exists():
        raise Http404
    page = Page(
        "Begin a collaborative",
        reverse("hubs:collaboratives"),
        intro="A local group of universal services. An area has three or four.",
        button="Begin it",
        said="It has begun. Add who comes.",
        about=ABOUT_NOBODY,
    )
    deed = partial(services.found, by=user, now=timezone.now())
    return perform(request, partial(forms.Found, areas=areas), deed, page=page, then=Collaborative.get_absolute_url)


@require_safe
def collaborative(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk)
    context = {
        "forum": row,
        "members": queries.members(row),
        "meetings": queries.meetings(row),
        "reports": queries.reports(row),
        "plan": queries.plan(row),
    }
    return render(request, "hubs/collaboratives/forum.html", context)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "keep")
    page = _page(row, "Add a member", button="Add", said="Added.")
    deed = partial(services.join, row, by=request.user, now=timezone.now())
    return perform(request, partial(forms.Join, forum=row), deed, page=page, then=lambda done: page.cancel_url)


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row = _open(request, pk, "keep")
    who = get_object_or_404(CollaborativeMember.objects.for_user(request.user, "keep"), pk=member, collaborative=row)
    page = _page(row, f"{who} leaves", button="They leave", danger=True, said="Their last day is today.")
    deed = partial(services.leave, who, by=request.user, now=timezone.now())
    return perform(request, forms.Leave, deed, page=page, then=lambda done: page.cancel_url)


@require_http_methods(["GET", "POST"])
def record_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "speak")
    page = _page(row, "Record a meeting", intro=NO_NAMES, said="The meeting is recorded.")
    deed = partial(services.record_meeting, row, by=request.user, now=timezone.now())
    return perform(request, partial(forms.RecordMeeting, forum=row), deed, page=page, then=lambda done: page.cancel_url)


@require_http_methods(["GET", "POST"])
def tell_the_hub(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "speak")
    page = _page(
        row,
        "Report a trend or a gap",
        intro=NO_NAMES,
        button="Tell the hub",
        said="Told. Whoever runs the hub hears of it.",
    )
    deed = partial(services.report, row, by=request.user, now=timezone.now())
    return perform(request, partial(forms.Report, forum=row), deed, page=page, then=TrendReport.get_absolute_url)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "speak")
    page = _page(row, "Add to the plan", intro=NO_NAMES, button="Add", said="Added. Whoever does it is reminded.")
    deed = partial(services.plan, row, by=request.user, now=timezone.now())
    return perform(request, partial(forms.PlanAction, forum=row), deed, page=page, then=LocalAction.get_absolute_url)


@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    row = _open(request, pk, "speak")
    done = get_object_or_404(LocalAction.objects.for_user(request.user, "speak").open(), pk=action, collaborative=row)
    page = _page(row, "What came of it?", intro=done.what, said="Written down.")
    deed = partial(transitions.finish, done, by=request.user, now=timezone.now())
    return perform(request, forms.Finish, deed, page=page, then=LocalAction.get_absolute_url)


@require_safe
def refer(request: HttpRequest, pk: int) -> HttpResponse:
    """A family is named only with its agreement, and only at the front door that everybody comes through."""
    return render(request, "hubs/collaboratives/refer.html", {"forum": _open(request, pk, "speak")})


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "hubs/collaboratives/report.html", {"report": _open_report(request, pk)})


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open_report(request, pk, "answer")
    page = Page(
        transitions.answer_report.label,
        row.get_absolute_url(),
        caption=f"{row.collaborative}: {row}",
        button="Save",
        said="Saved. The collaborative has been told.",
    )
    deed = partial(transitions.answer_report, row, by=request.user, now=timezone.now())
    return perform(request, forms.Answer, deed, page=page, then=TrendReport.get_absolute_url)


def _open(request: HttpRequest, pk: int, action: str = "view") -> Any:
    rows: Any = Collaborative.objects.with_rights(request.user).select_related("area")
    return open_record(request, rows, action=action, pk=pk)


def _open_report(request: HttpRequest, pk: int, action: str = "view") -> Any:
    rows: Any = TrendReport.objects.with_rights(request.user).select_related(
        "collaborative__area", "area", "raised_by", "answered_by"
    )
    return open_record(request, rows, action=action, pk=pk)


def _page(row: Collaborative, title: str, **kwargs: Any) -> Page:
    return Page(title, row.get_absolute_url(), caption=row.name, **kwargs)
