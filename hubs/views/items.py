"""One family before the hub: shown large, decided in three clicks and a line (screens.md 1.2 A4)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import OPEN, Tier
from earlyhelp.cases.models import Case
from earlyhelp.cases.queries import team_of
from earlyhelp.core.composed import Composed
from earlyhelp.core.requests import SignedIn
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import Page, perform
from hubs import queries, transitions
from hubs.enums import ON_AGENDA, DecisionKind, ItemKind
from hubs.forms import decisions as forms
from hubs.models import AgendaItem, HubMeeting
from hubs.queries import blockages
from hubs.services import agenda

FEW = 3  # candidates shown before «everybody else»


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """The live page. Whoever may not decide, or not yet, reads the same without the decision."""
    row = _open(request, pk)
    now = timezone.now()
    live = row.meeting is not None and row.meeting.in_session and row.status in ON_AGENDA
    if not (row.may_decide and (live or request.method == "POST")):
        read_only = {"form": None, "title": row.case.family, "live": live, "now": now}
        return render(request, "hubs/item.html", _family(row) | _place(request, row, now) | read_only)
    choice = _choice(row, now)
    page = Page(
        str(row.case.family),
        row.get_absolute_url(),
        caption=row.case.reference,
        button="Record decision and next family",
        template="hubs/item.html",
        extra=lambda: _family(row) | _place(request, row, now) | _compared(choice) | {"live": True, "now": now},
    )
    return perform(
        request,
        partial(forms.Decision, item=row, choice=choice),
        partial(_decide, request, row),
        page=page,
        then=lambda done: _next(request, row.meeting),
    )


def _open(request: HttpRequest, pk: int, action: str = "view") -> Any:
    """The item, and with it the case: both are written down as shown."""
    row = open_record(request, _ITEM, action=action, pk=pk, now=timezone.now())
    note_shown(request, row.case)
    return row


@Composed
def _ITEM(user: Any, action: str, pk: Any, now: Any) -> Any:
    rows = AgendaItem.objects.with_rights(user, "prepare", "decide").with_wait(now).with_decision()
    shown = ("case__family", "case__area", "case__lead", "hub__area", "meeting__hub", "step__receiving")
    return rows.select_related(*shown).for_user(user, action).filter(pk=pk)


def _family(row: AgendaItem) -> dict[str, Any]:
    """The summary card (domain.md 9.3): who, what is asked, who is involved, what was agreed."""
    return {
        "item": row,
        "case": row.case,
        "household": queries.household(row.case),
        "team": team_of(row.case),
        "agreements": queries.agreements_of(row.case),
        "days": queries.days_waited(row, timezone.now()),
        "blockages": [each for each in blockages.of_case(row.case) if each.is_open],
        "offers": _offers(row),
        "proposed": Tier(_tier(row)).label if _offers(row) else "",
        "decisions": list(row.case.hub_decisions.select_related("by", "agreed_by").order_by("-at")[:5]),
    }


def _place(request: HttpRequest, row: AgendaItem, now: Any) -> dict[str, Any]:
    """Where in the agenda: before, after, what is left, and how long that will take."""
    if row.meeting is None:
        return {"meeting": None, "left": []}
    left = [line.item for line in queries.in_order(_left(request.user, meeting=row.meeting_id), now=now)]
    here = next((place for place, each in enumerate(left) if each.pk == row.pk), None)
    heard = row.meeting.decisions.filter(item__in=AgendaItem.objects.for_user(request.user).values("pk")).count()
    return {
        "meeting": row.meeting,
        "left": left,
        "heard": heard,
        "previous": left[here - 1] if here else None,
        "next": left[here + 1] if here is not None and here + 1 < len(left) else None,
        "minutes_left": len(left) * row.hub.minutes_an_item,
    }


def _offers(row: AgendaItem) -> bool:
    """Whether a worker may have to be chosen."""
    return row.kind == ItemKind.NEW or (
        row.kind == ItemKind.STEP_REQUEST and row.step is not None and not row.step.closes
    )


def _choice(row: AgendaItem, now: Any) -> queries.Choice | None:
    return queries.Choice(row.case, _tier(row), now=now) if _offers(row) else None


def _compared(choice: queries.Choice | None) -> dict[str, Any]:
    return {"found": choice.found if choice else [], "few": FEW, "formula": queries.FORMULA}


def _tier(row: AgendaItem) -> int:
    asked = row.step.to_tier if row.step else row.case.proposed_tier
    return Tier.ENHANCED if asked == Tier.ENHANCED else Tier.TARGETED


def _decide(request: HttpRequest, row: AgendaItem, *, kind: str, **facts: Any) -> Any:
    now = timezone.now()
    if kind == DecisionKind.DEFER:
        return transitions.defer(row, by=request.user, now=now, **facts)
    decided = transitions.decide(row, by=request.user, now=now, kind=kind, **facts)
    _ring_if_nobody_has(request, **facts)
    return decided


def _ring_if_nobody_has(request: HttpRequest, *, handover: Any = None, **others: Any) -> None:
    """A saved form is not a telephone call (domain.md 6.9)."""
    if handover and not handover["spoken_to"]:
        number = f"{settings.SOCIAL_CARE_NAME} on {settings.SOCIAL_CARE_PHONE}"
        messages.warning(request, f"Handed over in your name. Nobody has rung yet: ring {number} now.")


def _next(request: HttpRequest, meeting: HubMeeting) -> str:
    """The next family still to be heard; after the last one, the meeting."""
    lines = queries.in_order(_left(request.user, meeting=meeting.pk), now=timezone.now())
    return lines[0].item.get_absolute_url() if lines else meeting.get_absolute_url()


@Composed
def _left(user: Any, meeting: Any) -> Any:
    seen = AgendaItem.objects.for_user(user).filter(meeting=meeting).on_agenda()
    return seen.with_due().with_births().select_related("case__family")


@require_POST
def park(request: HttpRequest, pk: int) -> HttpResponse:
    """Talked over, decided later today: on to the next one."""
    row = _open(request, pk, "decide")
    try:
        transitions.discuss(row, by=request.user, now=timezone.now())
        messages.success(request, f"{row.case.reference} is parked. The meeting comes back to it.")
    except NotPossible as problem:
        messages.error(request, str(problem))
    place = _place(request, row, timezone.now())
    return redirect((place["next"] or row).get_absolute_url())


@require_http_methods(["GET", "POST"])
def preference(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "prepare")
    page = Page(
        "Whom would the family like?",
        row.get_absolute_url(),
        caption=row.case.reference,
        said="Recorded for the meeting.",
    )
    initial = {"preference": row.preference, "preference_note": row.preference_note}
    deed = partial(transitions.record_preference, row, by=request.user, now=timezone.now())
    return perform(
        request,
        partial(forms.FamilyPreference, initial=initial),
        deed,
        page=page,
        then=lambda done: done.get_absolute_url(),
    )


# --- from the case -----------------------------------------------------------------------------------------------------


def _case(request: HttpRequest, reference: str, action: str) -> Any:
    rows = Case.objects.with_rights(request.user).select_related("family", "area", "lead__agency")
    return open_record(request, rows, action=action, reference=reference)


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
    choice = _choice(asked, now)
    page = Page(
        "Chair’s action",
        row.get_absolute_url(),
        caption=f"{row.reference} {row.family}",
        button="Record the chair’s action",
        said="Recorded. The next meeting will be asked to ratify it.",
        template="hubs/chairs_action.html",
        extra=lambda: _family(asked) | _compared(choice) | {"now": now},
    )

    def deed(**facts: Any) -> Any:
        waiting = agenda.live_item(row, now=now)
        decided = transitions.decide_out_of_meeting(waiting, by=request.user, now=now, **facts)
        _ring_if_nobody_has(request, **facts)
        return decided

    make_form = partial(forms.ChairsAction, item=asked, choice=choice, by=request.user)
    return perform(request, make_form, deed, page=page, then=lambda done: row.get_absolute_url())


@require_http_methods(["GET", "POST"])
def offer_again(request: HttpRequest, reference: str) -> HttpResponse:
    """The worker declined, or did not answer, or cannot go on: the chair offers the family to somebody else."""
    row = _case(request, reference, "allocate")
    if row.status not in OPEN and request.method == "GET":
        raise Http404
    now = timezone.now()
    choice = queries.Choice(row, row.tier or Tier.TARGETED, now=now)
    last = row.allocations.select_related("worker").order_by("-offered_at").first()
    initial = {"preference": last.preference, "preference_note": last.preference_note} if last else {}
    page = Page(
        "Ask somebody else to lead" if row.lead_id else "Offer the family to somebody else",
        row.get_absolute_url(),
        caption=f"{row.reference} {row.family}",
        button="Offer the family",
        said="Offered. The worker has two working days to answer.",
        template="hubs/offer_again.html",
        extra=lambda: _compared(choice) | {"last": last, "case": row},
    )
    deed = partial(cases.offer_again, row, by=request.user, now=now)
    make_form = partial(forms.OfferAgain, choice=choice, initial=initial)
    return perform(request, make_form, deed, page=page, then=lambda done: done.get_absolute_url())
