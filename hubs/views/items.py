"""One family before the hub: shown large, decided in three clicks and a line (screens.md 1.2 A4)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from earlyhelp.audit.views import open_record
from earlyhelp.cases import told
from earlyhelp.cases.enums import NotOpenedReason, Tier
from earlyhelp.cases.queries import team_of
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import Page, perform
from hubs import queries, transitions
from hubs.enums import DONE_ITEM, ON_AGENDA, DecisionKind, ItemKind
from hubs.forms import decisions as forms
from hubs.forms.recommended import Suggestion, read
from hubs.models import AgendaItem, HubMeeting
from hubs.queries import blockages, following
from hubs.queries.interests import chairs_here
from hubs.services import hearing
from hubs.transitions.sitting import NOT_HERE
from hubs.views.screen import discreet, screen

TURNS_AWAY = {
    DecisionKind.RETURN_TO_ACCESS.value: NotOpenedReason.RETURNED,
    DecisionKind.SIGNPOST.value: NotOpenedReason.SIGNPOSTED,
    DecisionKind.HAND_OVER.value: NotOpenedReason.HANDED_OVER,
}


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """The live page. Whoever may not decide, or not yet, or is not there, reads the same without the decision."""
    row = _open(request, pk)
    now = timezone.now()
    if not (row.may_decide and ((_is_live(row) and row.is_here) or request.method == "POST")):
        read_only = {"form": None, "title": row.case.family, "live": _is_live(row), "now": now}
        return render(request, "hubs/item.html", family_card(row) | _place(request, row, now) | read_only)
    choice = choice_for(row, now)
    suggested = _suggested(request, choice)
    page = Page(
        row.case.reference if discreet(request) else str(row.case.family),
        row.get_absolute_url(),
        caption=row.case.reference,
        button="Record decision and next family",
        template="hubs/item.html",
        extra=lambda: _to_decide(request, row, choice, now) | {"suggested": suggested},
    )
    make_form = partial(forms.Decision, item=row, choice=choice, suggested=suggested, discreet=discreet(request))
    return perform(request, make_form, partial(_decide, request, row), page=page, then=lambda to: to)


def _is_live(row: AgendaItem) -> bool:
    return row.meeting is not None and row.meeting.in_session and row.status in ON_AGENDA


def _to_decide(request: HttpRequest, row: Any, choice: queries.Choice | None, now: Any) -> dict[str, Any]:
    """What stands around the form. Where somebody decided while it was being typed, what they decided stands in its place."""
    if request.method == "POST":
        row = next(iter(_ITEM(request.user, "view", pk=row.pk, now=now)), row)
    live = _is_live(row)
    family = family_card(row) | _place(request, row, now) | told_to_whoever_referred(row)
    return family | (compared(choice) if live else {}) | {"live": live, "now": now}


def _open(request: HttpRequest, pk: int, action: str = "view") -> Any:
    """The item, and with it the case: both are written down as shown."""
    return open_record(request, _ITEM, action=action, beside=["case"], pk=pk, now=timezone.now())


@PlannedOnce
def _ITEM(user: Any, action: str, pk: Any, now: Any) -> Any:
    rows = AgendaItem.objects.with_rights(user, "prepare", "decide").with_wait(now).with_decision()
    rows = rows.annotate(is_here=queries.is_here(user))
    rows = following.with_hearing(rows, user, now).with_heard(user)
    shown = (
        "case__family",
        "case__area",
        "case__lead",
        "hub__area",
        "meeting__hub",
        "step__receiving",
        "step__checked_by",
        "wished_for",
        "wished_not",
        "heard_by",
    )
    return rows.select_related(*shown).for_user(user, action).filter(pk=pk)


def family_card(row: AgendaItem) -> dict[str, Any]:
    """The summary card (domain.md 9.3): who, what is asked, who is involved, what was agreed."""
    return {
        "item": row,
        "case": row.case,
        "household": queries.household(row.case),
        "team": team_of(row.case),
        "agreements": queries.agreements_of(row.case),
        "days": queries.days_waited(row, timezone.now()),
        "blockages": [each for each in blockages.of_case(row.case) if each.is_open],
        "offers": row.offers,
        "proposed": Tier(row.asked_tier).label if row.offers else "",
        **_decided(row),
    }


def _decided(row: AgendaItem) -> dict[str, Any]:
    """What the hub decided about the family; of this item, if it is decided, who was asked and what they answered."""
    made = queries.decided_lately(row.case_id)
    outcome = next((each for each in made if each.item_id == row.pk), None) if row.status in DONE_ITEM else None
    if outcome is None:
        return {"decisions": made}
    queries.with_asked([outcome])
    before = [each for each in made if each != outcome]
    return {"decisions": before, "outcome": outcome, "asked": queries.offers_since(outcome)}


def _place(request: HttpRequest, row: Any, now: Any) -> dict[str, Any]:
    """Where in the agenda: before, after, what is left, and how long that will take."""
    if row.meeting is None:
        return {"meeting": None, "left": []} | screen(request)
    left = _in_order(request, row.meeting, now)
    here = next((place for place, each in enumerate(left) if each.pk == row.pk), None)
    return {
        "meeting": row.meeting,
        "left": left,
        "heard": row.heard,
        "previous": left[here - 1] if here else None,
        "next": left[here + 1] if here is not None and here + 1 < len(left) else None,
        "minutes_left": len(left) * row.hub.minutes_an_item,
        **(_here(request, row) if row.meeting.in_session else {"missing": 0}),
        **_time(row),
        **screen(request),
    }


def _here(request: HttpRequest, row: Any) -> dict[str, Any]:
    """Who is here and counts for this family; and who could hear it, where whoever chairs may not."""
    here = queries.here_now(row.meeting, row.case_id, request.user if row.may_decide else None)
    shown = {"here": here, "missing": here.missing, "not_here": NOT_HERE}
    if row.status in ON_AGENDA and row.meeting.chaired_by_id in here.apart:
        shown |= {"chair_apart": True, "hears": chairs_here(row)}
    return shown


def _time(row: Any) -> dict[str, Any]:
    """Whether it is this family that the meeting hears, and how much of its slot is gone."""
    heard = {"is_heard": row.heard_id == row.pk, "given": row.given, "slot": row.hub.minutes_an_item}
    return heard | {"stand": following.stand_beside(row)}


def choice_for(row: AgendaItem, now: Any) -> queries.Choice | None:
    if not row.offers:
        return None
    return queries.Choice(row.case, row.asked_tier, now=now, liked=row.wished_for_id, avoided=row.wished_not_id)


def _suggested(request: HttpRequest, choice: queries.Choice | None) -> queries.Candidate | None:
    """The worker whom the chair took over from the agenda as it was shared out, if they may still take the family."""
    asked = Suggestion(request.GET).cleaned()["suggested"]
    if choice is None or not asked:
        return None
    try:
        worker = read(asked, choice)
    except signing.BadSignature:
        return None
    return next((each for each in choice.found if each.worker.pk == worker and each.can_begin), None)


def told_to_whoever_referred(row: AgendaItem) -> dict[str, Any]:
    """What whoever referred will read, by what is decided: it is shown before it is sent."""
    if row.kind != ItemKind.NEW:
        return {"told": {}}
    turned = {
        kind: told.turned_away(reason, "(where to)" if kind == "signpost" else "")
        for kind, reason in TURNS_AWAY.items()
    }
    return {"told": {"allocate": told.ASKING, **turned}}


def compared(choice: queries.Choice | None) -> dict[str, Any]:
    """Of all who could be offered the family a few are drawn side by side: ``side_by_side`` knows which."""
    shown: dict[str, Any] = {"found": [], "few": queries.AT_ONCE, "formula": queries.FORMULA}
    if choice is None:
        return shown
    return shown | {
        "compared_at": Tier(choice.tier).label,
        "choice": choice,
        "found": choice.found,
        "need": choice.need,
    }


def _decide(request: HttpRequest, row: AgendaItem, *, kind: str, **facts: Any) -> str:
    """Decided, and on to the next family: all who follow the meeting see both."""
    now = timezone.now()
    if kind == DecisionKind.DEFER:
        transitions.defer(row, by=request.user, now=now, **facts)
    else:
        transitions.decide(row, by=request.user, now=now, kind=kind, **facts)
        ring_if_nobody_has(request, **facts)
    return _go_on(request, row.meeting, now)


def ring_if_nobody_has(request: HttpRequest, *, handover: Any = None, **others: Any) -> None:
    """A saved form is not a telephone call (domain.md 6.9)."""
    if handover and not handover["spoken_to"]:
        number = f"{settings.SOCIAL_CARE_NAME} on {settings.SOCIAL_CARE_PHONE}"
        messages.warning(request, f"Handed over in your name. Nobody has rung yet: ring {number} now.")


def _go_on(request: HttpRequest, meeting: Any, now: Any, *, past: AgendaItem | None = None) -> str:
    """The next family still to be heard is heard now; after the last one, the meeting."""
    left = _in_order(request, meeting, now)
    if past in left:
        after = left[left.index(past) + 1 :]
        left = after or left
    following = hearing.go_on(meeting, left, now=now)
    return (following or meeting).get_absolute_url()


def _in_order(request: HttpRequest, meeting: HubMeeting, now: Any) -> list[AgendaItem]:
    return [line.item for line in queries.in_order(left_of(request.user, meeting=meeting.pk), now=now)]


@PlannedOnce
def left_of(user: Any, meeting: Any) -> Any:
    """The families of a meeting still to be heard, of which this person may hear."""
    seen = AgendaItem.objects.for_user(user).filter(meeting=meeting).on_agenda()
    return seen.with_due().with_births().select_related("case__family")


@require_POST
def park(request: HttpRequest, pk: int) -> HttpResponse:
    """Talked over, decided later today: on to the next one."""
    row = _open(request, pk, "decide")
    now = timezone.now()
    try:
        transitions.discuss(row, by=request.user, now=now)
    except NotPossible as problem:
        messages.error(request, str(problem))
        return redirect(row)
    messages.success(request, f"{row.case.reference} is parked. The meeting comes back to it.")
    return redirect(_go_on(request, row.meeting, now, past=row))


@require_http_methods(["GET", "POST"])
def preference(request: HttpRequest, pk: int) -> HttpResponse:
    row = _open(request, pk, "prepare")
    page = Page(
        "Whom would the family like?",
        row.get_absolute_url(),
        caption=row.case.reference,
        said="Recorded for the meeting.",
    )
    asked = ("preference", "preference_note", "wished_for", "wished_not")
    initial = {name: getattr(row, name) for name in asked}
    deed = partial(transitions.record_preference, row, by=request.user, now=timezone.now())
    return perform(
        request,
        partial(
            forms.FamilyPreference, workers=queries.eligible(row.case), discreet=discreet(request), initial=initial
        ),
        deed,
        page=page,
        then=lambda done: done.get_absolute_url(),
    )
