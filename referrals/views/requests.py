"""What an agency is asked, and its answer. The referral behind the question is never shown here."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.core.forms import FilterForm
from earlyhelp.workflow.views import Page, perform
from referrals.enums import RequestStatus
from referrals.forms.request import Reply
from referrals.models import InformationRequest
from referrals.queries import people_of, questions_to
from referrals.transitions.request import MAY_ANSWER, answer, decline, nothing_held


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Questions to my agency, the soonest due first; then those that I answered."""
    filters = FilterForm(request.GET)
    page = filters.page_of(questions_to(request.user))
    return render(request, "referrals/requests.html", {"page": page, "filters": filters})


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, reference: str) -> HttpResponse:
    """One question: a form for the agency that is asked, the answer for EH Access that asks.

    Whoever sends an answer after a colleague reads that there is one, and their own words; the question no more.
    """
    action = "answer" if request.method == "POST" else "view"
    row = open_record(request, _REQUESTS, action=action, reference=reference)
    members = people_of(row.referral.family_id, seen_by=request.user) if row.may_view else []
    shown = {"request_row": row, "members": members, "may_view": row.may_view}
    if request.method != "POST" and not (row.may_answer and row.status in MAY_ANSWER):
        return render(request, "referrals/request.html", shown | {"may_triage": row.may_triage})
    page = Page(
        "What do you know?",
        reverse("referrals:requests"),
        caption=row.reference,
        button="Send the answer",
        said="Thank you. EH Access has your answer.",
        template="referrals/request_answer.html",
        extra=shown,
    )
    deed = partial(_reply, row, by=request.user, now=timezone.now())
    return perform(request, Reply, deed, page=page, then=lambda replied: page.cancel_url)


def _reply(row: InformationRequest, *, by: Any, now: datetime, reply: str, reason: str, **shared: Any) -> Any:
    match reply:
        case RequestStatus.ANSWERED:
            return answer(row, by=by, now=now, **shared)
        case RequestStatus.NOTHING_HELD:
            return nothing_held(row, by=by, now=now)
    return decline(row, by=by, now=now, reason=reason)


@record
def _REQUESTS(user: Any) -> Any:
    return InformationRequest.objects.with_rights(user).select_related(
        "agency", "referral", "answered_by", "asked_by__agency"
    )
