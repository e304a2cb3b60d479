"""The workbench of EH Access: the queue by time left, the referral with what agencies say, the decision (screens.md 1.5)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core import dates
from earlyhelp.core.calendar import add_working_days
from earlyhelp.core.composed import record
from earlyhelp.core.requests import SignedIn
from earlyhelp.core.rights import may, rights
from earlyhelp.core.words import within
from earlyhelp.letters.enums import How, Reader
from earlyhelp.workflow.transitions import REGISTRY, Transition, open_to
from earlyhelp.workflow.views import Page, perform
from referrals.enums import STATUS_COLOURS, Doubt, Status
from referrals.forms.triage import DECISIONS, MOVES, QueueTab
from referrals.models import InformationRequest, Referral, ReferralLetter
from referrals.progress import promised, summary
from referrals.queries import (
    access_team,
    as_read_by,
    counted_in_triage,
    decisions,
    for_workbench,
    latest_messages,
    letters_of_referral,
    letters_to_the_family,
    lives_hidden,
    matches,
    open_case_of,
    questions,
    tabs,
    with_any_message,
    with_family,
)
from referrals.queries import queue as waiting
from referrals.services.letters import write

NO_NUMBER = {
    "heading": "",
    "subject": "Your own telephone number is not known here",
    "body": "Where a letter asks its reader to ring you it gives none: add it to the text before it goes.",
}
OPENS_A_CASE = ("accept", "pass_step_down")
OF_ITS_OWN = {"tell_family": "referrals/tell_family.html"}
LATEST = 3  # messages that stand on the page of the referral itself
FIRST = ("vouch", "place", "take", "entrust", "ask_agencies", "confirm")  # what is pressed most, in each state


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits; the tabs count what is behind them."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    shelves = tabs(today)
    filters = QueueTab(request.GET)
    counts = counted_in_triage(request.user, today)
    shown = next((tab for tab in shelves if tab.slug == filters.cleaned()["tab"]), shelves[0])
    page = filters.page_of(waiting.rows(request.user, shown.slug, today=today))
    items = [
        {"label": tab.title, "url": f"?tab={tab.slug}", "current": tab == shown, "count": counts[tab.slug]}
        for tab in shelves
    ]
    context = {
        "page": page,
        "filters": filters,
        "items": items,
        "tab": shown,
        "workers": [] if shown.slug == "decided" else access_team(),
        "ticked": {reference for reference, _ in filters.cleaned()["row"] or []},
    }
    return render(request, "referrals/triage.html", context)


@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The referral at the left, what agencies say and what was decided beside it, the decision below."""
    row = open_record(request, _WITH_FAMILY, action="weigh", reference=reference)
    if row.is_draft:
        raise Http404
    moves = [move for move in open_to(request.user, row) if move.name in MOVES and _fits(row, move.name)]
    asked = list(questions(row, request.user)) if row.may_triage and row.was_asked else []
    context = {
        "referral": row,
        "rows": summary(row, seen_by=request.user),
        "requests": asked,
        "replied": len([each for each in asked if not each.is_missing]),
        "chase_url": _chase_url(row, moves, asked),
        "decided": [_told(each) for each in decisions(row)] if row.was_decided else [],
        "letters": letters_of_referral(row, request.user),
        "may_open_case": row.case_id if row.may_open_case else None,
        "open_case": open_case_of(row) if row.has_open_case and row.may_triage and row.is_live else None,
        "decisions": _decisions(row, moves),
        "actions": [(m.label, move_url(row, m.name)) for m in moves if m.name not in (*DECISIONS, "chase_replies")],
        "first": next(((m.label, move_url(row, m.name)) for m in moves if m.name in FIRST), None),
        "tags": _tags(row),
        "facts": _facts(row),
        "doubts": [Doubt(each).label for each in row.doubts],
        "may_match": row.may_triage and row.is_live,
        "said": row.has_messages
        and row.may_correspond
        and as_read_by(request.user, row, latest_messages(row, request.user, LATEST)),
    }
    return render(request, "referrals/triage_case.html", context)


@require_safe
def other_records(request: SignedIn, reference: str) -> HttpResponse:
    """Who else may be these people: a part of the page, or a page of its own without JavaScript."""
    row = open_record(request, _REFERRAL, action="triage", reference=reference)
    found = matches(row)
    note_shown(request, *(other.match.person for other in found))
    template = "referrals/_matches.html" if request.htmx else "referrals/matches.html"
    return render(request, template, {"referral": row, "matches": found})


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The page of a transition: its form, then its function."""
    row = open_record(request, _REFERRAL, reference=reference)
    step = next((each for each in open_to(request.user, row) if each.name == name), None)
    if name not in MOVES or (step is None and not _was_possible(request, row, name)):
        raise Http404
    step = step or _transition(name)
    wording = MOVES[name]
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=row.reference,
        intro=wording.intro,
        warning=wording.warning,
        button=wording.button,
        danger=wording.danger,
        said=_said(row, wording.said),
        never_waits="Whoever decides about the referral and social care read it." if name == "step_up" else "",
        template="referrals/decide.html" if name in DECISIONS else OF_ITS_OWN.get(name, "pages/form.html"),
        extra={
            "others": _decisions(row, [each for each in open_to(request.user, row) if each != step]),
            "ring_first": name == "step_up",
            "letters": letters_to_the_family(row, request.user) if name == "tell_family" else [],
        },
        preview=partial(_letters, row, step.target or "", request.user) if name in DECISIONS else None,
    )
    deed = partial(step, row, by=request.user, now=timezone.now())
    form = partial(wording.form, referral=row, user=request.user, becomes=step.target or "")
    return perform(request, form, deed, page=page, then=partial(_after, request))


def _letters(row: Referral, becomes: str, user: Any, said: dict[str, Any]) -> list[dict[str, str]]:
    """What would go to whom, as it would read."""
    letters = write(row, becomes, by=user, now=timezone.now(), **said)
    shown = [
        {"heading": f"To {within(each.reader.label)}", "subject": each.subject, "body": each.body} for each in letters
    ]
    return shown if user.phone else [NO_NUMBER, *shown]


@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as it was sent; the family’s to print."""
    row = open_record(request, _LETTERS, pk=pk)
    about = row.owner
    owed = row.may_triage and row.how == How.PAPER and promised(about, "D_OUTCOME")
    by_its_case = row.case_id and not (row.may_weigh or about.author_id == request.user.pk)
    context = {
        "letter": row,
        "back_url": reverse("cases:section", args=[row.case.reference, "referral"])
        if by_its_case
        else about.get_absolute_url(),
        "back_label": "The case" if by_its_case else "The referral",
        "keep_hidden": row.how == How.PAPER and lives_hidden(about.family_id),
        "reach_safely": about.reach_safely if row.how == How.PAPER else "",
        "told_url": move_url(about, "tell_family") if owed else "",
    }
    return render(request, "letters/letter.html", context)


