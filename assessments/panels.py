"""What assessments put on the shelf of a case: four sections, the buttons that belong to them, and the next step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from assessments import queries
from assessments.enums import AHEAD, ActionStatus, HasCopy, MeetingStatus, PlanStatus, RiskLevel, SaidWhen
from assessments.models import (
    Assessment,
    Attendance,
    PlanAction,
    ProgrammeEnrolment,
    Review,
    RiskLook,
    RiskNote,
    TafMeeting,
    Voice,
)
from earlyhelp.cases.enums import LED, Status
from earlyhelp.cases.guards import Obstacle
from earlyhelp.cases.models import Case
from earlyhelp.cases.panels import NextStep, Note, deeds, fact, kept_at, next_step, note, section, under_way
from earlyhelp.core.rights import rights
from earlyhelp.families.beside import statements_on
from earlyhelp.families.joining import stays
from earlyhelp.families.kinship import goes_on
from earlyhelp.families.models import Person

# Where one child was written down twice, each was heard and came under the name of that day: it stays so.
stays(Voice, "child")
stays(Attendance, "person")


@goes_on
def a_risk_about(child: Person) -> str:
    """Whoever led it says that it is over, or writes down what it means for the mother: nobody is reminded to look at a child
    who is not expected any more.
    """
    risk = RiskNote.objects.open().filter(about=child).select_related("case").order_by("pk").first()
    return f"A risk written down in {risk.case.reference}" if risk else ""


ACTION_COLOURS = {
    ActionStatus.OPEN: "grey",
    ActionStatus.IN_PROGRESS: "blue",
    ActionStatus.DONE: "green",
    ActionStatus.NOT_DONE: "orange",
    ActionStatus.CANCELLED: "",
}
WRITES = (Status.ALLOCATED, Status.ASSESSING, Status.PLANNING, Status.SUPPORTED, Status.STEP_REQUESTED)


def leads(case: Case, user: Any) -> bool:
    return case.status in LED and bool(rights(user, case, {"lead"}))


def page_of(name: str, case: Case, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=[case.reference, *args])


@under_way
def actions_of_the_plan(case: Case) -> list[str]:
    return list(case.actions.unfinished().not_handed_on().soonest_first().values_list("what", flat=True))


# --- the assessment ---------------------------------------------------------------------------------------------------


@section(30, "assessment", "Assessment", "assessments/assessment.html")
def assessment_section(case: Case, user: Any) -> dict[str, Any]:
    """The one being written as a list of tasks; the one in force to be read; the earlier ones by their date."""
    versions = list(case.assessments.newest_first())
    writing = next((each for each in versions if each.is_being_written), None)
    standing = next((each for each in versions if each.completed_at and each.status != "superseded"), None)
    people = queries.people_of(case)
    return {
        "may_lead": leads(case, user),
        "may_sign_off": bool(standing and standing.status == "completed" and rights(user, case, {"ratify"})),
        "copy_owed": bool(standing and standing.family_has_copy == HasCopy.NOT_YET and leads(case, user)),
        "may_start": leads(case, user) and writing is None and case.status in WRITES,
        "writing": writing,
        "tasks": tasks_of(writing, case, people) if writing else [],
        "earlier": [each for each in versions if each not in (writing, standing)],
        "programme": ProgrammeEnrolment.objects.filter(case=case).exists(),
        "base": reverse("assessments:base", args=[case.reference]),
        **(what_it_says(standing, people) if standing else {}),
        **(distance_of(case, standing) if standing else {}),
    }


def tasks_of(assessment: Assessment, case: Case, people: list[Any]) -> list[dict[str, str]]:
    base = reverse("assessments:base", args=[case.reference])
    heard = set(assessment.voices.values_list("child", flat=True))
    tasks = [
        {
            "title": note.get_heading_display(),
            "url": f"{base}headings/{note.heading}/",
            "state": _state(note.is_complete, note.is_begun),
            "hint": _hint(note),
        }
        for note in assessment.notes.order_by("pk")
    ]
    tasks += [
        {
            "title": f"What {child.called} says",
            "url": f"{base}voices/{child.pk}/",
            "state": _state(child.pk in heard, False),
        }
        for child in queries.children_among(people)
    ]
    said = [getattr(assessment, name) not in (None, "") for name, _ in queries.ANALYSIS_GAPS] + [
        bool(assessment.household_listed)
    ]
    return [
        *tasks,
        {
            "title": "What it all means, and the level of need",
            "url": f"{base}analysis/",
            "state": _state(all(said), any(said)),
        },
    ]


def _state(complete: bool, begun: bool) -> str:
    return "complete" if complete else "in_progress" if begun else "not_started"


def _hint(note: Any) -> str:
    return {True: "A need", False: "No need identified"}.get(note.is_need, "")


def what_it_says(assessment: Assessment, people: list[Any]) -> dict[str, Any]:
    """One version, to be read: the needs first, then what was looked at and is none."""
    notes = list(assessment.notes.order_by("pk"))
    return {
        "shown": assessment,
        "needs": [note for note in notes if note.is_need],
        "no_needs": [note for note in notes if note.is_need is False],
        "voices": list(assessment.voices.select_related("child").order_by("child__born_on")),
        "people": people,
        "statements": statements_on(assessment, assessment.case.family),
    }


def distance_of(case: Case, standing: Assessment) -> dict[str, Any]:
    """Then and now, per need; counts and no average."""
    taken = queries.occasions(case)
    needs = queries.needs_of(case)
    rows = queries.distances(taken, needs)
    changes = [row.change for row in rows if row.change is not None]
    return {
        "distances": rows,
        "compared": len(changes),
        "better": sum(change > 0 for change in changes),
        "same": sum(change == 0 for change in changes),
        "worse": sum(change < 0 for change in changes),
        "stuck": queries.is_stuck(taken, needs),
    }


# --- the plan ---------------------------------------------------------------------------------------------------------


@section(40, "plan", "Plan", "assessments/plan.html")
def plan_section(case: Case, user: Any) -> dict[str, Any]:
    may_lead = leads(case, user)
    plan = getattr(case, "plan", None)
    goals = goals_of(plan) if plan else []
    for action in (action for goal in goals for action in goal.shown):
        action.may_update = action.is_unfinished and case.is_led and (may_lead or action.owner_id == user.pk)
    may_agree = may_lead and bool(plan) and case.status in WRITES
    return {
        "may_lead": may_lead,
        "plan": plan,
        "goals": goals,
        "agreements": list(plan.agreements.filter(agreed_on=plan.agreed_on).select_related("person")) if plan else [],
        "may_agree": may_agree,
        "missing": obstacles_to_agreeing(case) if may_agree and goals else [],
        "agreed": plan is not None and plan.status == PlanStatus.AGREED,
        "base": reverse("assessments:base", args=[case.reference]),
    }


def obstacles_to_agreeing(case: Case) -> list[Obstacle]:
    pages = {"complete": page_of("complete", case)}
    return [
        Obstacle(gap.text, pages.get(gap.page) or f"{case.get_absolute_url()}{gap.page}/")
        for gap in queries.not_ready_to_agree(case)
    ]


def goals_of(plan: Any) -> list[Any]:
    """Each goal with its actions, those still owed first, each with the colour of its state."""
    actions = PlanAction.objects.select_related("owner").soonest_first()
    goals = list(
        plan.goals.select_related("whose")
        .prefetch_related(Prefetch("actions", actions, to_attr="shown"))
        .order_by("pk")
    )
    for action in (action for goal in goals for action in goal.shown):
        action.colour = ACTION_COLOURS[ActionStatus(action.status)]
    for goal in goals:
        goal.shown.sort(key=lambda action: not action.awaits)
    return goals


# --- what may go wrong ------------------------------------------------------------------------------------------------

LEVEL_COLOURS = {RiskLevel.LOW: "grey", RiskLevel.MEDIUM: "yellow", RiskLevel.HIGH: "red"}


@section(45, "risks", "Risks and safety", "assessments/risks.html")
def risks_section(case: Case, user: Any) -> dict[str, Any]:
    """What may go wrong, the worst first, each with every look at it; what is over; and each person's own safety plan."""
    looks = Prefetch(
        "looks", RiskLook.objects.select_related("looked_by").order_by("-looked_at", "-pk"), to_attr="shown"
    )
    rows: Any = case.risks.with_due().select_related("about", "raised_by").prefetch_related(looks).worst_first()
    risks = list(rows)
    for each in (*risks, *(look for risk in risks for look in risk.shown)):
        each.colour = LEVEL_COLOURS[RiskLevel(each.level)]
    plans = list(case.safety_plans.select_related("whose", "written_by").order_by("whose__born_on", "pk"))
    return {
        "may_write": case.is_led and bool(rights(user, case, {"keep_watch"})),
        "may_ask": case.status == Status.SUPPORTED and leads(case, user),
        "risks": [risk for risk in risks if risk.is_open],
        "over": [risk for risk in risks if not risk.is_open],
        "safety_plans": [plan for plan in plans if not plan.ended_at],
        "plans_over": [plan for plan in plans if plan.ended_at],
        "base": reverse("assessments:base", args=[case.reference]),
    }


