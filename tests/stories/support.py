"""What a lead professional does with a family, on its pages: meet, assess, plan, meet again and review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assessments.models import Goal, PlanAction, TafMeeting
from earlyhelp.cases.models import Case
from tests.stories.people import Desk

SAID = {
    "strengths": "They talk about it.",
    "worries": "It gets worse when nobody asks.",
    "needs_to_change": "Less of it.",
}
AS_IT_WAS = {"summary": "All of it was gone through.", "risk": "unchanged", "decision": "continue"}


def children_of(case: Case) -> list[Any]:
    return list(case.family.people.filter(memberships__role="child").order_by("born_on"))


def meets(desk: Desk, case: Case, seen: str) -> None:
    said = {"met_on": timezone.localdate(), "who_was_seen": seen}
    desk.sends(f"{case.get_absolute_url()}do/record_first_contact/", **said)


def assesses(desk: Desk, case: Case, *, needs: dict[str, str], voices: dict[str, str], level: str, worry: str) -> None:
    """Every heading, each need with its reading; each child in their own words; and what it all means."""
    about = f"/assessments/{case.reference}"
    desk.sends(f"{about}/start/")
    for note in case.assessments.latest("pk").notes.all():
        need = {"is_need": "yes", "reading": needs[note.heading]} | SAID if note.heading in needs else {"is_need": "no"}
        desk.sends(f"{about}/headings/{note.heading}/", **need)
    for child in children_of(case):
        desk.sends(f"{about}/voices/{child.pk}/", how="words", words=voices[child.first_name])
    meaning = {"going_well": "They talk.", "worried_about": worry, "needs_to_change": "Less at once."}
    meaning |= {"household_listed": "yes", "parents_views": "“We are worn out.”"}
    desk.sends(f"{about}/analysis/", level_of_need=level, level_reason="What was found.", **meaning)
    desk.sends(f"{about}/complete/", family_has_copy="yes")


def adds_goal(desk: Desk, case: Case, words: str, heading: str, *actions: str) -> None:
    """A goal in the family's words, and what whoever asks will do about it."""
    about = f"/assessments/{case.reference}"
    desk.sends(f"{about}/goals/add/", words=words, heading=heading)
    goal = Goal.objects.get(plan__case=case, words=words)
    for what in actions:
        due_on = timezone.localdate() + timedelta(weeks=8)
        said = {"owner": desk.user.pk, "due_on": due_on, "how_we_will_know": "It is done."}
        desk.sends(f"{about}/goals/{goal.pk}/actions/add/", what=what, **said)


def finishes(desk: Desk, case: Case, what: str, came_of_it: str = "Done, and it holds.") -> None:
    action = PlanAction.objects.get(case=case, what=what)
    desk.sends(f"/assessments/{case.reference}/actions/{action.pk}/update/", status="done", came_of_it=came_of_it)


def meets_the_team(desk: Desk, case: Case, *, family: list[Any], notes: str, remote: str = "no") -> TafMeeting:
    """Called for now, held and written down."""
    about = f"/assessments/{case.reference}"
    called = {"at": timezone.localtime(), "where": "The village hall", "remote": remote, "invite_team": "yes"}
    desk.sends(f"{about}/meetings/plan/", **called)
    meeting = case.taf_meetings.latest("pk")
    members = [member.pk for member in case.team.current()]
    here = {"members": members, "family": [person.pk for person in family], "notes": notes}
    desk.sends(f"{about}/meetings/{meeting.pk}/record/", **here)
    meeting.refresh_from_db()
    return meeting


def agrees(desk: Desk, case: Case, said: dict[Any, str]) -> None:
    """Each of them in words of their own."""
    words = {f"words_{person.pk}": text for person, text in said.items()}
    desk.sends(f"/assessments/{case.reference}/plan/agree/", agreed=[person.pk for person in said], **words)


def review(case: Case, readings: dict[str, str], voices: dict[str, str], **said: Any) -> dict[str, Any]:
    """The answers of a review: how each action stands, each need reads, and each child sees it."""
    answers = AS_IT_WAS | {"held_on": timezone.localdate()} | said
    answers |= {f"progress_{action.pk}": "It goes on." for action in case.actions.all() if action.awaits}
    answers |= {f"reading_{need}": value for need, value in readings.items()}
    for child in children_of(case):
        answers |= {f"how_{child.pk}": "words", f"words_{child.pk}": voices[child.first_name]}
    return answers


def review_page(case: Case) -> str:
    return f"/assessments/{case.reference}/reviews/record/"
