"""The minutes of a meeting: written by its decisions, read on a page and on paper, confirmed at the meeting after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from earlyhelp.core import dates
from earlyhelp.core.documents import Paper, Section, printed, table
from earlyhelp.core.words import within
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import perform
from hubs import queries, transitions
from hubs.forms import meetings as forms
from hubs.models import HubDecision, HubMeeting, MinutesCorrection
from hubs.views.around import meeting_page, open_meeting

READ = "The minutes of a hub meeting"  # why a meeting was opened, where a copy of its minutes was taken
MARKING = "Confidential. For the members of this meeting alone: initials and case numbers."
COLUMNS = ("Part", "Case", "What", "Why", "Who", "Agency", "Day")


@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Written by the decisions themselves: nothing is typed twice. Initials and case numbers, for paper travels."""
    row = _open(request, pk)
    shown = {"meeting": row, **queries.minutes(row, request.user), "read_at": _read_at(row)}
    return render(request, "hubs/minutes.html", shown)


def _read_at(row: Any) -> HubMeeting | None:
    """The meeting that may confirm them now, for whoever runs the hub."""
    asks = row.may_prepare and row.opened_at and not row.minutes_confirmed_at
    return queries.in_session_after(row) if asks else None


def _open(request: HttpRequest, pk: int, purpose: str = "") -> Any:
    row = open_meeting(request, pk, purpose=purpose)
    if not row.is_over:
        raise Http404
    return row


# --- at the next meeting -----------------------------------------------------------------------------------------------


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_meeting(request, pk, "chair")
    try:
        transitions.confirm_minutes(row, by=request.user, now=timezone.now())
        messages.success(request, "The minutes are confirmed.")
    except NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(_back(row))


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_meeting(request, pk, "prepare")
    page = meeting_page(
        row,
        "Say what is wrong in the minutes",
        intro="The minutes stay as the decisions wrote them. What you write stands beside them.",
        button="Write it down",
        said="It stands beside the minutes.",
    )
    deed = partial(transitions.correct_minutes, row, by=request.user, now=timezone.now())
    seen = HubDecision.objects.for_user(request.user).filter(meeting=row).select_related("case").order_by("at", "pk")
    return perform(request, partial(forms.CorrectMinutes, decisions=seen), deed, page=page, then=_back)


def _back(row: HubMeeting) -> str:
    """To the meeting that reads these minutes, or to the minutes."""
    there = queries.in_session_after(row)
    return there.get_absolute_url() if there else f"{row.get_absolute_url()}minutes/"


# --- copies ------------------------------------------------------------------------------------------------------------


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper, and not a word more: what this reader may hear of, and no other family."""
    row = _open(request, pk, f"{READ}, on paper")
    made = _paper(row, queries.minutes(row, request.user), made_by=request.user, now=timezone.now())
    return _copy(printed(made), "application/pdf", "hub-minutes.pdf")


@require_safe
def as_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a table: a line for whoever was asked to be there, for each decision, and for each action."""
    row = _open(request, pk, f"{READ}, as a table")
    lines = [*_quorum(row), *_lines(queries.minutes(row, request.user))]
    return _copy(table(COLUMNS, lines), "text/csv; charset=utf-8", "hub-minutes.csv")