def _fits(row: Referral, name: str) -> bool:
    """Two deeds are only for what came by the public form; a step-down is passed on, and its threshold not weighed again."""
    fits: dict[str, bool] = {
        "vouch": bool(row.doubts),
        "place": row.place_unknown,
        "link": row.has_open_case,  # type: ignore[attr-defined]
        "pass_step_down": row.step_down,
        **dict.fromkeys(("accept", "signpost", "advise"), not row.step_down),
    }
    return fits.get(name, True)


def _said(row: Referral, said: str) -> str:
    """Nobody was told by itself where a family asked for help themselves."""
    if row.author_id or "referrer" not in said:
        return said
    return f"{said.split('. ')[0]}. Tell the family, if you have not: nothing is sent to them by itself."


def _decisions(row: Referral, moves: list[Transition]) -> list[dict[str, str]]:
    """What may be decided of it. A link needs a case to lead to; where there is one it stands first, and no second is offered."""
    offered = [each for each in moves if each.name in DECISIONS and _fits(row, each.name)]
    if row.has_open_case:  # type: ignore[attr-defined]
        offered = [each for each in offered if each.name not in OPENS_A_CASE]
    offered.sort(key=lambda each: (each.name != "link", [*DECISIONS].index(each.name)))
    return [{"label": each.label, "url": move_url(row, each.name), "hint": DECISIONS[each.name]} for each in offered]


def _after(request: HttpRequest, row: Referral) -> str:
    """Back to the referral, or to the list where the deed has ended one’s own sight of it."""
    return row.get_absolute_url() if may(request.user, "view", row) else "/"


def _was_possible(request: HttpRequest, row: Referral, name: str) -> bool:
    """A form sent after somebody else moved the referral on: the rule allows it, the state no longer does. It is told so."""
    known = _transition(name)
    return request.method == "POST" and known is not None and bool(rights(request.user, row, {known.rule}))


def _transition(name: str) -> Transition:
    return REGISTRY[Referral][name]


def move_url(row: Referral, name: str) -> str:
    return reverse("referrals:move", args=[row.reference, name])


def _tags(row: Referral) -> list[tuple[str, str]]:
    tags = [(row.get_status_display(), STATUS_COLOURS[Status(row.status)])]
    tags += [("Step-down from social care", "purple")] if row.step_down else []
    tags += [("Urgent", "red")] if row.urgent else []
    tags += [("Safety worry", "red")] if row.worrying else []
    tags += [("Consider the families programme", "purple")] if row.for_programme else []
    tags += [("May not be a person", "orange")] if row.doubts else []
    return tags + ([("Back from the hub", "orange")] if row.returned_at and row.is_live else [])


def _told(decision: Any) -> Any:
    """A decision with its letters, each by name and address; and what the family said when help was offered again."""
    decision.offered_again = [(datetime.fromisoformat(each["at"]), each["reason"]) for each in decision.again]
    decision.sent = [
        (f"Letter to {within(Reader(each['reader']).label)}", reverse("referrals:letter", args=[each["pk"]]))
        for each in decision.written
    ]
    return decision


def _chase_url(row: Referral, moves: list[Transition], asked: list[InformationRequest]) -> str:
    """Where one click chases everybody who owes an answer; nothing if nobody can be chased again today."""
    day = add_working_days(timezone.localdate(), 0)
    due = any(each.is_missing and each.chased_on != day for each in asked)
    return move_url(row, "chase_replies") if due and any(move.name == "chase_replies" for move in moves) else ""


def _facts(row: Any) -> list[tuple[str, Any]]:
    agency = f", {row.agency}" if row.agency else ""
    facts = [("From", f"{row.sender}{agency}"), ("Area", row.area), ("Taken by", row.holder or "Nobody yet")]
    return facts + ([("Decide by", dates.moment(row.decide_by))] if row.decide_by else [])


@record
def _LETTERS(user: Any) -> Any:
    return ReferralLetter.objects.with_rights(user).select_related("owner", "case")


def _referrals(user: Any) -> Any:
    rows = with_any_message(for_workbench(Referral.objects.with_rights(user), user))
    return rows.select_related(
        "family__area", "area", "agency", "author", "holder", "case__lead__agency", "second_look_by"
    )


_REFERRAL = record(_referrals)
_WITH_FAMILY = record(lambda user: with_family(_referrals(user), user))