@fact("high_risks")
def high_risks() -> Any:
    """How many stand at high, if any do."""
    high = RiskNote.objects.high().filter(case=OuterRef("pk")).order_by().values("case")
    return Subquery(high.values(many=Count("pk")))


@note
def of_high_risks(case: Any, user: Any) -> list[Note]:
    if not case.high_risks:
        return []
    many = "A high risk is" if case.high_risks == 1 else f"{case.high_risks} high risks are"
    text = f"{many} written down. Read what is done about it before you visit or ring."
    return [Note("High risk", text, f"{case.get_absolute_url()}risks/", "Risks and safety")]


# --- meetings and reviews ---------------------------------------------------------------------------------------------


@section(50, "meetings", "Meetings and reviews", "assessments/meetings.html")
def meetings_section(case: Case, user: Any) -> dict[str, Any]:
    there = ("attendance__member__user", "attendance__member__service", "attendance__person")
    meetings = list(TafMeeting.objects.filter(case=case).prefetch_related(*there).order_by("-at", "-pk"))
    may_lead = leads(case, user)
    return {
        "may_lead": may_lead,
        "may_review": may_lead and case.status in (Status.SUPPORTED, Status.CLOSING),
        "now": timezone.now(),
        "ahead": [meeting for meeting in reversed(meetings) if meeting.is_ahead],
        "past": [meeting for meeting in meetings if not meeting.is_ahead],
        "reviews": list(Review.objects.filter(case=case).select_related("recorded_by").newest_first()),
        "base": reverse("assessments:base", args=[case.reference]),
    }


