"""What a person's cases ask of them today: offers to answer, promises they hold, closures to agree to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q

from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.core.todo import Todo, todo
from earlyhelp.partnership.enums import Role

AHEAD = timedelta(days=7)
MOST = 11  # one more than the home page shows, so that it knows that there are more
OFFER, PROMISE, CLOSURE = 10, 20, 30


@todo
def offers_to_answer(user: Any, now: datetime) -> Iterator[Todo]:
    if not user.scope.ids("case_offered"):
        return
    offered = _with_due(Case.objects.for_user(user, "answer_offer"), "D_ACCEPT")
    for case in offered.select_related("family").order_by("due", "pk")[:MOST]:
        yield Todo(OFFER, f"Accept or decline the {case.family}", case.get_absolute_url(), case.due)


@todo
def promises_i_hold(user: Any, now: datetime) -> Iterator[Todo]:
    """Overdue, or due within a week. An offer has a line of its own, and is not said twice."""
    mine = CaseDeadline.objects.for_user(user).open().filter(holder=user, due_at__lt=now + AHEAD)
    for each in mine.exclude(code="D_ACCEPT").select_related("owner__family").soonest_first()[:MOST]:
        yield Todo(PROMISE, f"{each.label}: {each.owner.family}", each.url, each.due_at)


@todo
def closures_to_ratify(user: Any, now: datetime) -> Iterator[Todo]:
    if not user.scope.holds(Role.TEAM_MANAGER, Role.HUB_CHAIR):
        return
    proposed = Case.objects.for_user(user, "ratify").filter(status=Status.CLOSING, closure_approved=False)
    for case in _with_due(proposed, "D_CLOSE").select_related("family").order_by("due", "pk")[:MOST]:
        yield Todo(
            CLOSURE, f"Decide on closing: {case.family}", f"{case.get_absolute_url()}do/ratify_closure/", case.due
        )


def _with_due(cases: Any, code: str) -> Any:
    owed = Q(deadlines__code=code, deadlines__met_at=None, deadlines__void_at=None)
    return cases.annotate(due=Min("deadlines__due_at", filter=owed))
