"""The first page, the dashboard, and the two addresses by which the service is watched."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from earlyhelp.cases import workload
from earlyhelp.cases.emergency import may_open_in_emergency
from earlyhelp.cases.models import Case
from earlyhelp.core.documents import printed, table
from earlyhelp.core.navigation import duties_of
from earlyhelp.core.requests import SignedIn
from earlyhelp.insight import board, gaps, health, queries
from earlyhelp.insight import dashboard as figures
from earlyhelp.insight import home as front
from earlyhelp.insight import trends as missing
from earlyhelp.insight.access import reads_dashboard, reads_trends, reports_to_board
from earlyhelp.insight.activity import Quarter
from earlyhelp.insight.forms import DashboardFilter, GapFilter, PlaceFilter, ReportFilter, TrendFilter
from earlyhelp.insight.signal import signalled
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what is not there and for what is closed to whoever asks; and how it opens if it cannot wait."""
    user: Any = getattr(request, "user", None)
    in_emergency = bool(user and user.is_authenticated and may_open_in_emergency(user))
    return render(request, "404.html", {"in_emergency": in_emergency}, status=404)


@require_safe
def governance(request: SignedIn) -> HttpResponse:
    """What somebody looks after besides their families: each with how much of it waits for them."""
    duties, now = duties_of(request.user), timezone.now()
    if not duties:
        raise PermissionDenied
    waiting = [(each, each.waits(request.user, now) if each.waits else None) for each in duties]
    return render(request, "insight/governance.html", {"duties": waiting})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    families = front.my_families(request.user)
    context = {
        "now": now,
        "today": front.today(request.user, now=now),
        "families": families[: front.FAMILIES],
        "more_families": len(families) > front.FAMILIES,
        "drafts": front.unfinished(request.user),
        "meetings": front.next_meetings(request.user, now=now),
        "actions": front.quick_actions(request.user),
    }
    return render(request, "insight/home.html", context)


@require_safe
def dashboard(request: SignedIn) -> HttpResponse:
    if not reads_dashboard(request.user):
        raise Http404
    return render(request, "insight/dashboard.html", _dashboard(request, DashboardFilter(request.GET)))


def _dashboard(request: SignedIn, filters: DashboardFilter) -> dict[str, Any]:
    now, today, chosen = timezone.now(), timezone.localdate(), filters.cleaned()
    area, order = chosen["area"], chosen["order"] or "workload"
    areas = {each.pk: each for each in Area.objects.all()}
    within = _within(area, areas)
    cases = Case.objects.for_user(request.user, "list")
    counted = figures.Figures(queries.cells(cases, today=today), area=area, within=within)
    loads = queries.loads(cases, within=within, today=today)
    waiting = queries.waiting_for_triage(request.user, within=within, now=now)
    return {
        "filters": filters,
        "order": order,
        "now": now,
        "waiting": counted.waiting(waiting, _queue(request, filters)),
        "pressing": counted.pressing(loads, filters.ordered("workload")),
        "by_workload": filters.ordered("workload"),
        "by_overdue": filters.ordered("overdue"),
        "statuses": counted.by_tier_and_status(),
        "areas": figures.by_area(counted.cells, areas),
        "formula": workload.WORDS,
        "page": figures.people(loads, order=order, page=filters.page, area=area),
        "reports": reports_to_board(request.user),
    }


def _within(area: Area | None, areas: dict[int, Area]) -> set[int] | None:
    return {pk for pk, each in areas.items() if area.pk in each.lineage} if area else None


def _queue(request: SignedIn, filters: DashboardFilter) -> str:
    """Where the number leads: EH Access to what it works on, everybody else to a list that names nobody."""
    return reverse("referrals:triage") if request.user.scope.holds(Role.EH_ACCESS) else f"waiting/?{filters.query}"


@require_safe
def waiting(request: SignedIn) -> HttpResponse:
    """The referrals behind the number, for whoever answers for how long they wait: none is named, and none opens from here."""
    if not reads_dashboard(request.user):
        raise Http404
    filters = DashboardFilter(request.GET)
    area = filters.cleaned()["area"]
    within = _within(area, {each.pk: each for each in Area.objects.all()})
    rows = queries.in_triage(request.user, within=within).with_decide_by().select_related("area", "agency", "holder")
    page = filters.page_of(rows.order_by(F("decide_by").asc(nulls_last=True), "pk"))
    return render(request, "insight/waiting.html", {"filters": filters, "page": page})


