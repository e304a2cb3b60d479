"""What the pages of local forums read."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat

from hubs.enums import ActionStatus, ReportStatus
from hubs.models import Collaborative, CollaborativeMeeting, CollaborativeMember

MEETINGS, REPORTS = 6, 12


def in_sight(user: Any) -> Any:
    """Those of which this person may read, with who chairs each, when it last met, and what waits for an answer."""
    rows: Any = Collaborative.objects.for_user(user).active().select_related("area")
    return _with_numbers(rows).order_by("area__name", "name")


def _with_numbers(rows: Any) -> Any:
    chairs = CollaborativeMember.objects.current().filter(collaborative=OuterRef("pk"), chairs=True)
    met = CollaborativeMeeting.objects.filter(collaborative=OuterRef("pk")).order_by("-on")
    named = Concat("user__first_name", Value(" "), "user__last_name")
    return rows.annotate(
        chaired_by=Subquery(chairs.values(full=named)[:1]),
        met_on=Subquery(met.values("on")[:1]),
        waiting=Count("reports", filter=Q(reports__status=ReportStatus.REPORTED), distinct=True),
        to_do=Count("actions", filter=Q(actions__status=ActionStatus.OPEN), distinct=True),
    )


def members(forum: Collaborative) -> list[CollaborativeMember]:
    """Who sits there now, the chair first."""
    rows = forum.members.current().select_related("user__agency", "agency")
    return sorted(rows, key=lambda each: (not each.chairs, str(each)))


def meetings(forum: Collaborative) -> list[Any]:
    """The last of them, each with how many came."""
    return list(forum.meetings.annotate(number=Count("came")).order_by("-on")[:MEETINGS])


def reports(forum: Collaborative) -> list[Any]:
    """What it told the hub, what waits for an answer first."""
    return list(forum.reports.select_related("area").order_by("-status", "-raised_at")[:REPORTS])


def plan(forum: Collaborative) -> list[Any]:
    """Its plan for low-level needs, what is to be done first."""
    rows = forum.actions.select_related("owner__user", "owner__agency")
    return sorted(rows.order_by("due_on", "pk"), key=lambda each: each.status != ActionStatus.OPEN)
