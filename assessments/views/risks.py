"""What may go wrong: raised, looked at again, ended; safety plans; and what managers see of all that is high."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import transitions
from assessments.access import oversees
from assessments.enums import RiskResponse
from assessments.forms import risks as forms
from assessments.models import RiskNote, SafetyPlan
from assessments.panels import LEVEL_COLOURS
from assessments.services import risks
from assessments.views.door import back, open_case, page, section_of
from earlyhelp.cases.models import Case
from earlyhelp.workflow.transitions import Transition
from earlyhelp.workflow.views import perform

WATCH = risks.WATCH
IN_DANGER = (
    "If somebody is in danger now, ring 999. If a child or an adult may come to serious harm, hand over to social care "
    "first: it does not wait for this."
)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, reference: str) -> HttpResponse:
    case = open_case(request, reference, action=WATCH)
    here = page(case, "risks", "Write down a risk", button="Save", said="Written down.", warning=IN_DANGER)
    deed = partial(risks.raise_risk, case, by=request.user, now=timezone.now())
    return perform(request, lambda data: forms.NewRisk(data, case=case), deed, page=here, then=_after)


def _after(risk: RiskNote) -> str:
    """To the page on which what was decided is done."""
    match risk.response:
        case RiskResponse.STEP_UP:
            return reverse("hubs:request_step", args=[risk.case.reference])
        case RiskResponse.HAND_OVER:
            return f"{reverse('referrals:handover_start')}?about={risk.case.reference}"
    return section_of(risk.case, "risks")


class Move(NamedTuple):
    step: Transition
    form: type[Any]
    button: str
    said: str
    then: Callable[[RiskNote], str]


def _to_risks(risk: RiskNote) -> str:
    return section_of(risk.case, "risks")


MOVES = {
    "look": Move(transitions.look_again, forms.LookAgain, "Save", "Saved, with the day of the next look.", _after),
    "over": Move(transitions.end_risk, forms.EndRisk, "It is over", "Written down.", _to_risks),
    "pass-on": Move(transitions.pass_risk_on, forms.PassRiskOn, "Save", "Written down.", _to_risks),
}


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, pk: int, name: str) -> HttpResponse:
    case = open_case(request, reference, action=WATCH)
    risk = get_object_or_404(case.risks.select_related("about"), pk=pk)
    if name not in MOVES:
        raise Http404
    step, form, button, said, then = MOVES[name]
    about = f"{risk.get_kind_display()} ({risk.whose}): {risk.what}"
    here = page(case, "risks", step.label, button=button, said=said, intro=about, warning=IN_DANGER)
    initial = {"version": risk.version} | ({"doing": risk.doing} if name == "look" else {})
    deed = partial(step, risk, by=request.user, now=timezone.now())
    return perform(request, lambda data: form(data, initial=initial), deed, page=here, then=then)


# --- safety plans -----------------------------------------------------------------------------------------------------

WITH_THEM = (
    "Write it with the person whose plan it is, alone with them, in their words. It is theirs: a copy is made only for "
    "whoever can keep it safely."
)


@require_http_methods(["GET", "POST"])
def new_safety_plan(request: HttpRequest, reference: str) -> HttpResponse:
    case = open_case(request, reference, action=WATCH)
    here = page(case, "risks", "Make a safety plan", button="Save the plan", said="Saved.", intro=WITH_THEM)
    deed = partial(risks.write_safety_plan, case, by=request.user, now=timezone.now())
    return perform(request, lambda data: forms.NewSafetyPlan(data, case=case), deed, page=here, then=back(here))


@require_http_methods(["GET", "POST"])
def safety_plan(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    case = open_case(request, reference, action=WATCH)
    plan = _plan_of(case, pk)
    names = (*forms.ChangeSafetyPlan.base_fields, "version")
    initial = {name: getattr(plan, name) for name in names if name != "whose"}
    title = f"Change {plan.whose.called}’s safety plan"
    here = page(case, "risks", title, button="Save the plan", said="Saved.", intro=WITH_THEM)
    deed = partial(risks.change_safety_plan, plan, by=request.user, now=timezone.now())
    return perform(
        request, lambda data: forms.ChangeSafetyPlan(data, initial=initial), deed, page=here, then=back(here)
    )


@require_http_methods(["GET", "POST"])
def end_safety_plan(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    case = open_case(request, reference, action=WATCH)
    plan = _plan_of(case, pk)
    title = f"{plan.whose.called}’s safety plan is not needed any more"
    here = page(case, "risks", title, button="Save", said="Written down.")
    deed = partial(risks.end_safety_plan, plan, by=request.user, now=timezone.now())
    return perform(request, forms.EndSafetyPlan, deed, page=here, then=back(here))


def _plan_of(case: Case, pk: int) -> SafetyPlan:
    return get_object_or_404(SafetyPlan.objects.select_related("whose", "case"), case=case, pk=pk)


# --- all that is high -------------------------------------------------------------------------------------------------


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every risk of the cases that one may open, the highest first and of these the one looked at longest ago."""
    if not oversees(request.user):
        raise PermissionDenied
    filters = forms.RiskFilter(request.GET)
    rows = RiskNote.objects.for_user(request.user).open().with_due()
    rows = filters.narrow(rows).select_related("case__family", "case__lead", "about").worst_first()
    told = {"page": filters.page_of(rows), "filters": filters, "colours": LEVEL_COLOURS}
    return render(request, "assessments/risks_listed.html", told)
