"""The sections that the case puts on its own shelf: overview, team, chronology."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.enums import LEADING
from earlyhelp.cases.models import Case
from earlyhelp.cases.panels import NextStep, next_step, next_steps, section
from earlyhelp.cases.queries import team_of, trail
from earlyhelp.core.access import rights
from earlyhelp.families.models import Family, SignificantEvent
from earlyhelp.families.panels import Involvement, involved
from earlyhelp.families.queries import members, relationships
from earlyhelp.workflow.transitions import open_to


@section(0, "", "Overview", "cases/overview.html")
def overview(case: Case, user: Any) -> dict[str, Any]:
    return {
        "team": team_of(case),
        "deadlines": list(case.deadlines.open().soonest_first()),
        "entries": trail(case, limit=5),
        "next_steps": next_steps(case, user),
    }


@section(10, "family", "Family", "cases/family.html")
def family(case: Case, user: Any) -> dict[str, Any]:
    """Who they are, as the family's own page has it."""
    people = members(case.family)
    return {"members": people, "relationships": relationships(people)}


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


@involved
def through_its_cases(family: Family, user: Any) -> list[Involvement]:
    """Every case of the family, newest first: what, who, how to reach them; a link for whoever may open it."""
    rows = Case.objects.with_rights(user, "view").select_related("lead__agency").filter(family=family)
    return [_involvement(case) for case in rows.order_by("-accepted_at", "-pk") if case.may_view or not case.restricted]


def _involvement(case: Case) -> Involvement:
    agency = f", {case.lead.agency}" if case.lead and case.lead.agency else ""
    who = f"{case.lead}{agency}" if case.lead else case.holder
    state = case.get_status_display()
    url = case.get_absolute_url() if case.may_view else ""  # type: ignore[attr-defined]
    phone = case.lead.phone if case.lead and case.is_live else ""
    return Involvement(f"Early help case {case.reference}", who, phone, state, url)
