"""The sections that the case puts on its own shelf: overview, team, chronology."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from earlyhelp.cases.enums import LEADING, AllocationStatus, EndReason, Status
from earlyhelp.cases.models import Case, CaseDeadline, TeamMember
from earlyhelp.cases.panels import NextStep, Note, fact, named_services, next_step, next_steps, note, notes, section
from earlyhelp.cases.queries import follow_up_due, team_of, trail, trails
from earlyhelp.cases.timebox import TIMEBOX_WARNING
from earlyhelp.core.composed import Composed, PlannedOnce
from earlyhelp.core.dates import day
from earlyhelp.core.rights import rights
from earlyhelp.directory.queries import onwards_of
from earlyhelp.documents.queries import documents_of
from earlyhelp.families.chronology import Entry, chronology_of, tells
from earlyhelp.families.models import Family
from earlyhelp.families.panels import Involvement, around, involved
from earlyhelp.families.queries import lives_hidden, members, relationships
from earlyhelp.workflow.services import last_step
from earlyhelp.workflow.transitions import open_to

SHOWN = 50  # lines of the chronology on the page of a case


@section(0, "", "Overview", "cases/overview.html")
def overview(case: Case, user: Any) -> dict[str, Any]:
    team = team_of(case)
    return {
        "team": team,
        "deadlines": _owed(None, case=case.pk),
        "entries": trail(case, limit=5, known=team),
        "next_steps": next_steps(case, user),
        "notes": notes(case, user),
    }


@Composed
def _owed(nobody: None, case: Any) -> Any:
    return CaseDeadline.objects.open().filter(owner=case).soonest_first()


@section(10, "family", "Family", "cases/family.html")
def family(case: Case, user: Any) -> dict[str, Any]:
    """Who they are, as the family's own page has it."""
    people = members(case.family)
    return {"members": people, "relationships": relationships(people)}


@fact("hidden")
def somebody_lives_hidden() -> Any:
    return lives_hidden("family")


@note
def keep_it_secret(case: Any, user: Any) -> list[Note]:
    text = "Somebody could be found by it. Write it in no note, message or letter, and before you post anything ask where to."
    return [Note("Somebody’s address is secret", text)] if case.hidden else []


@section(20, "team", "Team", "cases/team.html")
def team(case: Case, user: Any) -> dict[str, Any]:
    return {"team": team_of(case), "may_change": bool(rights(user, case, {"lead"})), "leading": LEADING}


@section(25, "services", "Services", "cases/services.html")
def services(case: Case, user: Any) -> dict[str, Any]:
    """Which were named for the family, to which its people were referred, each with their own permission, and who else may be."""
    people = [member.person for member in members(case.family) if member.until_on is None]
    alive = [person for person in people if person.died_on is None]
    return {"people": alive, "onwards": list(onwards_of(people)), "offered": named_services(case, user)}


@section(65, "documents", "Documents", "cases/documents.html")
def documents(case: Case, user: Any) -> dict[str, Any]:
    """The family's, as far as this reader may see them: whoever works the case keeps them."""
    return {"documents": documents_of(case.family, user), "may_add": bool(rights(user, case, {"edit_family"}))}


@section(70, "chronology", "Chronology", "cases/chronology.html")
def chronology(case: Case, user: Any) -> dict[str, Any]:
    """The chronology of the family, the newest of it; on the family's own page all of it is filtered and printed."""
    lines = chronology_of(case.family, user, mistakes=True)
    return {"lines": lines[:SHOWN], "more": len(lines) > SHOWN}


@tells
def in_its_cases(family: Family, user: Any) -> Iterable[Entry]:
    """What happened in each case that the reader may see, and what opens it."""
    for case, step in trails(Case.objects.for_user(user).filter(family=family)):
        on = step.happened_on or timezone.localdate(step.at)
        yield Entry(on, step.at, step.title, step.text, step.who, where=case.reference, url=case.get_absolute_url())


ASKED_OF_LEAD = {
    "accept": (0, "Accept or decline this family", "The hub offered this family to you, and they wait for an answer."),
    "take_over": (
        0,
        "Accept or decline taking over",
        "You were asked to lead. Until you accept, the present lead professional goes on.",
    ),
    "record_first_contact": (
        10,
        "Record the first contact",
        "Meet the family, and every child. The assessment starts when this is recorded.",
    ),
    "close_stepped_down": (
        10,
        "Hand over what is left and close the case",
        "The hub approved the step down. The case closes once somebody carries on each action.",
    ),
    "ratify_closure": (15, "Decide on the closure", "The lead professional asks to close. The family waits to hear."),
    "record_follow_up": (
        5,
        "Record the follow-up",
        "Six months have gone by. Ask the family whether the change has lasted.",
    ),
    "end_timebox": (
        8,
        "Record the end of the programme",
        "The programme is about to end. Agree with the family what follows; ask for a step, if they need more or less.",
    ),
}


