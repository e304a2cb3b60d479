"""A family is seen through a case that one may see and kept by those who work it; that there is one, whoever searches is told."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q

from earlyhelp.cases.enums import EPISODE_OVER, LEADING, LED, LIVE, Status
from earlyhelp.cases.models import Case, EmergencyAccess, TeamMember
from earlyhelp.core.access import NOBODY
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.families.access import edit_ground, ground, known_to, log_ground, taken_on, work_ground
from earlyhelp.families.models import Family
from earlyhelp.families.panels import works_with
from earlyhelp.families.reads import Known, keeps
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User


@ground
def through_a_case(families: Any, user: Any) -> Q:
    return Q(Exists(Case.objects.for_user(user).filter(family=OuterRef("pk"))))


@edit_ground
def working_with_them(families: Any, user: Any) -> Q:
    return Q(Exists(Case.objects.for_user(user, "edit_family").filter(family=OuterRef("pk"))))


@work_ground
def at_work_on_their_case(families: Any, user: Any) -> Q:
    return Q(Exists(Case.objects.for_user(user, "work").filter(family=OuterRef("pk"))))


@taken_on
def has_a_case(families: Any, user: Any) -> Q:
    return Q(Exists(Case.objects.filter(family=OuterRef("pk"))))


@known_to
def lead_of_the_case(people: Collection[int]) -> dict[int, str]:
    """That a case is open and who leads it; of what came before, only whom to ask. Nothing of a restricted record."""
    rows = _cases_of(None, people=list(people))
    open_last = sorted(rows, key=lambda row: row[1] in LIVE)  # a case that is open is told rather than one before it
    return {person: _telling(status, f"{first} {last}", agency) for person, status, first, last, agency in open_last}


@PlannedOnce
def _cases_of(nobody: None, people: Any) -> Any:
    rows = Case.objects.filter(restricted=False, status__in=(*LIVE, *EPISODE_OVER))
    rows = rows.filter(family__memberships__person__in=people, family__memberships__until_on=None)
    told = ("family__memberships__person", "status", "lead__first_name", "lead__last_name", "lead__agency__name")
    return rows.values_list(*told).order_by("pk")


def _telling(status: str, lead: str, agency: str | None) -> str:
    if status in LED:
        return f"a case is open, lead professional {lead}" + (f", {agency}" if agency else "")
    if status in (Status.AWAITING_DECISION, Status.OPENED):
        return "a case is open, no lead professional yet: ask EH Access"
    return "a case before, ended now: ask EH Access"


@works_with
def on_its_team(family: Family) -> Any:
    team = TeamMember.objects.current().filter(case__family=family, case__status__in=LIVE)
    return User.objects.filter(pk__in=team.values("user"))


@log_ground
def leading_them(families: Any, user: Any) -> Q:
    """Whoever leads the case answers the family, who asks who has seen what."""
    led = user.scope.ids("case_led")
    return Q(Exists(Case.objects.filter(family=OuterRef("pk"), pk__in=led))) if led else NOBODY


def _on_a_case(family: Family) -> list[Known]:
    """Everybody who is or was on the team of a case of theirs, whoever led it, and the managers of those."""
    team = TeamMember.objects.filter(case__family=family, user__isnull=False)
    led = team.filter(role__in=LEADING)
    managers = Post.objects.filter(role=Role.TEAM_MANAGER, team__in=led.values("user__team"))
    opened = EmergencyAccess.objects.filter(case__family=family)
    return [
        Known(opened, "user", "opened the case in an emergency", stands_first=True),
        Known(managers, "user", "manages whoever leads or led the case"),
        Known(team, "user", "is or was on its team"),
        Known(led, "user", "leads the case, or led it"),
    ]


keeps(Case, "its case", workers=_on_a_case)