def _copy(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _paper(row: HubMeeting, said: dict[str, Any], *, made_by: Any, now: datetime) -> Paper:
    return Paper(
        title="Minutes of the hub meeting",
        reference=f"{row.hub}, {dates.moment(row.starts_at)}",
        marking=MARKING,
        made=f"Printed by {made_by}, {dates.moment(now)}",
        intro="\n".join(filter(None, [_held(row), _standing(row), _next(said)])),
        sections=_sections(said),
    )


def _held(row: Any) -> str:
    if row.chaired_by is None or row.opened_at is None:
        return f"The meeting did not take place. Closed {dates.moment(row.closed_at)}."
    held = f"Chaired by {row.chaired_by}. Opened {dates.moment(row.opened_at)}, closed {dates.moment(row.closed_at)}."
    return held if row.quorum is None else f"{held} Quorum: {within(row.quorum_in_words)}."


def _standing(row: HubMeeting) -> str:
    if row.minutes_confirmed_at:
        return f"Confirmed {dates.day(row.minutes_confirmed_at)}."
    return "Draft: they are confirmed at the next meeting." if row.opened_at else ""


def _next(said: dict[str, Any]) -> str:
    return f"Next meeting: {dates.moment(said['next_meeting'].starts_at)}." if said["next_meeting"] else ""


def _sections(said: dict[str, Any]) -> list[Section]:
    decided = [
        (_family(each), _decided(each), each.rationale, f"{dates.moment(each.at)}, {each.by}")
        for each in said["decisions"]
    ]
    ratified = [
        (_family(each), _decided(each), each.rationale, f"{dates.day(each.at)}, {each.by} {each.in_agreement}")
        for each in said["ratified"]
    ]
    refused = [
        (_family(each), _decided(each), each.not_ratified_why, f"{dates.day(each.at)}, {each.by} {each.in_agreement}")
        for each in said["not_ratified"]
    ]
    owed = [(_number(each), each.what, str(each.owner or each.agency), _by(each)) for each in said["actions"]]
    wrong = [(_about(each), each.text, f"{each.by}, {dates.moment(each.at)}") for each in said["corrections"]]
    head = ("Case", "Decision", "Why", "Recorded")
    apart = [(str(each.user), _of_whom(each), _declared(each)) for each in said["interests"]]
    return [
        _attendance(said),
        *([Section("Interests declared", head=("Who", "In", "Written down"), rows=apart)] if apart else []),
        Section("Decisions", head=head, rows=decided, nothing="No decision was recorded in this meeting."),
        *([Section("Chair’s actions ratified", head=head, rows=ratified)] if ratified else []),
        *(
            [Section("Chair’s actions not ratified", head=("Case", "Decision", "Why not", "Recorded"), rows=refused)]
            if refused
            else []
        ),
        Section("Actions", head=("Case", "What", "Who", "By"), rows=owed, nothing="None."),
        *([Section("What was found wrong", head=("Case", "What", "By whom"), rows=wrong)] if wrong else []),
    ]


def _attendance(said: dict[str, Any]) -> Section:
    nobody = said["absent_agencies"]
    return Section(
        "Who was here",
        text=f"Agencies without anybody here: {', '.join(nobody)}." if nobody else "",
        head=("Who", "Agency", "There"),
        rows=[(str(each), str(each.agency or ""), each.get_presence_display()) for each in said["attendance"]],
        nothing="No attendance was taken.",
    )


def _of_whom(conflict: Any) -> str:
    """The family, to those who may hear of it; to nobody else of whom."""
    return _family(conflict) if conflict.named else "One family"


def _declared(conflict: Any) -> str:
    declared = f"{dates.moment(conflict.declared_at)}, {conflict.declared_by}"
    back = f"\nTaken back: {conflict.doubted_by} and {conflict.confirmed_by}" if conflict.taken_back_at else ""
    return f"{declared}{back}"


def _family(decision: Any) -> str:
    """As it may travel on paper."""
    return f"{decision.case.family.name[:1]}. {decision.case.reference}"


def _about(correction: MinutesCorrection) -> str:
    return _family(correction.decision) if correction.decision else ""


def _decided(decision: Any) -> str:
    needed = f"Needed: {decision.needed}" if decision.needed else ""
    manager = f"Second deferral agreed by {decision.manager}" if decision.manager else ""
    return "\n".join(filter(None, [decision.in_words, *decision.beside, needed, manager]))


def _number(action: Any) -> str:
    """About whose family it is; of the hub's own business nothing."""
    return action.decision.case.reference if action.decision else ""


def _by(action: Any) -> str:
    return f"{dates.day(action.due_on)}{' (done)' if action.done_at else ''}"


def _quorum(row: HubMeeting) -> Iterator[tuple[object, ...]]:
    """With which it began: of a meeting that did not take place, or is older than that record, none."""
    if row.quorum is not None:
        yield "Quorum", "", row.quorum_in_words, "", "", "", ""


def _lines(said: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    """As ``COLUMNS`` names them."""
    for here in said["attendance"]:
        yield "Attendance", "", here.get_presence_display(), "", here, here.agency, ""
    for apart in said["interests"]:
        yield "Interest", _of_whom(apart), _declared(apart), "", apart.user, "", _on(apart.declared_at)
    for made in said["decisions"]:
        yield "Decision", _family(made), _decided(made), made.rationale, made.by, "", _on(made.at)
    for made in said["ratified"]:
        who = f"{made.by} {made.in_agreement}"
        yield "Chair’s action ratified", _family(made), _decided(made), made.rationale, who, "", _on(made.at)
    for refused in said["not_ratified"]:
        who = f"{refused.by} {refused.in_agreement}"
        why = refused.not_ratified_why
        yield "Chair’s action not ratified", _family(refused), _decided(refused), why, who, "", _on(refused.at)
    for owed in said["actions"]:
        done = "Done" if owed.done_at else ""
        yield "Action", _number(owed), owed.what, done, owed.owner, owed.agency, owed.due_on
    for wrong in said["corrections"]:
        yield "Found wrong", _about(wrong), wrong.text, "", wrong.by, "", _on(wrong.at)


def _on(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()
