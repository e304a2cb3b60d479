"""What a lead professional does with a family: assesses, plans, meets and reviews, through the product's own services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from assessments import transitions
from assessments.enums import HasCopy, ReviewDecision, Risk, RiskResponse, VoiceHow
from assessments.models import Assessment, PlanAction
from assessments.queries import children_among, needs_of, occasions, people_of
from assessments.services import assessing, planning, reviewing, risks
from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import add_working_days
from earlyhelp.demo.texts import FINDINGS, SEEN, VOICES
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.families.models import Person

BASELINE, BEST, YOUNG = 1, 4, 5
FAMILY_WORDS = "“It is what we asked for. We will give it a try.”"


def begin_assessment(case: Case, needs: Iterable[str], *, now: datetime) -> None:
    """The first visit is written up: the first of the needs, and nothing else yet."""
    assessment = assessing.start(case, by=case.lead, now=now)
    _write_need(assessment, next(iter(needs)), now=now)


def complete_assessment(case: Case, needs: Iterable[str], level: int, *, dice: Random, now: datetime) -> None:
    assessment, lead = case.assessments.being_written().get(), case.lead
    for note in assessment.notes.filter(is_need=None):
        if note.heading in needs:
            _write_need(assessment, note.heading, now=now)
        else:
            assessing.save_heading(note, by=lead, now=now, is_need=False)
    for child in children_among(people_of(case)):
        how, words, _ = _voice(child, dice, now)
        assessing.record_voice(assessment, child, by=lead, now=now, how=how, words=words)
    assessment = assessing.save_analysis(assessment, by=lead, now=now, **_analysis(list(needs), level))
    transitions.give_to_family(assessment, by=lead, now=now)
    transitions.complete(assessment, by=lead, now=now)


def assess_again(case: Case, *, dice: Random, now: datetime) -> None:
    """The same needs stand; what the family needs by now is more."""
    needs = needs_of(case)
    begin_assessment(case, needs, now=now)
    complete_assessment(case, needs, LevelOfNeed.SEVERAL, dice=dice, now=now)


def _write_need(assessment: Assessment, heading: str, *, now: datetime) -> None:
    found = FINDINGS[heading]
    assessing.save_heading(
        assessment.notes.get(heading=heading),
        by=assessment.case.lead,
        now=now,
        strengths=found.strengths,
        worries=found.worries,
        needs_to_change=found.change,
        is_need=True,
        reading=BASELINE,
    )


def _analysis(needs: list[str], level: int) -> dict[str, Any]:
    return {
        "household_listed": True,
        "going_well": " ".join(FINDINGS[need].strengths for need in needs),
        "worried_about": " ".join(FINDINGS[need].worries for need in needs),
        "needs_to_change": " ".join(FINDINGS[need].change for need in needs),
        "parents_views": "They would rather have asked earlier. They want one person, and to be told the truth.",
        "level_of_need": level,
        "level_reason": "Several agencies are needed, and nobody is at risk of significant harm.",
        "family_has_copy": HasCopy.YES,
    }


def make_plan(case: Case, *, now: datetime) -> None:
    """A goal in the family's words and an action for each need; the first is the lead's, the last the family's own."""
    needs = needs_of(case)
    for number, need in enumerate(needs):
        found = FINDINGS[need]
        goal = planning.add_goal(case, words=found.goal, heading=need, by=case.lead, now=now)
        theirs = number == len(needs) - 1
        planning.add_action(
            goal,
            what=found.action,
            due_on=add_working_days(now.date(), 15 + 5 * number),
            how_we_will_know=found.sign,
            by=case.lead,
            now=now,
            owner=None if theirs else case.lead,
            owner_name=parent_of(case).name if theirs else "",
        )
    contingency = "Ring the lead professional; out of hours, the school’s helpline or 111. It is no failure to ask."
    planning.plan_for_hard_times(planning.plan_of(case), by=case.lead, now=now, contingency=contingency)


