"""What an agency is asked, and its answer. The referral behind the question is never shown here."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.forms import FilterForm
from earlyhelp.workflow.views import Page, perform
from referrals.enums import RequestStatus
from referrals.forms.request import Reply
from referrals.models import InformationRequest
from referrals.queries import people_of
from referrals.transitions.request import MAY_ANSWER, answer, decline, nothing_held


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Questions to my agency, the soonest due first; then those that I answered."""
    filters = FilterForm(request.GET)
    rows = InformationRequest.objects.for_user(request.user, "answer").select_related("agency")
    soonest = rows.order_by(F("answered_at").desc(nulls_first=True), "due_at", "pk")
    return render(request, "referrals/requests.html", {"page": filters.page_of(soonest), "filters": filters})


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, reference: str) -> HttpResponse:
    """One question: a form for the agency that is asked, the answer for EH Access that asks."""
    rows = InformationRequest.objects.with_rights(request.user).select_related(
        "agency", "referral", "answered_by", "asked_by__agency"
    )
    row = open_record(request, rows, reference=reference)
    people = people_of(row.referral.family_id)
    if row.status not in MAY_ANSWER or not row.may_answer:
        if request.method == "POST" and row.may_answer:  # somebody of the agency was quicker
            return render(
                request, "referrals/request.html", {"request_row": row, "members": people, "late": True}, status=409
            )
        return render(
            request, "referrals/request.html", {"request_row": row, "members": people, "may_triage": row.may_triage}
        )
    page = Page(
        "What do you know?", reverse("referrals:requests"), caption=row.reference, button="Send the answer",
        said="Thank you. EH Access has your answer.", template="referrals/request_answer.html",
        extra={"request_row": row, "members": people},
    )  # fmt: skip
    forms: list[Reply] = []

    def made(data: Any) -> Reply:
        forms.append(Reply(data))
        return forms[-1]

    return perform(
        request,
        made,
        partial(_reply, row, request.user, forms),
        page=page,
        then=lambda done: reverse("referrals:requests"),
    )


def _reply(row: InformationRequest, user: Any, forms: list[Reply], **said: Any) -> InformationRequest:
    now = timezone.now()
    match said["reply"]:
        case RequestStatus.ANSWERED:
            return answer(row, by=user, now=now, **forms[-1].shared())
        case RequestStatus.NOTHING_HELD:
            return nothing_held(row, by=user, now=now)
    return decline(row, by=user, now=now, reason=said["reason"])
