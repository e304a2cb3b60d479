"""From a case to where it is decided: the chair's action between two meetings, with another agency; the family offered again."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import OPEN, Tier
from earlyhelp.cases.models import Case
from earlyhelp.cases.queries import WITH_LEAD
from earlyhelp.core.composed import record
from earlyhelp.core.requests import SignedIn
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import Page, perform
from hubs import queries, transitions
from hubs.enums import AnswerStatus
from hubs.forms import decisions as forms
from hubs.forms.requests import Answer, AskToAgree
from hubs.models import AgendaItem, ChairsRequest
from hubs.services import agenda
from hubs.services.requests import ask_to_agree
from hubs.transitions.items import may_decide_alone
from hubs.views.items import choice_for, compared, family_card, ring_if_nobody_has, told_to_whoever_referred
from hubs.views.screen import discreet, named


def _case(request: HttpRequest, reference: str, action: str) -> Any:
    return open_record(request, WITH_LEAD, action=action, reference=reference)


@require_safe
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """From the case to where it is decided: its item if it is on an agenda, else the chair's action."""
    row = _case(request, reference, "allocate")
    waiting = AgendaItem.objects.for_user(request.user).live().filter(case=row).first()
    return redirect(waiting) if waiting else redirect("hubs:chairs_action", row.reference)


@require_http_methods(["GET", "POST"])
def chairs_action(request: SignedIn, reference: str) -> HttpResponse:
    """Between meetings, with another agency's agreement; the next meeting ratifies it (domain.md 9.4)."""
    row = _case(request, reference, "decide")
    now = timezone.now()
    try:
        asked = agenda.item_for(row, now=now)
    except NotPossible:
        raise Http404 from None
    choice = choice_for(asked, now)
    page = Page(
        "Chair’s action",
        row.get_absolute_url(),
        caption=named(request, row),
        button="Record the chair’s action",
        said="Recorded. The next meeting will be asked to ratify it.",
        template="hubs/chairs_action.html",
        extra=lambda: (
            family_card(asked)
            | compared(choice)
            | told_to_whoever_referred(asked)
            | _requests(asked)
            | {"now": now, "waits": _why_it_waits(asked)}
        ),
    )

    def deed(**facts: Any) -> Any:
        waiting = agenda.live_item(row, now=now)
        decided = transitions.decide_out_of_meeting(waiting, by=request.user, now=now, **facts)
        ring_if_nobody_has(request, **facts)
        return decided

    make_form = partial(forms.ChairsAction, item=asked, choice=choice, by=request.user, discreet=discreet(request))
    return perform(request, make_form, deed, page=page, then=lambda done: row.get_absolute_url())


def _why_it_waits(item: AgendaItem) -> str:
    """Said before anybody types: what the meeting hears in time is not decided between two."""
    try:
        if item.pk:
            may_decide_alone(item)
    except NotPossible as problem:
        return str(problem)
    return ""


def _requests(item: AgendaItem) -> dict[str, Any]:
    """Who was asked to agree, and what they answered."""
    return {"requests": queries.asked_to_agree(item) if item.pk else []}


@require_http_methods(["GET", "POST"])
def offer_again(request: HttpRequest, reference: str) -> HttpResponse:
    """The worker declined, or did not answer, or cannot go on: the family is offered to somebody else."""
    row = _case(request, reference, "hand_on")
    if row.status not in OPEN and request.method == "GET":
        raise Http404
    now = timezone.now()
    choice = queries.Choice(row, row.tier or Tier.TARGETED, now=now)
    last = row.allocations.select_related("worker").order_by("-offered_at").first()
    initial = {"preference": last.preference, "preference_note": last.preference_note} if last else {}
    page = Page(
        "Ask somebody else to lead" if row.lead_id else "Offer the family to somebody else",
        row.get_absolute_url(),
        caption=named(request, row),
        button="Offer the family",
        said="Offered. The worker has two working days to answer.",
        template="hubs/offer_again.html",
        extra=lambda: compared(choice) | {"last": last, "case": row},
    )
    deed = partial(cases.offer_again, row, by=request.user, now=now)
    make_form = partial(forms.OfferAgain, choice=choice, led=row.lead_id is not None, initial=initial)
    return perform(request, make_form, deed, page=page, then=lambda done: done.get_absolute_url())


# --- another agency answers for itself ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def ask(request: SignedIn, reference: str) -> HttpResponse:
    """Somebody of another agency is asked, and answers on a page of their own."""
    row = _case(request, reference, "decide")
    item = _asked_item(row)
    page = Page(
        "Ask another agency",
        reverse("hubs:chairs_action", args=[row.reference]),
        caption=row.reference,
        intro="They read what you write here, and the level of need. It opens them no record of the family.",
        button="Ask them",
        said="Asked. You are told when they answer.",
    )
    deed = partial(ask_to_agree, row, by=request.user, now=timezone.now())
    return perform(
        request, partial(AskToAgree, hub=item.hub, by=request.user), deed, page=page, then=lambda done: page.cancel_url
    )


def _asked_item(row: Case) -> AgendaItem:
    try:
        return agenda.item_for(row, now=timezone.now())
    except NotPossible:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
def answer(request: SignedIn, pk: int) -> HttpResponse:
    """Whoever was asked reads what the chair proposes, and answers; the chair reads the same."""
    row = open_record(request, _ASKED, pk=pk)
    if not (row.may_answer and (row.status == AnswerStatus.ASKED or request.method == "POST")):
        return render(request, "hubs/request.html", {"request_row": row, "form": None})
    page = Page(
        "Does your agency agree?",
        reverse("home"),
        caption=row.reference,
        button="Answer",
        said="Your answer is written down, and the chair has been told.",
        template="hubs/request.html",
        extra={"request_row": row},
    )

    def deed(agrees: bool, answer: str) -> Any:
        move = transitions.agree if agrees else transitions.disagree
        return move(row, by=request.user, now=timezone.now(), answer=answer)

    return perform(request, Answer, deed, page=page, then=lambda done: done.get_absolute_url())


@record
def _ASKED(user: Any) -> Any:
    rows = ChairsRequest.objects.with_rights(user, "answer")
    return rows.select_related("item__case__family", "item__hub", "asked__agency", "asked_by")