def invite_team(case: Case, *, to: datetime, where: str, now: datetime) -> None:
    planning.plan_meeting(case, at=to, where=where, by=case.lead, now=now, invite_team=True)


def agree_plan(case: Case, *, now: datetime) -> None:
    """The first TAF meeting, and with it the plan."""
    meeting = case.taf_meetings.get()
    notes = "Everybody said what they can do. The plan was read aloud and two things were changed."
    team, parent = list(case.team.current()), parent_of(case)
    transitions.hold(meeting, by=case.lead, now=now, members=team, family=[parent], notes=notes)
    transitions.agree(planning.plan_of(case), by=case.lead, now=now, said={parent: FAMILY_WORDS})


def review(case: Case, decision: str, *, better: bool, dice: Random, now: datetime) -> None:
    """One action is done since; the others are under way. ``better``: the readings rise by one."""
    actions = PlanAction.objects.filter(case=case).unfinished()
    if (first := actions.order_by("due_on").first()) and better:
        transitions.finish_action(first, by=case.lead, now=now, came_of_it="Done, and it helped.")
    last = occasions(case)[-1].values
    found = reviewing.Found(
        progress={action.pk: "Begun; some weeks better than others." for action in actions.not_handed_on()},
        readings={need: min(last.get(need, BASELINE) + better, BEST) for need in needs_of(case)},
        voices={child.pk: _voice(child, dice, now) for child in children_among(people_of(case))},
    )
    reviewing.record_review(
        case,
        held_on=now.date(),
        risk=Risk.LOWER if better else Risk.UNCHANGED,
        decision=decision,
        found=found,
        by=case.lead,
        now=now,
        summary="Calmer than last time." if better else "Much as it was: it is not enough.",
    )


def finish(case: Case, *, dice: Random, now: datetime) -> None:
    """What is left to do is done or handed on, and the last review says so."""
    for action in PlanAction.objects.filter(case=case).unfinished().order_by("due_on"):
        transitions.hand_on(action, by=case.lead, now=now, handed_to="Bethan Price, school family worker")
    review(case, ReviewDecision.CLOSE, better=True, dice=dice, now=now)


def raise_risk(
    case: Case,
    kind: str,
    what: str,
    found: str,
    doing: str,
    level: str,
    *,
    now: datetime,
    child: bool = False,
    response: str = RiskResponse.MANAGE,
) -> None:
    about = children_among(people_of(case))[0] if child else None
    said = {"what": what, "found": found, "doing": doing}
    risks.raise_risk(case, about=about, kind=kind, level=level, response=response, by=case.lead, now=now, **said)


def look_at_risk(case: Case, found: str, doing: str, level: str, *, now: datetime) -> None:
    risk = case.risks.open().latest("pk")
    said = {"found": found, "response": RiskResponse.MANAGE, "doing": doing}
    transitions.look_again(risk, by=case.lead, now=now, level=level, **said)


def end_risk(case: Case, because: str, *, now: datetime) -> None:
    transitions.end_risk(case.risks.open().latest("pk"), by=case.lead, now=now, ended_because=because)


def make_safety_plan(case: Case, *, child: bool, now: datetime, **parts: str) -> None:
    whose = children_among(people_of(case))[0] if child else parent_of(case)
    risks.write_safety_plan(case, whose=whose, by=case.lead, now=now, **parts)


def parent_of(case: Case) -> Person:
    """Who speaks for the family: the first of its adults to be written down."""
    adults = case.family.memberships.current().exclude(role="child").select_related("person")
    return adults.order_by("pk")[0].person


def _voice(child: Person, dice: Random, now: datetime) -> tuple[str, str, str]:
    """How a child was heard, and what they said or showed."""
    young = child.born_on is not None and child.born_on > now.date() - timedelta(days=YOUNG * 365)
    return (VoiceHow.DRAWING, SEEN, "") if young else (VoiceHow.WORDS, dice.choice(VOICES), "")
