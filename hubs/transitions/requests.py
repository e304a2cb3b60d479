"""Whoever a chair asked answers for their agency: yes, or no and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from earlyhelp.cases.services import told_of
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.transitions import NotPossible, transition
from hubs.enums import AnswerStatus
from hubs.models import ChairsRequest

S = AnswerStatus


@transition(ChairsRequest, label="Agree", sources=[S.ASKED], target=S.AGREED, rule="answer")
def agree(request: ChairsRequest, *, by: Any, now: datetime, answer: str = "") -> dict[str, Any]:
    """From now on the chair may take the action in both their names."""
    _answer(request, answer, now=now)
    return {"reason": answer}


@transition(ChairsRequest, label="Do not agree", sources=[S.ASKED], target=S.NOT_AGREED, rule="answer")
def disagree(request: ChairsRequest, *, by: Any, now: datetime, answer: str) -> dict[str, Any]:
    if not answer:
        raise NotPossible("Say why you do not agree: the chair reads it.", field="answer")
    _answer(request, answer, now=now)
    return {"reason": answer}


def _answer(request: ChairsRequest, answer: str, *, now: datetime) -> None:
    request.answer, request.answered_at = answer, now
    notify(
        told_of(request.item.case, [request.asked_by]),
        kind=Kind.DECISION,
        title="Another agency has answered about a chair’s action",
        reference=request.reference,
        url=reverse("hubs:chairs_action", args=[request.item.case.reference]),
        key=f"chairs_request:{request.pk}:answered",
        now=now,
    )
