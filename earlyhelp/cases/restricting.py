"""Who sees a family through its case, and what of its cases is restricted with it (domain.md 5 d)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q

from earlyhelp.audit.models import record
from earlyhelp.cases.access import ACCESS_SEES, HELD_BY_ACCESS
from earlyhelp.cases.enums import EPISODE_OVER, LIVE, AllocationStatus, Status
from earlyhelp.cases.models import Allocation, Case, CaseDeadline, CaseUserObjectPermission, TeamMember
from earlyhelp.families.models import NOT_EXPIRED, Family
from earlyhelp.families.restricting import Way, follows, sight, tells_what_follows
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area, Post, User


@sight
def by_name(family: Family) -> Iterable[Way]:
    """Whoever works with the case, is asked to, or was let in: by name, and so for as long as they do."""
    cases = Case.objects.filter(family=family)
    team = TeamMember.objects.current().filter(case__family=family)
    offered = Allocation.objects.filter(case__family=family, status=AllocationStatus.OFFERED)
    follow_up = cases.filter(follow_up_agreed=True, status__in=(Status.CLOSED, Status.FOLLOW_UP))
    granted = CaseUserObjectPermission.objects.filter(NOT_EXPIRED, content_object__family=family)
    return [
        Way(granted, "user", "has opened the case in an emergency", lasts=True, covered=False),
        Way(follow_up, "lead", "led the case, and asks later whether it lasted", lasts=True, covered=False),
        Way(offered, "worker", "is asked to take the family", lasts=True, covered=False),
        Way(team, "user", "is on the team around the family", lasts=True),
        Way(_holds(cases), "accepted_by", "holds the family at EH Access", lasts=True),
        Way(_decides(cases), "named_chair", "was named to decide on it", lasts=True, covered=False),
    ]


@sight
def by_post(family: Family) -> Iterable[Way]:
    """Whoever sees it because of where they work: a restricted record is not for them."""
    cases = Case.objects.filter(family=family)
    triaging = cases.filter(status__in=ACCESS_SEES)
    teams = User.objects.filter(pk__in=cases.values("lead")).values("team")
    managers = Post.objects.current().filter(role=Role.TEAM_MANAGER, team__in=teams)
    return [
        Way(_posts(triaging, Role.EH_ACCESS), "user", "works in EH Access", lasts=False),
        Way(_posts(cases, Role.HUB_CHAIR, Role.HUB_COORDINATOR), "user", "runs the hub", lasts=False),
        Way(managers, "user", "manages whoever leads or led the case", lasts=False),
    ]


def _posts(cases: Any, *roles: str) -> Any:
    """Of the areas that these cases are in, and of those around them."""
    around = Area.objects.filter(pk__in=cases.values("area")).annotate(one=Func("lineage", function="unnest"))
    return Post.objects.current().filter(role__in=roles, area__in=around.values("one"))


def _holds(cases: Any) -> Any:
    posted = Post.objects.current().filter(user=OuterRef("accepted_by"), role=Role.EH_ACCESS)
    return cases.filter(Exists(posted), status__in=HELD_BY_ACCESS)


def _decides(cases: Any) -> Any:
    posted = Post.objects.current().filter(user=OuterRef("named_chair"), role=Role.HUB_CHAIR)
    return cases.filter(Exists(posted), restricted=True)


@follows
def cases_follow(family: Family, *, by: Any, now: datetime) -> None:
    """All of them: one that has ended would show the family to whoever may read what has ended.

    What the hub's chairs owed is owed by whoever names one chair, until they have; lifted, by the chairs again.
    """
    cases = Case.objects.filter(family=family).exclude(restricted=family.restricted)
    what = "restrict" if family.restricted else "lift_restriction"
    for case in cases.select_for_update().order_by("pk"):
        record(f"cases.case.{what}", case, by=by, at=now)
    owed = CaseDeadline.objects.open().filter(owner__family=family)
    by_role = Q(holder=None) if family.restricted else Q(holder=None, holder_role=Role.IG_LEAD)
    role = Role.IG_LEAD if family.restricted else Role.HUB_CHAIR
    owed.filter(by_role | Q(holder=F("owner__named_chair"))).update(holder=None, holder_role=role)
    cases.update(restricted=family.restricted, named_chair=None, version=F("version") + 1)


@tells_what_follows
def what_of_the_cases(family: Family) -> Iterable[str]:
    cases = Case.objects.filter(family=family)
    live, over = cases.filter(status__in=LIVE).count(), cases.filter(status__in=EPISODE_OVER).count()
    if live:
        yield "The case: its plan, its meetings, its place on an agenda. No chair decides on it until you name one."
    if over:
        yield f"What ended before: {over} {'case' if over == 1 else 'cases'}."
    yield "Managers and dashboards: it is in no list and in no count of anybody who does not see it."