@next_step
def of_the_case_itself(case: Case, user: Any) -> NextStep | None:
    for move in open_to(user, case):
        if move.name in ASKED_OF_LEAD and sensible(case, move.name) and _pressing(case, move.name):
            place, text, why = ASKED_OF_LEAD[move.name]
            return NextStep(place, text, f"{case.get_absolute_url()}do/{move.name}/", why)
    return None


def sensible(case: Case, name: str) -> bool:
    """Which of two ways out of «closing» is open, if it is, whether there is a programme to end, and whether the family may be
    asked later: no button leads to a refusal. Of a case read ``with_closure_heard``.
    """
    heard = getattr(case, "closure_heard", False)
    return {
        "close_stepped_down": case.closure_approved,
        "ratify_closure": not (case.closure_approved or heard),
        "refuse_closure": not heard,
        "end_timebox": case.timebox_ends_on is not None,
        "record_follow_up": bool(case.follow_up_agreed),
    }.get(name, True)


def _pressing(case: Case, name: str) -> bool:
    """A follow-up is not pressed before it is due, nor the end of a programme before it is near."""
    warned = timezone.localdate() + TIMEBOX_WARNING
    return {
        "record_follow_up": case.status == Status.FOLLOW_UP,
        "end_timebox": case.timebox_ends_on is not None and case.timebox_ends_on <= warned,
    }.get(name, True)


def said_before(case: Case, name: str) -> str:
    """What the page of a deed says before anybody types, where it is not the same for every case."""
    if name == "take_over":
        return _handed_on(case)
    if name in ("ratify_closure", "refuse_closure"):
        return _proposed(case)
    due_on = follow_up_due(case) if name == "record_follow_up" else None
    if due_on is None or due_on <= timezone.localdate():
        return ""
    return f"The follow-up is due on {day(due_on)}. Until then, record only that the family wants none."


def _proposed(case: Case) -> str:
    """What whoever agrees to a closure, or does not, agrees to. A step out that the hub approved was not proposed as one."""
    proposed = None if case.closure_approved else last_step(case, "propose_closure")
    if proposed is None:
        return ""
    reason, views = (proposed.facts.get(name) for name in ("proposed", "family_views"))
    why = (
        f"{proposed.actor} proposes to close: {EndReason(reason).label}."
        if reason
        else f"{proposed.actor} proposes to close."
    )
    said = f" What the family says: {views}" if views else ""
    return f"{why} What has changed: {case.closure_summary}{said}"


def _handed_on(case: Case) -> str:
    """What whoever is to lead next reads before they say yes."""
    offered = case.allocations.filter(status=AllocationStatus.OFFERED).first()
    if offered is None or not offered.handover_note:
        return ""
    return (
        f"What {case.lead} hands on: {offered.handover_note} Visiting together: {offered.joint_visit} "
        "The present lead professional ends in the moment in which you take over: the family is never without one."
    )


@involved
def through_its_cases(family: Family, user: Any) -> list[Involvement]:
    """Every case of the family, newest first: what, who, how to reach them; a link for whoever may open it."""
    return [_involvement(case) for case in _cases(user, family=family) if case.may_view or not case.restricted]


@PlannedOnce
def _cases(user: Any, family: Any) -> Any:
    rows = Case.objects.with_rights(user, "view").select_related("lead__agency").filter(family=family)
    return rows.order_by("-accepted_at", "-pk")


def _involvement(case: Case) -> Involvement:
    agency = f", {case.lead.agency}" if case.lead and case.lead.agency else ""
    who = f"{case.lead}{agency}" if case.lead else case.holder
    state = case.get_status_display()
    url = case.get_absolute_url() if case.may_view else ""  # type: ignore[attr-defined]
    phone = case.lead.phone if case.lead and case.is_live else ""
    what = f"Early help case {case.reference}"
    return Involvement(what, who, phone, state, url, live=case.is_live, about_children=case.is_live)


@around
def on_its_teams(family: Family, user: Any) -> list[Involvement]:
    """Everybody who is or was on the team of a case that the reader may see, but who leads one: the case says that."""
    told = {(row.case_id, str(row)): _on_a_team(row) for row in _members(user, family=family)}
    return sorted(told.values(), key=lambda each: not each.live)


@PlannedOnce
def _members(user: Any, family: Any) -> Any:
    members: Any = TeamMember.objects.for_user(user).filter(case__family=family)
    rows = members.exclude(role__in=LEADING, until_at=None).select_related("user__agency", "agency", "service", "case")
    return rows.order_by("from_at", "pk")


def _on_a_team(row: TeamMember) -> Involvement:
    agency = row.agency or (row.user.agency if row.user else None)
    who = f"{row}, {agency}" if agency else str(row)
    live = row.until_at is None and row.case.is_live
    state = "" if live else f"until {day(row.until_at)}" if row.until_at else "over"
    return Involvement(
        f"{row.get_role_display()}, {row.case.reference}",
        who,
        state=state,
        live=live,
        is_service=row.service_id is not None,
    )
