"""Many referrals to one colleague: ticked in the queue, confirmed on a page that says what will and will not change."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from earlyhelp.core.requests import SignedIn
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.views import Page, perform
from referrals.forms.assigning import AssignMany, Ticked
from referrals.services.assigning import Line, assign_many, weigh


@require_http_methods(["GET", "POST"])
def assign(request: SignedIn) -> HttpResponse:
    if not request.user.scope.holds(Role.EH_ACCESS):
        raise PermissionDenied
    asked = Ticked(request.POST if request.method == "POST" else request.GET).cleaned()
    seen, worker = asked["row"] or [], asked["worker"]
    if not seen or worker is None:
        return redirect(f"{reverse('referrals:triage')}?{_back(asked, seen)}")
    lines = weigh(seen, worker=worker, by=request.user)
    will = [line for line in lines if not line.why_not]
    page = Page(
        f"Assign {_many(len(will))} to {worker}",
        reverse("referrals:triage"),
        button=f"Assign {_many(len(will))}",
        template="referrals/assign.html",
        about=ABOUT_NOBODY,
        extra={"will": will, "will_not": [line for line in lines if line.why_not], "worker": worker},
    )
    make = partial(AssignMany, initial={"row": [f"{name}:{version}" for name, version in seen], "worker": worker.pk})
    return perform(request, make, partial(_assign, request), page=page, then=lambda done: page.cancel_url)


def _back(asked: dict[str, Any], seen: list[tuple[str, int]]) -> str:
    """To the tab that was left, with what was ticked still ticked, and what was left out said."""
    ticked = [("row", f"{reference}:{version}") for reference, version in seen]
    return urlencode([("tab", asked["tab"] or ""), ("lacking", "worker" if seen else "rows"), *ticked])


def _assign(request: HttpRequest, *, row: Any, worker: Any, reason: str) -> list[Line]:
    """Do it, and say what changed: the number is of those that did, and not of those that were ticked."""
    lines = assign_many(row, worker=worker, by=request.user, now=timezone.now(), reason=reason)
    done, left = [each for each in lines if not each.why_not], [each for each in lines if each.why_not]
    if done:
        messages.success(request, f"{_many(len(done))} assigned to {worker}.")
    for each in left:
        messages.warning(request, f"{each.referral} was not assigned. {each.why_not}")
    return lines


def _many(number: int) -> str:
    return "1 referral" if number == 1 else f"{number} referrals"
