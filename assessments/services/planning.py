"""Making the plan: goals in the family's words, actions with an owner and a date, meetings to come."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.models import Goal, Plan, PlanAction, PlanActionDeadline, TafMeeting
from assessments.services.leading import led, must_lead
from assessments.transitions import invite, tell_owner
from earlyhelp.audit.models import record
from earlyhelp.cases.guards import refuse_before_it_began
from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import closing
from earlyhelp.deadlines.services import promise
from earlyhelp.families.models import Person
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.models import User
from earlyhelp.workflow.services import edit
from earlyhelp.workflow.transitions import NotPossible, person


def plan_of(case: Case) -> Plan:
    """The family's one plan, made when it is first needed."""
    return Plan.objects.get_or_create(case=case)[0]


@transaction.atomic
def add_goal(case: Case, *, words: str, by: Any, now: datetime, heading: str = "", whose: Person | None = None) -> Goal:
    case = led(case, by=by)
    goal = Goal.objects.create(plan=plan_of(case), words=words, heading=heading, whose=whose)
    record("assessments.goal.add", goal, by=person(by), at=now)
    return goal


def change_goal(goal: Goal, *, by: Any, now: datetime, version: int | None = None, **words: Any) -> Goal:
    must_lead(goal.plan.case, by=by)
    return edit(goal, by=by, now=now, version=version, **words)


def plan_for_hard_times(plan: Plan, *, by: Any, now: datetime, contingency: str, version: int | None = None) -> Plan:
    """What the family does if it gets hard again (domain.md R18)."""
    must_lead(plan.case, by=by)
    return edit(plan, by=by, now=now, version=version, contingency=contingency)


@transaction.atomic
def add_action(
    goal: Goal,
    *,
    what: str,
    due_on: date,
    how_we_will_know: str,
    by: Any,
    now: datetime,
    owner: Any = None,
    owner_name: str = "",
) -> PlanAction:
    """Promise an action. What a family member owns is held by the lead professional, who helps them keep it."""
    case = led(goal.plan.case, by=by)
    if owner and not case.team.current().filter(user=owner).exists():
        raise NotPossible(f"{owner} is not on the team: add them to the team first.")
    action = PlanAction(
        case=case,
        goal=goal,
        what=what,
        owner=owner,
        owner_name=owner_name,
        due_on=due_on,
        how_we_will_know=how_we_will_know,
    )
    action.full_clean()
    action.save()
    record("assessments.planaction.add", action, by=person(by), at=now, became=action.status, due_on=due_on.isoformat())
    promise(action, "D_ACTION", now=now, holder=owner or case.lead, due_at=closing(due_on))
    tell_owner(action, by=by, now=now, key=f"action:{action.pk}:added")
    return action


@transaction.atomic
def plan_meeting(
    case: Case, *, at: datetime, where: str, by: Any, now: datetime, remote: bool = False, invite_team: bool = False
) -> TafMeeting:
    """Put a meeting in the diary, and invite the team to it at once if asked."""
    case = led(case, by=by)
    refuse_before_it_began(case, timezone.localdate(at), field="at")
    meeting = TafMeeting.objects.create(case=case, at=at, where=where, remote=remote, planned_by=by)
    record(
        "assessments.tafmeeting.plan", meeting, by=person(by), at=now, became=meeting.status, meets_at=at.isoformat()
    )
    return invite(meeting, by=by, now=now) if invite_team else meeting


def pass_on_actions(case: Case, former: User, by: Any, now: datetime) -> None:
    """What the former lead, or whoever left the team, still owed the family is the lead's from now on, who is told.

    Others' stays theirs. A family member's own action stays with them: the lead helps them keep it, as before.
    """
    owed = PlanAction.objects.filter(case=case, owner=former).unfinished().not_handed_on().select_for_update()
    passed = list(owed.order_by("pk"))
    for action in passed:
        action.owner, action.version = case.lead, action.version + 1
        action.save(update_fields=["owner", "version"])
        record("assessments.planaction.passed_on", action, by=person(by), at=now, former=former.pk, owner=case.lead_id)
    PlanActionDeadline.objects.filter(owner__case=case, holder=former).open().update(holder=case.lead)
    notify(
        [case.lead] if passed else [],
        kind=Kind.REQUEST,
        title="Actions of a family are yours now",
        reference=case.reference,
        url=f"{case.get_absolute_url()}plan/",
        key=f"case:{case.pk}:actions_passed:{now:%Y%m%d%H%M%S}",
        now=now,
    )


def silence_actions(case: Case, now: datetime) -> None:
    """The case is over: nobody is reminded of its actions any more."""
    owed = PlanActionDeadline.objects.filter(owner__case=case).open()
    owed.update(void_at=now, rings_at=None)
