"""What a person's cases ask of them today: offers to answer, promises they hold, closures to agree to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q
from django.urls import reverse

from earlyhelp.cases.enums import Status
from earlyhelp.cases.guards import with_closure_heard
from earlyhelp.cases.models import Case, CaseDeadline, EmergencyAccess
from earlyhelp.cases.panels import kept_at, page_that_keeps
from earlyhelp.core.composed import Composed, PlannedOnce
from earlyhelp.core.todo import Todo, todo
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from earlyhelp.workflow.transitions import REGISTRY

AHEAD = timedelta(days=7)
MOST = 11  # one more than the home page shows, so that it knows that there are more
OFFER, PROMISE, CLOSURE = 10, 20, 30
HAS_ITS_LINE = ("D_ACCEPT", "D_URGENT_HUB")
KEPT_BY = {
    "D_FIRST_CONTACT": "record_first_contact",
    "D_TIMEBOX": "end_timebox",
    "D_CLOSE": "close_stepped_down",
    "D_FOLLOW_UP_ANSWER": "record_follow_up",
}


def _deed(name: str, case: Case) -> str:
    """Its own page; the case's for as long as the case is not there yet."""
    url = case.get_absolute_url()
    return f"{url}do/{name}/" if case.status in REGISTRY[Case][name].sources else url


for _code, _name in KEPT_BY.items():
    kept_at(_code)(partial(_deed, _name))


@todo
def offers_to_answer(user: Any, now: datetime) -> Iterator[Todo]:
    if not user.scope.ids("case_offered"):
        return
    for case in _offered(user):
        yield Todo(OFFER, f"Accept or decline the {case.family}", case.get_absolute_url(), case.due)


@PlannedOnce
def _offered(user: Any) -> Any:
    offered = _with_due(Case.objects.for_user(user, "answer_offer"), "D_ACCEPT")
    return offered.select_related("family").order_by("due", "pk")[:MOST]


@todo
def promises_i_hold(user: Any, now: datetime) -> Iterator[Todo]:
    """Overdue, or due within a week; each leads to where it is kept. What has a line of its own is not said twice."""
    for each in _held_by(user, soon=now + AHEAD):
        yield Todo(PROMISE, f"{each.label}: {each.owner.family}", page_that_keeps(each.code, each.owner), each.due_at)


@PlannedOnce
def _held_by(user: Any, soon: Any) -> Any:
    mine = CaseDeadline.objects.for_user(user).open().filter(holder=user, due_at__lt=soon)
    mine = mine.exclude(code__in=HAS_ITS_LINE).filter(~Q(code="D_CLOSE") | Q(owner__lead=user))
    return mine.select_related("owner__family").soonest_first()[:MOST]


@todo
def closures_to_ratify(user: Any, now: datetime) -> Iterator[Todo]:
    if not user.scope.holds(Role.TEAM_MANAGER, Role.HUB_CHAIR):
        return
    for case in _proposed(user):
        yield Todo(
            CLOSURE, f"Decide on closing: {case.family}", f"{case.get_absolute_url()}do/ratify_closure/", case.due
        )


@Composed
def _proposed(user: Any) -> Any:
    """Those before a meeting that sits now are decided there."""
    proposed = Case.objects.for_user(user, "ratify").filter(status=Status.CLOSING, closure_approved=False)
    proposed = with_closure_heard(proposed).filter(closure_heard=False)
    return _with_due(proposed, "D_CLOSE").select_related("family").order_by("due", "pk")[:MOST]


@todo
def chairs_to_name(user: Any, now: datetime) -> Iterator[Todo]:
    """Restricted records that nobody may decide on: none was named, or the one who was chairs there no longer."""
    if not user.scope.holds(Role.IG_LEAD):
        return
    chairs = Post.objects.current().filter(role=Role.HUB_CHAIR, user=OuterRef("named_chair"), user__is_active=True)
    unnamed = Case.objects.for_user(user, "name_chair").filter(~Exists(chairs))
    for case in unnamed.order_by("accepted_at", "pk")[:MOST]:
        yield Todo(OFFER, f"Name who decides: {case.reference}", reverse("cases:name_chair", args=[case.reference]))


def _with_due(cases: Any, code: str) -> Any:
    owed = Q(deadlines__code=code, deadlines__met_at=None, deadlines__void_at=None)
    return cases.annotate(due=Min("deadlines__due_at", filter=owed))


def waiting_emergencies(user: Any, now: datetime) -> int:
    return EmergencyAccess.objects.for_user(user).open().count()


@todo
def emergencies_to_weigh(user: Any, now: datetime) -> Iterator[Todo]:
    if not user.scope.holds(Role.IG_LEAD, Role.TEAM_MANAGER):
        return
    for each in _to_weigh(user):
        yield Todo(0, f"Weigh an access in an emergency: {each.case.reference}", each.get_absolute_url())


@Composed
def _to_weigh(user: Any) -> Any:
    return EmergencyAccess.objects.for_user(user).open().select_related("case").order_by("opened_at")[:5]