# --- where each promise is kept ---------------------------------------------------------------------------------------


@kept_at("D_ASSESS", "D_REASSESS")
def the_assessment(case: Case) -> str:
    return f"{case.get_absolute_url()}assessment/"


@kept_at("D_FIRST_TAF")
def the_plan(case: Case) -> str:
    return f"{case.get_absolute_url()}plan/"


@kept_at("D_REVIEW", "D_REVIEW_FIRST")
def the_review(case: Case) -> str:
    return page_of("review", case) if case.status == Status.SUPPORTED else f"{case.get_absolute_url()}meetings/"


# --- buttons and the next step ----------------------------------------------------------------------------------------


@deeds
def of_the_lead(case: Case, user: Any) -> list[tuple[str, str]]:
    if not leads(case, user):
        return []
    offered = [("Record a review", page_of("review", case))] if case.status == Status.SUPPORTED else []
    return [*offered, ("Plan a TAF meeting", page_of("plan_meeting", case))]


SAYS_HOW_IT_WAS = {
    Status.CLOSING: SaidWhen.AT_THE_END,
    Status.CLOSED: SaidWhen.AT_THE_END,
    Status.FOLLOW_UP: SaidWhen.FOLLOW_UP,
}


def asks_how_it_was(case: Case, user: Any) -> SaidWhen | None:
    """When the family is asked how it was, by whoever leads the case or asks later whether it lasted (system 37)."""
    when = SAYS_HOW_IT_WAS.get(Status(case.status))
    return when if when and rights(user, case, {"lead", "follow_up"}) else None


