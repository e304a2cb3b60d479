"""The hub itself, for whoever keeps it and whoever sits at it. Nothing of any family stands here."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.core.composed import record
from earlyhelp.core.documents import table
from earlyhelp.core.requests import SignedIn
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.views import Page, perform
from hubs import queries
from hubs.access import KEEPS, has_a_seat
from hubs.enums import TO_COME
from hubs.forms import keeping as forms
from hubs.models import Hub, HubMeeting
from hubs.services import keeping


@require_safe
def hubs(request: SignedIn) -> HttpResponse:
    """Those that one keeps or sits at."""
    if not (has_a_seat(request.user) or request.user.scope.holds(*KEEPS)):
        raise Http404
    rows = Hub.objects.for_user(request.user).active().select_related("area").annotate(sits=queries.how_many_sit())
    return render(request, "hubs/hubs.html", {"hubs": list(rows)})


@require_safe
def hub(request: HttpRequest, pk: int) -> HttpResponse:
    """When and where it meets, who runs it and who sits at it, and the terms that it agreed."""
    row = _open(request, pk)
    members = row.members.select_related("user", "agency").order_by("agency__name", "user__last_name", "pk")
    today = timezone.localdate()
    shown = {
        "hub": row,
        "chairs": queries.runners_of(row, Role.HUB_CHAIR),
        "coordinators": queries.runners_of(row, Role.HUB_COORDINATOR),
        "members": [each for each in members if each.until_on is None or each.until_on >= today],
        "by_post": _by_post(row, members),
        "before": [each for each in members if each.until_on is not None and each.until_on < today],
        "terms": list(row.terms.select_related("by")),
        "coming": _coming(request.user, row),
    }
    return render(request, "hubs/hub.html", shown)


def _by_post(row: Hub, members: Any) -> list[Any]:
    """Who sits there by a post of hub member, and has no seat by name."""
    named = {each.user_id for each in members}
    readers = queries.members_of(row).filter(posts__role=Role.HUB_MEMBER, posts__area=row.area_id).distinct()
    return [each for each in readers if each.pk not in named]


def _coming(user: Any, row: Hub) -> list[HubMeeting]:
    """Its meetings ahead: a diary, which names no family; a link for those who may open them."""
    rows = HubMeeting.objects.with_rights(user, "view").filter(
        hub=row, status__in=TO_COME, starts_at__gte=timezone.now()
    )
    return list(rows.soonest_first()[:12])


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "keep")
    page = _page(
        row,
        "Change this hub",
        intro="If it meets on another day from now on, meetings that nobody has prepared yet are planned anew.",
        said="Saved.",
    )
    make = partial(forms.KeepHub, instance=row, initial={"version": row.version})
    deed = partial(keeping.change, row, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=_to)


@require_http_methods(["GET", "POST"])
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "keep")
    page = _page(row, "Add a member", button="Add them", said="They sit at the hub, and have been told.")
    deed = partial(keeping.seat, row, by=request.user, now=timezone.now())
    return perform(request, partial(forms.Seat, hub=row), deed, page=page, then=lambda done: page.cancel_url)


@require_http_methods(["GET", "POST"])
def unseat(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    row = _open(request, pk, "keep")
    who = get_object_or_404(row.members.select_related("user", "agency"), pk=member)
    intro = f"{who.user} sits at the hub for {who.agency}. After this day they read its papers no more."
    page = _page(row, "A member leaves", intro=intro, button="Write it down", said="Their last day is written down.")
    deed = partial(keeping.unseat, who, by=request.user, now=timezone.now())
    return perform(request, forms.Unseat, deed, page=page, then=lambda done: page.cancel_url)


@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "keep")
    last = row.terms.first()
    page = _page(row, "New terms of reference", intro="The version before is kept.", said="The new terms are kept.")
    make = partial(forms.Terms, initial={"text": last.text if last else ""})
    deed = partial(keeping.agree_terms, row, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=lambda done: page.cancel_url)


# --- who came ----------------------------------------------------------------------------------------------------------

COLUMNS = ("Agency", "Meetings", "Present", "Another sat in", "Apologies", "Absent")


@require_safe
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Over the last twelve months, agency by agency: no person is named."""
    row = _open(request, pk)
    rows = queries.attendance_of_year(row, now=timezone.now())
    return render(request, "hubs/attendance.html", {"hub": row, "rows": rows, "columns": COLUMNS})


@require_safe
def attendance_csv(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.attendance_of_year(_open(request, pk), now=timezone.now())
    lines = [(row.agency, row.asked, row.present, row.stood_in, row.apologies, row.absent) for row in found]
    headers = {"Content-Disposition": 'attachment; filename="hub-attendance.csv"'}
    return HttpResponse(table(COLUMNS, lines), content_type="text/csv; charset=utf-8", headers=headers)


def _open(request: HttpRequest, pk: int, action: str = "view") -> Any:
    """A hub is no record of anybody: who looked at it is not written down."""
    return _HUBS.one_or_404(request.user, action, pk=pk)


@record
def _HUBS(user: Any) -> Any:
    return Hub.objects.with_rights(user, "keep", "prepare").select_related("area")


def _page(row: Hub, title: str, **kwargs: Any) -> Page:
    return Page(title, row.get_absolute_url(), caption=row.name, about=ABOUT_NOBODY, **kwargs)


def _to(row: Hub) -> str:
    return row.get_absolute_url()
