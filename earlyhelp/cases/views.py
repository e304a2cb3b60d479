"""The caseload, the case and its deeds. One view: guard, form, one call to the domain, redirect."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case as Whichever
from django.db.models import When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.cases import emergency, panels, services, transitions
from earlyhelp.cases.enums import LIVE, EmergencyStatus, Status
from earlyhelp.cases.forms import (
    MOVES,
    WEIGHING,
    CaseFilter,
    Decline,
    JoinTeam,
    LeaveTeam,
    NameChair,
    OpenInEmergency,
)
from earlyhelp.cases.guards import HEARD_NOW, Obstacle, obstacles, with_closure_heard
from earlyhelp.cases.models import Case, EmergencyAccess
from earlyhelp.cases.pages import said_before, sensible
from earlyhelp.cases.queries import with_offer
from earlyhelp.core.composed import record
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.core.rights import rights
from earlyhelp.families.queries import under_protection
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.forms import FindPerson
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.transitions import REGISTRY, Transition, open_to
from earlyhelp.workflow.views import Page, perform

CLOSES = ("propose_closure", "close_stepped_down")
ANSWERS_CLOSURE = ("ratify_closure", "refuse_closure")
TAG_COLOURS = {
    Status.AWAITING_DECISION: "yellow",
    Status.STEP_REQUESTED: "orange",
    Status.CLOSING: "purple",
    Status.SUPPORTED: "green",
}


@require_safe
def caseload(request: SignedIn) -> HttpResponse:
    filters = CaseFilter(request.GET)
    today = timezone.localdate()
    page = filters.page_of(filters.listed(request.user, today=today))
    return render(request, "cases/caseload.html", {"page": page, "filters": filters, "today": today, "live": LIVE})


@require_safe
def case(request: HttpRequest, reference: str, slug: str = "") -> HttpResponse:
    """One section of a case, among the others on the shelf."""
    shown = next((each for each in panels.SECTIONS if each.slug == slug), None)
    if shown is None:
        raise Http404
    rows = _OVERVIEWS if not slug else _CASES  # the overview says what to do next
    row = open_record(request, rows, reference=reference)
    return render(request, shown.template, case_page(request, row, slug) | shown.build(row, request.user))


def case_page(request: HttpRequest, row: Case, slug: str) -> dict[str, Any]:
    """What every page of a case shows around its own content: identity bar, sub-navigation, deeds."""
    url = row.get_absolute_url()
    sections = [
        {"label": each.title, "url": f"{url}{each.slug}/" if each.slug else url, "current": each.slug == slug}
        for each in panels.SECTIONS
    ]
    return {
        "case": row,
        "sections": sections,
        "tags": [(row.get_status_display(), TAG_COLOURS.get(Status(row.status), "blue")), *_tier_tags(row)],
        "facts": [
            ("Lead professional", row.lead) if row.lead else ("Held by", row.holder),
            ("Area", row.area),
            *([("Offered to", offered)] if (offered := getattr(row, "offered_to", "")) else []),
            ("Next review", row.next_review_on or "Not set"),
            *([("Programme ends", row.timebox_ends_on)] if row.timebox_ends_on else []),
        ],
        "actions": deeds(request, row),
        "emergency": _emergency_of(request, row),
    }


def _emergency_of(request: HttpRequest, row: Case) -> EmergencyAccess | None:
    """Why it is open to this reader, where that is an emergency: the page says so, and until when."""
    user: Any = request.user
    if row.pk not in user.scope.ids("case_granted"):
        return None
    return row.emergencies.filter(user=user, ends_at__gt=timezone.now()).order_by("-opened_at").first()


def deeds(request: HttpRequest, row: Case) -> list[tuple[str, str]]:
    """The buttons of a case: its own transitions, then what other apps lodge."""
    own = [
        (move.label, _move_url(row, move))
        for move in open_to(request.user, row)
        if move.name in MOVES and sensible(row, move.name)
    ]
    return own + [deed for lodged in panels.DEEDS for deed in lodged(row, request.user)]


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The page of a transition: its form, then its function."""
    row = open_record(request, _CASES, reference=reference)
    step = next((each for each in open_to(request.user, row) if each.name == name), None)
    if name not in MOVES or (step is None and not _was_possible(request, row, name)):
        raise Http404
    step = step or _transition(name)
    wording = MOVES[name]
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=f"{row.reference} {row.family}",
        intro=said_before(row, name) or wording.intro,
        warning=wording.warning,
        button=wording.button,
        danger=wording.danger,
        said=wording.said,
    )
    if request.method == "GET" and (found := _not_yet(row, name)):
        return render(request, "cases/not_yet.html", {"page": page, "obstacles": found})
    return perform(
        request, wording.form, partial(step, row, by=request.user, now=timezone.now()), page=page, then=_after
    )


def _not_yet(row: Any, name: str) -> list[Obstacle]:
    """What stands in the way of this deed: said before anybody types."""
    if name in CLOSES:
        return obstacles(row)
    return [Obstacle(HEARD_NOW)] if name in ANSWERS_CLOSURE and row.closure_heard else []


def _after(row: Case) -> str:
    """Back to the case; to the caseload where the deed has ended one's own sight of it."""
    return row.get_absolute_url() if row.is_live else "/cases/"


def _was_possible(request: HttpRequest, row: Case, name: str) -> bool:
    """A form sent after somebody else moved the case on: the rule allows it, the state no longer does. It is told so."""
    known = _transition(name)
    return request.method == "POST" and known is not None and bool(rights(request.user, row, {known.rule}))


