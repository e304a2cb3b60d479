"""What is raced of a plan: a meeting of the team around the family, an action, and a risk that somebody watches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assessments.models import PlanAction, RiskNote, TafMeeting
from earlyhelp.core.calendar import closing
from earlyhelp.deadlines.services import promise
from tests.assessments.factories import ActionFactory, RiskNoteFactory
from tests.assessments.factories import MeetingFactory as TafFactory
from tests.factories import MONDAY, CaseFactory, MemberFactory
from tests.pairs.racing import Act, Scene


def _taf(people: dict[str, Any], state: str, needs: set[str]) -> TafMeeting:
    case = CaseFactory.led_by(people["worker"], area=people["melton"])
    MemberFactory(family=case.family, role="parent")
    return TafMeeting.objects.get(pk=TafFactory(case=case, status=state).pk)


TAFS = Scene(
    TafMeeting,
    (
        Act("invite", "worker"),
        Act(
            "hold",
            "worker",
            {
                "members": lambda row: list(row.case.team.current()),
                "family": lambda row: list(row.case.family.people.all()),
                "notes": "We met.",
            },
        ),
        Act("not_quorate", "worker", {"why_not": "Snow."}),
        Act("cancel_meeting", "worker", {"why_not": "Snow."}),
    ),
    {"planned": "planned", "invited": "invited"},
    _taf,
    MONDAY + timedelta(days=1),
    beside=lambda row: row.attendance.count(),
)


def _action(people: dict[str, Any], state: str, needs: set[str]) -> PlanAction:
    case = CaseFactory.led_by(people["worker"], area=people["melton"])
    action = ActionFactory(case=case, owner=people["worker"])
    promise(action, "D_ACTION", now=MONDAY, holder=people["worker"], due_at=closing(action.due_on))
    return PlanAction.objects.get(pk=action.pk)


WHY = {"came_of_it": "They moved away."}
ACTIONS = Scene(
    PlanAction,
    (
        Act("begin_action", "worker", WHY),
        Act("finish_action", "worker", WHY),
        Act("give_up_action", "worker", WHY),
        Act("cancel_action", "worker", WHY),
        Act("put_off_action", "worker", {"due_on": (MONDAY + timedelta(days=30)).date(), "reason": "The school."}),
        Act("give_action", "worker", {"owner": "other_worker", "reason": "Nearer."}),
        Act("hand_on", "worker", {"handed_to": "Ms Ray, Forest Way"}),
    ),
    {"open": "open"},
    _action,
    MONDAY,
)


def _risk(people: dict[str, Any], state: str, needs: set[str]) -> RiskNote:
    case = CaseFactory.led_by(people["worker"], area=people["melton"])
    return RiskNoteFactory(case=case)


LOOK = {"level": "low", "found": "Calmer.", "response": "manage", "doing": "We ring on Fridays."}
RISKS = Scene(
    RiskNote,
    (
        Act("look_again", "worker", LOOK),
        Act("end_risk", "worker", {"ended_because": "They moved away."}),
        Act("pass_risk_on", "worker", {"ended_because": "Dr Ames, CAMHS."}),
    ),
    {"open": "open"},
    _risk,
    MONDAY,
    beside=lambda risk: sorted(risk.looks.values_list("level", flat=True)),
)

PLAN_SCENES = {
    "TAF meetings": TAFS,
    "actions of a plan": ACTIONS,
    "risks": RISKS,
}
