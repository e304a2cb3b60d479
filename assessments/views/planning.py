"""Goals, actions, agreeing the plan, and the meetings of the team."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import transitions
from assessments.enums import ActionStatus
from assessments.forms import planning as forms
from assessments.models import Goal, PlanAction
from assessments.panels import goals_of, obstacles_to_agreeing
from assessments.queries import people_of
from assessments.services import planning
from assessments.views.door import back, open_case, page, section_of
from earlyhelp.cases.models import Case
from earlyhelp.core.rights import rights
from earlyhelp.workflow.views import perform

UPDATES = {
    ActionStatus.IN_PROGRESS: transitions.begin_action,
    ActionStatus.DONE: transitions.finish_action,
    ActionStatus.NOT_DONE: transitions.give_up_action,
    ActionStatus.CANCELLED: transitions.cancel_action,
}


@require_safe
def my_actions(request: HttpRequest) -> HttpResponse:
    """Everything that I said I would do, over all families, the soonest first."""
    filters, today = forms.ActionFilter(request.GET), timezone.localdate()
    mine = PlanAction.objects.for_user(request.user, "update").filter(owner=request.user).unfinished().not_handed_on()
    rows = filters.narrow(mine, today=today).select_related("case__family").soonest_first()
    return render(request, "assessments/my_actions.html", {"page": filters.page_of(rows), "filters": filters})


# --- goals ------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def add_goal(request: HttpRequest, reference: str) -> HttpResponse:
    case = open_case(request, reference)
    here = page(case, "plan", "Add a goal", button="Add the goal", said="Goal added. Now say who does what.")
    deed = partial(planning.add_goal, case, by=request.user, now=timezone.now())
    return perform(request, lambda data: forms.NewGoal(data, case=case), deed, page=here, then=back(here))


@require_http_methods(["GET", "POST"])
def goal(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    case = open_case(request, reference)
    row = get_object_or_404(Goal, plan__case=case, pk=pk)
    initial = {"words": row.words, "heading": row.heading, "whose": row.whose_id, "version": row.version}
    here = page(case, "plan", "Change the goal", said="Saved.")
    deed = partial(planning.change_goal, row, by=request.user, now=timezone.now())
    return perform(
        request,
        lambda data: forms.Goal(data, case=case, initial=initial),
        deed,
        page=here,
        then=back(here),
    )


@require_http_methods(["GET", "POST"])
def hard_times(request: HttpRequest, reference: str) -> HttpResponse:
    case = open_case(request, reference)
    plan = getattr(case, "plan", None)
    if plan is None:
        raise Http404
    initial = {"contingency": plan.contingency, "version": plan.version}
    here = page(case, "plan", "If it gets hard again", said="Saved.")
    deed = partial(planning.plan_for_hard_times, plan, by=request.user, now=timezone.now())
    return perform(
        request,
        lambda data: forms.HardTimes(data, initial=initial),
        deed,
        page=here,
        then=back(here),
    )


# --- actions ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def add_action(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    case = open_case(request, reference)
    row = get_object_or_404(Goal.objects.select_related("plan__case"), plan__case=case, pk=pk)
    here = page(
        case, "plan", "Add an action", intro=f"Goal: {row.words}", button="Add the action", said="Action added."
    )
    deed = partial(planning.add_action, row, by=request.user, now=timezone.now())
    return perform(request, lambda data: forms.NewAction(data, case=case), deed, page=here, then=back(here))


@require_http_methods(["GET", "POST"])
def action(request: HttpRequest, reference: str, pk: int, name: str) -> HttpResponse:
    """How an action goes, for its owner or the lead; another date, another owner, or somebody who carries it on, for the lead."""
    case = open_case(request, reference, action="view")
    leads = bool(rights(request.user, case, {"lead"}))
    if name not in ACTION_PAGES or not (leads or name == "update"):
        raise Http404
    row = get_object_or_404(PlanAction.objects.for_user(request.user, "update"), case=case, pk=pk)
    title, make_form, deed, said = ACTION_PAGES[name]
    others = _other_pages(case, row) if leads and name == "update" else []
    here = page(
        case,
        "plan",
        title,
        intro=f"{row.whose}: {row.what}",
        said=said,
        template="assessments/action.html",
        extra={"others": others},
    )
    return perform(
        request,
        lambda data: make_form(data, case, leads),
        partial(deed, row, by=request.user, now=timezone.now()),
        page=here,
        then=back(here),
    )


def _other_pages(case: Case, action: PlanAction) -> list[tuple[str, str]]:
    """What else the lead may do with an action that is not finished."""
    return [
        (title, reverse("assessments:action", args=[case.reference, action.pk, name]))
        for name, (title, *_) in ACTION_PAGES.items()
        if name != "update" and action.is_unfinished
    ]


def _update(action: PlanAction, *, by: Any, now: Any, status: str, came_of_it: str) -> PlanAction:
    return UPDATES[ActionStatus(status)](action, by=by, now=now, came_of_it=came_of_it)


ActionPage = tuple[str, Callable[[Any, Case, bool], Any], Callable[..., Any], str]
ACTION_PAGES: dict[str, ActionPage] = {
    "update": ("Update an action", lambda data, case, leads: forms.ActionUpdate(data, leads=leads), _update, "Saved."),
    "date": (
        "Change the date",
        lambda data, case, leads: forms.ActionDate(data),
        transitions.put_off_action,
        "The date is changed.",
    ),
    "owner": (
        "Give it to somebody else",
        lambda data, case, leads: forms.ActionOwner(data, case=case),
        transitions.give_action,
        "Given.",
    ),
    "hand-on": ("Hand it on", lambda data, case, leads: forms.HandOn(data), transitions.hand_on, "Handed on."),
}


# --- the plan as a whole ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, reference: str) -> HttpResponse:
    case = open_case(request, reference)
    here = page(
        case,
        "plan",
        "Agree the plan",
        button="The plan is agreed",
        said="The plan is agreed. Give the family their copy.",
        intro="The plan is the family’s. Agree it with them at the TAF meeting, and give everybody a copy.",
    )

    def deed(**facts: Any) -> Any:
        return transitions.agree(planning.plan_of(case), by=request.user, now=timezone.now(), **facts)

    if request.method == "GET" and (missing := obstacles_to_agreeing(case)):
        return render(request, "cases/not_yet.html", {"page": here, "obstacles": missing})
    return perform(request, forms.agree_form(people_of(case)), deed, page=here, then=back(here))


@require_safe
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """The plan in plain words, for the family to keep."""
    case = open_case(request, reference, action="view")
    plan = getattr(case, "plan", None)
    if plan is None:
        raise Http404
    meeting = case.taf_meetings.ahead().filter(at__gte=timezone.now()).order_by("at").first()
    told = {
        "case": case,
        "plan": plan,
        "goals": goals_of(plan),
        "meeting": meeting,
        "back_url": section_of(case, "plan"),
    }
    return render(request, "assessments/plan_print.html", told)


# --- meetings ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def plan_meeting(request: HttpRequest, reference: str) -> HttpResponse:
    case = open_case(request, reference)
    here = page(case, "meetings", "Plan a TAF meeting", button="Plan the meeting", said="The meeting is planned.")
    deed = partial(planning.plan_meeting, case, by=request.user, now=timezone.now())
    return perform(request, forms.PlanMeeting, deed, page=here, then=back(here))


@require_http_methods(["GET", "POST"])
def record_meeting(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    case = open_case(request, reference)
    meeting = get_object_or_404(case.taf_meetings, pk=pk)
    here = page(
        case, "meetings", "Record the TAF meeting", button="Record the meeting", said="The meeting is recorded."
    )
    deed = partial(transitions.hold, meeting, by=request.user, now=timezone.now())
    return perform(request, lambda data: forms.RecordMeeting(data, case=case), deed, page=here, then=back(here))


NOT_HELD = {
    "cancel": (transitions.cancel_meeting, "The meeting is cancelled, and the team has been told."),
    "too-few": (transitions.not_quorate, "Noted. Plan another meeting."),
}


@require_http_methods(["GET", "POST"])
def not_held(request: HttpRequest, reference: str, pk: int, name: str) -> HttpResponse:
    if name not in NOT_HELD:
        raise Http404
    case = open_case(request, reference)
    step, said = NOT_HELD[name]
    here = page(case, "meetings", step.label, button=step.label, said=said)
    deed = partial(step, get_object_or_404(case.taf_meetings, pk=pk), by=request.user, now=timezone.now())
    return perform(request, forms.NotHeld, deed, page=here, then=back(here))
