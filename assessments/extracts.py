"""What social care is told when the family is handed over: the plan, and what may go wrong."""

from __future__ import annotations

from django.db.models import Prefetch

from assessments.enums import ActionStatus, PlanStatus
from assessments.models import Goal, PlanAction, RiskNote
from earlyhelp.cases.extracts import extract
from earlyhelp.cases.models import Case
from earlyhelp.core import dates
from earlyhelp.core.documents import Section

HEAD = ("What the family wants", "What was to be done", "By whom", "State")


@extract(30)
def the_plan(case: Case) -> Section | None:
    """Every goal in the family's words, and what became of each action."""
    plan = getattr(case, "plan", None)
    if plan is None:
        return None
    shown = PlanAction.objects.exclude(status=ActionStatus.CANCELLED).select_related("owner").soonest_first()
    goals = Goal.objects.filter(plan=plan).prefetch_related(Prefetch("actions", shown)).order_by("pk")
    agreed = plan.status == PlanStatus.AGREED and plan.agreed_on
    return Section(
        "The plan",
        text=f"Agreed with the family on {dates.day(plan.agreed_on)}." if agreed else "Not agreed with the family yet.",
        head=HEAD,
        rows=[row for goal in goals for row in _of_goal(goal)],
        nothing="The plan has no goal yet.",
    )


def _of_goal(goal: Goal) -> list[tuple[str, str, str, str]]:
    done = [(goal.words, each.what, each.whose, _state(each)) for each in goal.actions.all()]
    return done or [(goal.words, "", "", "")]


def _state(action: PlanAction) -> str:
    if action.is_unfinished:
        return f"{action.get_status_display()}, due {dates.day(action.due_on)}"
    return f"{action.get_status_display()}. {action.came_of_it}".strip()


AT_RISK = ("Who", "What may happen", "How high", "What is done about it")


@extract(35)
def the_risks(case: Case) -> Section | None:
    """What is open, the worst first, with the day of the last look. A safety plan is its owner's, and no part of it."""
    risks = list(RiskNote.objects.filter(case=case).open().select_related("about").worst_first())
    return Section("What may go wrong", head=AT_RISK, rows=[_of_risk(risk) for risk in risks]) if risks else None


def _of_risk(risk: RiskNote) -> tuple[str, str, str, str]:
    level = f"{risk.level_word}, looked at {dates.day(risk.looked_at)}"
    return risk.whose, f"{risk.get_kind_display()}. {risk.what}", level, risk.doing
