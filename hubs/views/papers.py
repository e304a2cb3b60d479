"""The papers of a meeting, as its members read them: a page for each family (screens.md A2)."""

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
from earlyhelp.core import dates
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.core.documents import Paper, Section, printed
from earlyhelp.core.requests import SignedIn
from earlyhelp.families.secrets import secrets_of
from earlyhelp.workflow.views import Page, perform
from hubs import queries
from hubs.forms import papers as forms
from hubs.models import AgendaItem, HubMeeting, PackNote, PackPage
from hubs.models.meeting import OPENED
from hubs.queries.papers import agencies_at, changed_since, changed_without_secrets, papers_of, without_secrets
from hubs.services import papers
from hubs.views.around import items_of, open_meeting

MARKING = (
    "Confidential. For the members of this meeting alone: initials and case numbers, and nothing that was written."
)


@require_safe
def pack(request: SignedIn, pk: int) -> HttpResponse:
    """What is in the papers, in the order in which it is heard."""
    row = open_meeting(request, pk, purpose=OPENED)
    shown = {
        "meeting": row,
        "lines": _lines(request.user, row),
        "notes": set(PackNote.objects.filter(user=request.user, meeting=row).values_list("item", flat=True)),
    }
    return render(request, "hubs/pack.html", shown)


def _lines(user: Any, row: HubMeeting) -> list[queries.Line]:
    return queries.in_order(_ITEMS(user, meeting=row.pk), now=timezone.now())


@PlannedOnce
def _ITEMS(user: Any, meeting: Any) -> Any:
    return items_of(user, meeting).with_grounds().with_replies().on_agenda()


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One family: as it was published, and under it what reads otherwise since. Before that, as it reads now."""
    row = _open(request, pk)
    return render(request, "hubs/page.html", _read(request, row) | {"form": forms.Note(initial=_note(request, row))})


def _open(request: HttpRequest, pk: int) -> Any:
    """The item, its case and the meeting whose papers they are: all written down before anything is shown."""
    return open_record(request, _ITEM, beside=["case", "meeting"], pk=pk, purpose=OPENED)


@PlannedOnce
def _ITEM(user: Any, action: str, pk: Any) -> Any:
    shown = (
        "case__family",
        "case__area",
        "case__lead",
        "hub__area",
        "meeting__hub",
        "step__requested_by",
        "step__checked_by",
    )
    rows = AgendaItem.objects.with_rights(user, "prepare").select_related(*shown)
    return rows.for_user(user, action).filter(pk=pk, meeting__isnull=False)


def _read(request: HttpRequest, row: Any) -> dict[str, Any]:
    now = timezone.now()
    kept = next(iter(_KEPT(None, item=row.pk, meeting=row.meeting_id)), None)
    on = timezone.localdate(kept.published_at) if kept else None
    current = papers_of(row, agencies_at(row.hub), now=now, on=on)
    said, secrets = current.said(), secrets_of([row.case.family_id])
    as_it_stands = said if row.may_prepare else []  # members read only a page that went out
    shown = kept.said if kept else as_it_stands
    return {
        "item": row,
        "case": row.case,
        "family": row.case.family,
        "meeting": row.meeting,
        "kept": kept,
        "parts": without_secrets(shown, secrets),
        "changed": changed_without_secrets(changed_since(kept, said), secrets) if kept else [],
        "genogram": current.genogram if current.members else None,
        "now": now,
        **_beside(request.user, row, now),
    }


@PlannedOnce
def _KEPT(nobody: None, item: Any, meeting: Any) -> Any:
    """What was published of it, at most once."""
    return PackPage.objects.filter(item=item, meeting=meeting).select_related("published_by")


def _beside(user: Any, row: Any, now: datetime) -> dict[str, Any]:
    """The pages before and after it."""
    order = [line.item for line in queries.in_order(_ORDER(user, meeting=row.meeting_id), now=now)]
    here = next((place for place, each in enumerate(order) if each.pk == row.pk), None)
    return {
        "previous": order[here - 1] if here else None,
        "next": order[here + 1] if here is not None and here + 1 < len(order) else None,
        "number": here + 1 if here is not None else None,
        "pages": len(order),
    }


@PlannedOnce
def _ORDER(user: Any, meeting: Any) -> Any:
    seen = AgendaItem.objects.for_user(user).filter(meeting=meeting).on_agenda()
    return seen.with_due().with_births().with_grounds().select_related("case__family")


def _note(request: HttpRequest, row: Any) -> dict[str, str]:
    return {"text": PackNote.objects.of(request.user, row)}


@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody writes beside a page for themselves alone."""
    row = _open(request, pk)
    around = Page(
        "Your notes",
        reverse("hubs:page", args=[row.pk]),
        caption=f"{row.case.reference} {row.case.family}",
        intro="Only you read them. They are in no minutes, and are destroyed ten working days after the meeting.",
        button="Save your notes",
        said="Your notes are saved.",
    )
    deed = partial(papers.write_note, row, by=request.user, now=timezone.now())
    make = partial(forms.Note, initial=_note(request, row))
    return perform(request, make, deed, page=around, then=lambda done: around.cancel_url)


# --- on paper ----------------------------------------------------------------------------------------------------------


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """To take along: initials and case numbers only, and nothing that was written about a family."""
    row = open_meeting(request, pk, purpose=f"{OPENED}, on paper")
    made = _paper(row, _lines(request.user, row), made_by=request.user, now=timezone.now())
    return HttpResponse(
        printed(made),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="hub-papers.pdf"'},
    )


def _paper(row: HubMeeting, lines: list[queries.Line], *, made_by: Any, now: datetime) -> Paper:
    return Paper(
        title="Papers of the hub meeting",
        reference=f"{row.hub}, {dates.moment(row.starts_at)}",
        marking=MARKING,
        made=f"Printed by {made_by}, {dates.moment(now)}",
        intro=f"{row.place}\n{_families(len(lines))}".strip(),
        sections=[_section(number, line) for number, line in enumerate(lines, start=1)],
    )


def _families(number: int) -> str:
    return "1 family" if number == 1 else f"{number} families"


def _section(number: int, line: queries.Line) -> Section:
    item: Any = line.item
    answered, asked = item.replies
    facts = [
        ("For the hub", item.get_kind_display()),
        ("Level of need", item.case.get_level_of_need_display()),
        ("Children", line.ages or "None recorded"),
        ("Waiting", f"{line.days} day{'s' * (line.days != 1)}"),
        ("Agreement", item.agreed_in_words),
        ("Agencies answered", f"{answered} of {asked}" if asked else "None was asked"),
        ("Why here", ", ".join(line.reasons) or "By how long they wait"),
        ("Notes", " "),
    ]
    return Section(f"{number}. {item.case.family.name[:1]}. {item.case.reference}", facts=facts)
