"""The message thread of a referral: the same page for whoever referred, EH Access and the lead professional (screens.md B5)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages as banners
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import Page, perform
from referrals.forms.message import WriteMessage
from referrals.models import Referral
from referrals.queries import as_read_by, messages_about
from referrals.transitions.message import OPEN_AFTER_THE_END, entered_in_error, read, taken_until, write


@require_http_methods(["GET", "POST"])
def messages(request: SignedIn, reference: str) -> HttpResponse:
    """What was said, the newest first, and room to answer for as long as there is something to talk about."""
    row, now = _open(request, reference, "hear" if request.method == "GET" else "talk"), timezone.now()
    ended = taken_until(row, now=now)
    if request.method == "GET" and (ended or not row.may_talk):
        context = _thread(request, row) | {"ended": ended, "weeks": OPEN_AFTER_THE_END.days // 7}
        return render(request, "referrals/messages_shown.html", context)
    page = Page(
        "Messages",
        _back(request, row),
        caption=f"Referral {row.reference}",
        button="Send message",
        template="referrals/messages.html",
        extra=lambda: _thread(request, row),
    )
    deed = partial(write, row, by=request.user, now=now)
    return perform(request, WriteMessage, deed, page=page, then=_address)


@require_POST
def read_all(request: SignedIn, reference: str) -> HttpResponse:
    """I have read them, and there is nothing to answer."""
    row = _open(request, reference)
    read(row, by=request.user, now=timezone.now())
    return redirect("referrals:messages", reference)


@require_POST
def in_error(request: SignedIn, reference: str, pk: int) -> HttpResponse:
    """One’s own message should not have been sent."""
    row = _open(request, reference)
    try:
        entered_in_error(row, by=request.user, now=timezone.now(), message=pk)
    except NotPossible as problem:
        banners.warning(request, str(problem))
    return redirect("referrals:messages", reference)


def _thread(request: SignedIn, row: Referral) -> dict[str, Any]:
    page = FilterForm(request.GET).page_of(messages_about(row, request.user))
    said = as_read_by(request.user, row, page.object_list)
    return {
        "referral": row,
        "thread": page,
        "said": said,
        "any_new": any(each.new for each in said),
        "is_author": row.author_id == request.user.pk,
        "back_url": _back(request, row),
    }


def _back(request: HttpRequest, row: Any) -> str:
    """Where this reader sees the referral itself."""
    if row.author_id == request.user.pk:
        return row.get_absolute_url()
    if row.may_triage:
        return reverse("referrals:triage_case", args=[row.reference])
    if row.may_supervise and not row.may_talk:
        return row.get_absolute_url()
    return reverse("cases:section", args=[row.case.reference, "referral"])


def _address(row: Referral) -> str:
    return reverse("referrals:messages", args=[row.reference])


def _open(request: HttpRequest, reference: str, action: str = "talk") -> Any:
    return open_record(request, _REFERRALS, action=action, reference=reference)


@record
def _REFERRALS(user: Any) -> Any:
    return Referral.objects.with_rights(user, "triage", "talk", "supervise").select_related("case")