@require_safe
def trends(request: SignedIn) -> HttpResponse:
    """What is missing by need, place and quarter, from whatever was written down anyway (domain.md 15.4)."""
    if not reads_trends(request.user):
        raise Http404
    filters, today = TrendFilter(request.GET), timezone.localdate()
    chosen = filters.cleaned()
    found = missing.trends(request.user, today=today, area=chosen["area"], need=chosen["need"] or "")
    shown = {
        "filters": filters,
        "trends": found,
        "quarters": [gaps.named(each) for each in gaps.quarters(today, missing.QUARTERS)],
        "chart": missing.chart(found),
        "now": timezone.now(),
    }
    return render(request, "insight/trends.html", shown)


@require_safe
def gaps_found(request: SignedIn) -> HttpResponse:
    """What a number counts, as far as whoever looks may open it."""
    if not reads_trends(request.user):
        raise Http404
    quarters = gaps.quarters(timezone.localdate(), missing.QUARTERS)
    filters = GapFilter(request.GET, quarters=[(each.isoformat(), gaps.named(each)) for each in quarters])
    chosen = filters.cleaned()
    since = date.fromisoformat(chosen["quarter"]) if chosen["quarter"] else quarters[0]
    until = gaps.next_quarter(since if chosen["quarter"] else quarters[-1])
    within = _within(chosen["area"], {each.pk: each for each in Area.objects.all()})
    sources = gaps.SOURCES.get(chosen["of"] or "", (*gaps.FOUND, *gaps.REPORTED))
    asked = gaps.Asked(sources, chosen["need"] or "", within, since, until)
    found = gaps.lines(request.user, asked, most=missing.LINES)
    shown = {"filters": filters, "page": filters.page_of(found), "labels": missing.LABELS}
    return render(request, "insight/gaps.html", shown)


@require_safe
def above_level(request: SignedIn) -> HttpResponse:
    """Families who are given more than their level of need, and those whose level rose without a new fact (domain.md 3.4)."""
    if not reads_dashboard(request.user):
        raise Http404
    filters = PlaceFilter(request.GET)
    area, rows = filters.cleaned()["area"], signalled(request.user)
    rows = rows.filter(area__lineage__contains=[area.pk]) if area else rows
    return render(request, "insight/above_level.html", {"filters": filters, "page": filters.page_of(rows)})


# --- the report to a board ----------------------------------------------------------------------------------------------


@require_safe
def board_report(request: SignedIn) -> HttpResponse:
    """A quarter against the one before, for those who answer for a place before its board (domain.md R32, story 7)."""
    filters, made = _report(request)
    return render(request, "insight/board.html", {"filters": filters, "report": made, "now": timezone.now()})


@require_safe
def board_report_pdf(request: SignedIn) -> HttpResponse:
    _, made = _report(request)
    drawn = printed(board.paper(made, by=request.user, now=timezone.now()))
    return _copy(drawn, "application/pdf", f"board-report-{made.quarter.first}.pdf")


@require_safe
def board_report_csv(request: SignedIn) -> HttpResponse:
    _, made = _report(request)
    return _copy(
        table(board.COLUMNS, board.rows(made)), "text/csv; charset=utf-8", f"board-report-{made.quarter.first}.csv"
    )


def _report(request: SignedIn) -> tuple[ReportFilter, board.Report]:
    if not reports_to_board(request.user):
        raise Http404
    quarters = board.quarters(timezone.localdate())
    filters = ReportFilter(request.GET, quarters=[(each.first.isoformat(), str(each)) for each in quarters])
    chosen = filters.cleaned()
    quarter = Quarter(date.fromisoformat(chosen["quarter"])) if chosen["quarter"] else quarters[1]
    return filters, board.report(request.user, quarter, now=timezone.now(), area=chosen["area"])


def _copy(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"alive": True})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything behind this process works; else 503 and the names of the parts that do not."""
    wrong = health.what_is_wrong(now=timezone.now())
    return JsonResponse({"ready": not wrong, "wrong": wrong}, status=503 if wrong else 200)
