"""The sections that the case puts on its own shelf: overview, team, chronology."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.enums import LEADING
from earlyhelp.cases.models import Case
from earlyhelp.cases.panels import NextStep, next_step, next_steps, section
from earlyhelp.cases.queries import team_of, trail
from earlyhelp.core.access import rights
from earlyhelp.families.models import SignificantEvent
from earlyhelp.workflow.transitions import open_to


@section(0, "", "Overview", "cases/overview.html")
def overview(case: Case, user: Any) -> dict[str, Any]:
    return {
        "team": team_of(case),
        "deadlines": list(case.deadlines.open().soonest_first()),
        "entries": trail(case, limit=5),
        "next_steps": next_steps(case, user),
    }


@section(20, "team", "Team", "cases/team.html")
def team(case: Case, user: Any) -> dict[str, Any]:
    return {"team": team_of(case), "may_change": bool(rights(user, case, {"lead"})), "leading": LEADING}


@section(70, "chronology", "Chronology", "cases/chronology.html")
def chronology(case: Case, user: Any) -> dict[str, Any]:
    """What happened to the family, and what happened to the case, told apart but read together."""
    events = SignificantEvent.objects.filter(family=case.family_id).select_related("recorded_by", "agency", "person")
    return {"events": list(events.order_by("-happened_on", "-pk")), "entries": trail(case)}


ASKED_OF_LEAD = {
    "accept": (0, "Accept or decline this family"),
    "take_over": (0, "Accept or decline taking over"),
    "record_first_contact": (10, "Meet the family and record the first contact"),
    "close_stepped_down": (10, "Hand over what is left and close the case"),
    "ratify_closure": (15, "Decide on the closure"),
    "record_follow_up": (5, "Ask the family whether the change has lasted"),
}


@next_step
def of_the_case_itself(case: Case, user: Any) -> NextStep | None:
    for move in open_to(user, case):
        if move.name in ASKED_OF_LEAD and _sensible(case, move.name):
            place, text = ASKED_OF_LEAD[move.name]
            return NextStep(place, text, f"{case.get_absolute_url()}do/{move.name}/")
    return None


def _sensible(case: Case, name: str) -> bool:
    """Which of two ways out of «closing» is open; and a follow-up is not pressed before it is due."""
    return {"close_stepped_down": case.closure_approved, "ratify_closure": not case.closure_approved}.get(name, True)


