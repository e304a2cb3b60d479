"""What the hub answers to a local forum, and what came of the forum's own plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.deadlines.services import keep
from earlyhelp.workflow.transitions import transition
from hubs.enums import ActionStatus, ReportStatus
from hubs.models import LocalAction, TrendReport
from hubs.services.collaboratives import tell


@transition(
    TrendReport,
    label="Say what the hub does",
    sources=[ReportStatus.REPORTED],
    target=ReportStatus.ANSWERED,
    rule="answer",
)
def answer_report(report: TrendReport, *, by: Any, now: datetime, answer: str) -> dict[str, Any]:
    """The hub works with them to tackle it (R12); whoever reported it, and whoever chairs there, hear what it does."""
    report.answer, report.answered_by, report.answered_at = answer, by, now
    chair = report.collaborative.members.filter(chairs=True, until_on=None).select_related("user").first()
    people = {report.raised_by, chair.user if chair else None} - {by}
    tell(report, people, "The hub answers what your collaborative reported", what="answered", now=now)
    return {"reason": answer}


@transition(
    LocalAction, label="Say what came of it", sources=[ActionStatus.OPEN], target=ActionStatus.DONE, rule="speak"
)
def finish(action: LocalAction, *, by: Any, now: datetime, came_of_it: str) -> dict[str, Any]:
    action.came_of_it, action.done_at = came_of_it, now
    keep(action, "D_ACTION", now=now)
    return {"reason": came_of_it}
