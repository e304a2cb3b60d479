"""Assessments, plans and meetings for tests: made through the services, as a lead professional makes them."""

from __future__ import annotations

import threading
from datetime import timedelta

import factory
from django.db import connections
from factory.django import DjangoModelFactory

from assessments.models import Goal, PlanAction, RiskNote, TafMeeting
from assessments.services import assessing, planning
from assessments.services.reviewing import Found
from assessments.transitions import complete
from earlyhelp.families.models import Agreement
from tests.factories import MONDAY, MemberFactory, PersonFactory

SAID = {
    "strengths": "They ring when it is hard.",
    "worries": "The rent is behind.",
    "needs_to_change": "A plan for the rent.",
}
ANALYSIS = {
    "household_listed": True,
    "going_well": "They ask for help.",
    "worried_about": "The home may be lost.",
    "needs_to_change": "The arrears.",
    "parents_views": "“I want to keep the house.”",
    "level_of_need": 3,
    "level_reason": "Several services are needed.",
}


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = Goal

    plan = factory.LazyAttribute(lambda goal: planning.plan_of(goal.case))
    words = "We stay in our home."

    class Params:
        case = None


class ActionFactory(DjangoModelFactory):
    """An action on a plan of ``case``; nobody is reminded of it, because no service promised it."""

    class Meta:
        model = PlanAction

    goal = factory.LazyAttribute(lambda action: GoalFactory(case=action.case))
    what = "Ring the landlord."
    due_on = MONDAY.date() + timedelta(days=14)
    how_we_will_know = "The landlord agrees a plan."


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = TafMeeting

    at = MONDAY
    where = "The village hall"
    planned_by = factory.LazyAttribute(lambda meeting: meeting.case.lead)


class RiskNoteFactory(DjangoModelFactory):
    """One risk of all of the family, as somebody of the team wrote it down; nobody is reminded, for no service promised it."""

    class Meta:
        model = RiskNote

    kind = "home"
    what = "They may lose their home."
    level = "medium"
    response = "manage"
    doing = "Housing rings each Friday."
    raised_by = factory.LazyAttribute(lambda risk: risk.case.lead)
    raised_at = MONDAY
    looked_at = MONDAY


def family_of(case, *, children=1, agreed=True):
    """A parent who agreed to help, and children. Answers with them all, the parent first."""
    parent = MemberFactory(family=case.family, role="parent", person=PersonFactory(born_on=None)).person
    if agreed:
        Agreement.objects.create(
            family=case.family, person=parent, status="given", recorded_by=case.lead, recorded_at=MONDAY
        )
    return [parent, *(MemberFactory(family=case.family).person for _ in range(children))]


def write_all(assessment, *, by, needs=("housing",), reading=1, now=MONDAY):
    """Everything that completion asks for, but for the completion."""
    for note in assessment.notes.all():
        words = {**SAID, "is_need": True, "reading": reading} if note.heading in needs else {"is_need": False}
        assessing.save_heading(note, by=by, now=now, **words)
    for child in assessment.case.family.people.filter(memberships__role="child"):
        assessing.record_voice(assessment, child, how="words", words="“I like my school.”", by=by, now=now)
    return assessing.save_analysis(assessment, by=by, now=now, **ANALYSIS)


def assessed(case, *, by, needs=("housing",), reading=1, now=MONDAY):
    """A completed assessment of the case, with a baseline reading for each need."""
    if not case.family.memberships.exists():
        family_of(case)
    assessment = write_all(assessing.start(case, by=by, now=now), by=by, needs=needs, reading=reading, now=now)
    return complete(assessment, by=by, now=now, family_has_copy="yes")


def found(case, *, readings=None):
    """What a review finds when every question is answered."""
    return Found(
        progress={action.pk: "Half way." for action in case.actions.all() if action.awaits},
        readings=readings or {},
        voices={
            child.pk: ("words", "“It is calmer.”", "") for child in case.family.people.filter(memberships__role="child")
        },
    )


def race(*deeds):
    """Do these at the same moment; says how each ended."""
    barrier, outcomes = threading.Barrier(len(deeds)), []

    def run(deed):
        barrier.wait()
        try:
            deed()
            outcomes.append("done")
        except Exception as problem:
            outcomes.append(type(problem).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes
