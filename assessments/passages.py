"""The plan and the assessment, part by part, for copies: a goal of one person, a child’s own words, are theirs alone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch

from assessments.enums import ActionStatus
from assessments.models import Assessment, Goal, HeadingNote, Plan, PlanAction, SafetyPlan
from assessments.models.risk import SAFETY_PARTS
from earlyhelp.core import dates
from earlyhelp.core.words import within
from earlyhelp.families.beside import statements_on
from earlyhelp.families.enums import FamilyRole
from earlyhelp.families.models import Family
from earlyhelp.sharing.enums import Data
from earlyhelp.sharing.passages import Passage, document

GROWN_UP = (FamilyRole.PARENT, FamilyRole.CARER, FamilyRole.PARTNER)

GENERAL = {
    "going_well": "What is going well",
    "worried_about": "What we are worried about",
    "needs_to_change": "What needs to change",
}


@document("plan", "Our plan", Data.PLAN)
def plan(family: Family) -> list[Passage]:
    """Each goal with its actions, and what to do if it gets hard again; of the newest plan."""
    row = Plan.objects.filter(case__family=family).order_by("-pk").first()
    if row is None:
        return []
    shown = PlanAction.objects.exclude(status=ActionStatus.CANCELLED).select_related("owner").soonest_first()
    goals = Goal.objects.filter(plan=row).select_related("whose").prefetch_related(Prefetch("actions", shown))
    told = [_goal(each) for each in goals.order_by("pk")]
    again = Passage(f"plan-{row.pk}-again", "If it gets hard again", row.contingency)
    return [*told, again] if row.contingency else told


def _goal(goal: Goal) -> Passage:
    whose = f"{goal.whose.called}: " if goal.whose else ""
    actions = [f"{each.whose}: {each.what} ({_state(each)})" for each in goal.actions.all()]
    about = frozenset([goal.whose_id]) if goal.whose_id else frozenset()
    return Passage(f"goal-{goal.pk}", f"{whose}{goal.words}", "\n".join(actions), about)


def _state(action: PlanAction) -> str:
    if action.is_unfinished:
        return f"by {dates.day(action.due_on)}; we will know it worked when: {action.how_we_will_know}"
    return f"{within(action.get_status_display())}. {action.came_of_it}".strip()


@document("assessment", "Our assessment", Data.ASSESSMENT)
def assessment(family: Family) -> list[Passage]:
    """The one that counts now: in general, each child’s own words, what the grown-ups say, each need, and what is said of it."""
    row = Assessment.objects.filter(case__family=family).standing().order_by("-pk").first()
    if row is None:
        return []
    return [each for each in (*_general(row, family), *_voices(row), *_needs(row), *_beside(row, family)) if each.text]


def _general(row: Assessment, family: Family) -> Iterator[Passage]:
    for name, label in GENERAL.items():
        yield Passage(f"assessment-{row.pk}-{name}", label, getattr(row, name))
    grown_ups = family.memberships.current().filter(role__in=GROWN_UP).values_list("person", flat=True)
    about = frozenset(grown_ups)  # what each of them said stands in one text: it is given to none of several
    yield Passage(f"assessment-{row.pk}-parents", "What the parents or carers say", row.parents_views, about)


def _voices(row: Assessment) -> Iterator[Passage]:
    for each in row.voices.select_related("child").order_by("pk"):
        heading = f"What {each.child.called} says"
        yield Passage(f"voice-{each.pk}", heading, each.words, frozenset([each.child_id]))


def _needs(row: Assessment) -> Iterator[Passage]:
    for note in HeadingNote.objects.filter(assessment=row).needs().order_by("pk"):
        said = [note.strengths, note.worries, note.needs_to_change]
        yield Passage(f"need-{note.pk}", note.get_heading_display(), "\n\n".join(filter(None, said)))


def _beside(row: Assessment, family: Family) -> Iterator[Passage]:
    """Their own words, put right or contradicting: theirs alone, as a child’s are."""
    for each in statements_on(row, family):
        heading = f"What {each.person.called} says of this assessment"
        yield Passage(f"statement-{each.pk}", heading, each.words, frozenset([each.person.pk]))


# --- the safety plan --------------------------------------------------------------------------------------------------


@document("safety", "Safety plan", Data.CONCERN)
def safety(family: Family) -> list[Passage]:
    """The newest of each person, theirs alone; of nobody for whom it is not safe to have one, for paper lies about."""
    plans = SafetyPlan.objects.current().filter(case__family=family).select_related("whose").order_by("pk")
    newest = {plan.whose_id: plan for plan in plans}
    return [each for plan in newest.values() if plan.may_be_given for each in _safety(plan)]


def _safety(plan: SafetyPlan) -> Iterator[Passage]:
    """Whom they turn to are mostly people outside the family, with their numbers: that goes to no agency."""
    for name, label in SAFETY_PARTS.items():
        if text := getattr(plan, name):
            yield Passage(
                f"safety-{plan.pk}-{name}",
                f"{plan.whose.called}: {label}",
                text,
                frozenset([plan.whose_id]),
                theirs_alone=True,
                no_agency=name in ("people", "places"),
            )
