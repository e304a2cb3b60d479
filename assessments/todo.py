"""What of the plans, and of what may go wrong, asks for a person today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from assessments.access import answers
from assessments.models import Feedback, FeedbackDeadline, PlanAction, RiskNoteDeadline
from earlyhelp.core.calendar import closing
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.core.todo import Todo, todo
from earlyhelp.core.words import within
from earlyhelp.directory.access import of_own_services

AHEAD = timedelta(days=7)
MOST = 11  # one more than the home page shows, so that it knows that there are more
ACTION, RISK = 25, 8


@todo
def complaints_and_suggestions(user: Any, now: datetime) -> Iterator[Todo]:
    """Of one's own service; and for the managers what has nobody else to answer it."""
    if not answers(user):
        return
    nobodys = Q(Exists(FeedbackDeadline.objects.open().filter(owner=OuterRef("pk"), holder=None)))
    rows = Feedback.objects.for_user(user, "answer").waiting().filter(of_own_services(user) | nobodys)
    for row in rows.select_related("service").with_due().order_by("due_at", "pk")[:5]:
        yield Todo(20, f"Answer {within(row.get_kind_display())}: {row.of}", row.get_absolute_url(), row.due_at)


def waiting_for_an_answer(user: Any, now: datetime) -> int:
    return Feedback.objects.for_user(user, "answer").waiting().count()


@todo
def my_actions(user: Any, now: datetime) -> Iterator[Todo]:
    """Overdue, or due within a week: one's own, and those of the family's for which the lead professional answers."""
    if not user.scope.ids("case_team"):
        return
    for action in _due(user, by=timezone.localdate(now) + AHEAD):
        url = reverse("assessments:action", args=[action.case.reference, action.pk, "update"])
        whose = action.case.family if action.owner_id else f"{action.owner_name}, {action.case.family}"
        yield Todo(ACTION, f"{action.what} ({whose})", url, closing(action.due_on))


@PlannedOnce
def _due(user: Any, by: Any) -> Any:
    mine = PlanAction.objects.for_user(user, "update").filter(_answers_for(user)).unfinished().not_handed_on()
    return mine.filter(due_on__lte=by).select_related("case__family").soonest_first()[:MOST]


def _answers_for(user: Any) -> Q:
    return Q(owner=user) | Q(owner=None, case__lead=user)


@todo
def risks_to_look_at(user: Any, now: datetime) -> Iterator[Todo]:
    """The next look at each risk of the families that one leads: overdue, or due within a week."""
    if not user.scope.ids("case_led"):
        return
    for owed in _looks_owed(user, by=now + AHEAD):
        risk = owed.owner
        kind = risk.get_kind_display()
        yield Todo(RISK, f"Look again: {kind} ({risk.whose}, {risk.case.family})", risk.get_absolute_url(), owed.due_at)


@PlannedOnce
def _looks_owed(user: Any, by: Any) -> Any:
    owed = RiskNoteDeadline.objects.for_user(user).open().filter(holder=user, due_at__lte=by)
    return owed.select_related("owner__case__family", "owner__about").order_by("due_at", "pk")[:MOST]