def _transition(name: str) -> Transition:
    return REGISTRY[Case][name]


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, _CASES, action="lead", reference=reference)
    sought = FindPerson(request.GET)
    page = Page(
        "Add somebody to the team",
        f"{row.get_absolute_url()}team/",
        caption=row.reference,
        button="Add to the team",
        said="Added to the team.",
        template="pages/find_somebody.html",
        extra={"filters": sought},
    )
    deed = partial(services.add_to_team, row, by=request.user, now=timezone.now())
    make = partial(JoinTeam, case=row, sought=sought)
    return perform(request, make, deed, page=page, then=lambda member: page.cancel_url)


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    row = open_record(request, _CASES, action="lead", reference=reference)
    member = get_object_or_404(row.team.current(), pk=pk)
    page = Page(
        f"{member} leaves the team",
        f"{row.get_absolute_url()}team/",
        caption=row.reference,
        button="End membership",
        danger=True,
        said="The membership has ended, and access with it.",
    )
    deed = partial(services.leave_team, member, by=request.user, now=timezone.now())
    return perform(request, LeaveTeam, deed, page=page, then=lambda nothing: page.cancel_url)


@require_http_methods(["GET", "POST"])
def name_chair(request: HttpRequest, reference: str) -> HttpResponse:
    """Who decides on a restricted record. Shows nothing of it but its reference: whoever names the chair does not read it."""
    row = open_record(request, Case.objects.select_related("area"), action="name_chair", reference=reference)
    page = Page(
        transitions.name_chair.label,
        "/",
        caption=row.reference,
        intro="This record is restricted. The chair whom you name sees it and decides; no other chair does.",
        button="Name this chair",
        said="Named. The chair has been told.",
    )
    deed = partial(transitions.name_chair, row, by=request.user, now=timezone.now())
    return perform(request, partial(NameChair, case=row), deed, page=page, then=lambda case: "/")


@require_http_methods(["GET", "POST"])
def decline_for(request: HttpRequest, reference: str) -> HttpResponse:
    """A manager declines what is offered to one of their team. Shows nothing of the family, whom they do not read about."""
    row = open_record(request, with_offer(Case.objects), action="decline_offer", reference=reference)
    page = Page(
        f"Decline for {row.offered_to}",
        "/",
        caption=row.reference,
        intro="The hub’s chair offers the family to somebody else. Your reason is kept with the offer.",
        button="Decline",
        said="Declined. The hub chair and the worker have been told.",
    )
    deed = partial(transitions.decline, row, by=request.user, now=timezone.now())
    return perform(request, Decline, deed, page=page, then=lambda case: "/")


def _as_shown(user: Any) -> Any:
    """Cases with what every page of theirs says of them."""
    rows = with_offer(Case.objects.select_related("family", "area", "lead__agency"))
    return with_closure_heard(rows.annotate(protection=under_protection("family")).with_rights(user))


_CASES = record(_as_shown)
_OVERVIEWS = record(lambda user: panels.with_facts(_as_shown(user)))


def _tier_tags(row: Case) -> list[tuple[str, str]]:
    tags = [(f"Tier {row.get_tier_display()}", "teal")] if row.tier is not None else []
    tags += [("Child protection plan", "red")] if getattr(row, "protection", False) else []
    return tags + ([("Urgent", "red")] if row.urgent and row.status == Status.AWAITING_DECISION else [])


def _move_url(row: Case, step: Transition) -> str:
    return f"{row.get_absolute_url()}do/{step.name}/"


# --- in an emergency ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def open_one(request: SignedIn) -> HttpResponse:
    """Break glass: one case, for a day, with a reason. Those who must know hear at once."""
    if not emergency.may_open_in_emergency(request.user):
        raise PermissionDenied
    page = Page(
        "Open a case in an emergency",
        "/",
        intro="For when somebody may be at risk, and nobody to whom the case is open can be reached. It opens for 24 hours.",
        warning="The lead professional, their manager and the governance lead are told at once, and it is weighed afterwards.",
        button="Open the case",
        danger=True,
        said="The case is open to you for 24 hours. Those who must know have been told.",
        about=ABOUT_NOBODY,  # until its case is named in the form
    )
    deed = partial(emergency.open_in_emergency, by=request.user, now=timezone.now())
    return perform(request, OpenInEmergency, deed, page=page, then=Case.get_absolute_url)


@require_safe
def emergencies(request: SignedIn) -> HttpResponse:
    """What was opened so, for those who weigh it: what is open first. It opens nothing of the case."""
    if not request.user.scope.holds(Role.IG_LEAD, Role.TEAM_MANAGER):
        raise PermissionDenied
    filters = FilterForm(request.GET)
    rows = EmergencyAccess.objects.for_user(request.user).select_related("case", "user__agency", "weighed_by")
    open_first = Whichever(When(status=EmergencyStatus.OPEN, then=0), default=1)
    page = filters.page_of(rows.order_by(open_first, "-opened_at", "-pk"))
    return render(request, "cases/emergencies.html", {"page": page, "filters": filters})


@require_http_methods(["GET", "POST"])
def weigh(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Whether it was right, by somebody else than who did it."""
    row = get_object_or_404(EmergencyAccess.objects.for_user(request.user).select_related("case", "user"), pk=pk)
    step = REGISTRY[EmergencyAccess].get(name)
    if name not in WEIGHING or step is None or (request.method == "GET" and row.status not in step.sources):
        raise Http404
    wording = WEIGHING[name]
    caption = f"{row.user}, {row.case.reference}"
    page = Page(
        step.label, row.get_absolute_url(), caption=caption, button=wording.button, said=wording.said, about=row
    )
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, wording.form, deed, page=page, then=EmergencyAccess.get_absolute_url)