@deeds
def how_it_was(case: Case, user: Any) -> list[tuple[str, str]]:
    if not asks_how_it_was(case, user):
        return []
    return [("Write down how it was for the family", reverse("feedback:of_case", args=[case.reference]))]


@fact("being_assessed")
def being_assessed() -> Any:
    return Exists(Assessment.objects.being_written().filter(case=OuterRef("pk")))


@fact("copy_owed")
def copy_owed() -> Any:
    return Exists(Assessment.objects.standing().filter(case=OuterRef("pk"), family_has_copy=HasCopy.NOT_YET))


@fact("has_actions")
def has_actions() -> Any:
    return Exists(PlanAction.objects.unfinished().filter(case=OuterRef("pk")))


@fact("has_met")
def has_met() -> Any:
    return Exists(TafMeeting.objects.filter(case=OuterRef("pk"), status=MeetingStatus.HELD))


@fact("meeting_ahead")
def meeting_ahead() -> Any:
    """The next TAF meeting: its ``pk``, and ``at``, when it is."""
    ahead = TafMeeting.objects.filter(case=OuterRef("pk"), status__in=AHEAD).order_by("at")
    return Subquery(ahead.values(found=JSONObject(pk="pk", at="at"))[:1])


@next_step
def while_assessing(case: Any, user: Any) -> NextStep | None:
    if case.status != Status.ASSESSING or not leads(case, user):
        return None
    if case.being_assessed:
        why = "The family’s plan waits for it. What is written is kept."
        return NextStep(20, "Go on with the assessment", the_assessment(case), why)
    why = "The family has been met. What is going well and what has to change is found out with them."
    return NextStep(20, "Start the assessment with the family", page_of("start", case), why)


@next_step
def while_planning(case: Any, user: Any) -> NextStep | None:
    """First a meeting in the diary, then the meeting itself, then the plan that it agreed."""
    if case.status != Status.PLANNING or not leads(case, user):
        return None
    plan, why, ahead = the_plan(case), "Support begins when the family has agreed its plan.", case.meeting_ahead
    if case.has_met and case.has_actions:
        return NextStep(20, "Agree the plan with the family", page_of("agree", case), why)
    if case.has_met:
        return NextStep(20, "Write down who does what", plan, f"{why} It needs at least one action, with a date.")
    if ahead and datetime.fromisoformat(ahead["at"]) <= timezone.now():
        return NextStep(20, "Record the first TAF meeting", page_of("record_meeting", case, ahead["pk"]), why)
    if ahead:
        return NextStep(20, "Get the plan ready for the first TAF meeting", plan, why)
    why = "The assessment is completed. The family and everybody who helps them make the plan together."
    return NextStep(20, "Plan the first TAF meeting", page_of("plan_meeting", case), why)


@next_step
def when_the_family_waits_for_its_copy(case: Any, user: Any) -> NextStep | None:
    if case.status not in (Status.PLANNING, Status.SUPPORTED) or not case.copy_owed or not leads(case, user):
        return None
    why = "The assessment is completed, and it is theirs to keep."
    return NextStep(30, "Give the family their copy of the assessment", the_assessment(case), why)


@next_step
def when_a_review_is_due(case: Case, user: Any) -> NextStep | None:
    if case.status != Status.SUPPORTED or case.next_review_on is None or not leads(case, user):
        return None
    days = (case.next_review_on - timezone.localdate()).days
    if days < 0:
        why = "The review is overdue. Nobody has looked with the family at what has changed."
        return NextStep(5, "Hold the review and record it", page_of("review", case), why)
    why = "The review is due soon. Look with the family at what has changed."
    return NextStep(20, "Hold the review and record it", page_of("review", case), why) if days <= 14 else None
