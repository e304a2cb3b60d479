"""Interests in a family: declared, taken back by two people, and who hears the family in a chair's place."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core.composed import record, records
from earlyhelp.core.requests import SignedIn
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.views import Page, perform
from hubs import queries, transitions
from hubs.enums import LIVE_ITEM
from hubs.forms import interests as forms
from hubs.models import AgendaItem, Conflict
from hubs.queries.interests import may_be_named
from hubs.services.interests import declare
from hubs.views.around import items_of, meeting_page, open_meeting
from hubs.views.screen import discreet


@require_http_methods(["GET", "POST"])
def interest(request: SignedIn, pk: int) -> HttpResponse:
    """Anybody at the hub declares their own; the chair and the coordinator write down anybody's."""
    row = open_meeting(request, pk)
    items = items_of(request.user, row).filter(status__in=LIVE_ITEM)
    only = None if row.may_prepare else request.user
    page = meeting_page(
        row,
        "Somebody knows a family" if only is None else "I know one of these families",
        button="Record it",
        said="Recorded. That person no longer sees this family here.",
        intro="Whoever knows a family otherwise neither hears nor decides about it: the hub’s sight of it is closed to them.",
    )

    def deed(user: Any, item: AgendaItem) -> Any:
        return declare(item.case, user=user, by=request.user, now=timezone.now(), meeting=row)

    make_form = partial(forms.Interest, meeting=row, items=items, only=only, discreet=discreet(request))
    return perform(request, make_form, deed, page=page, then=lambda conflict: page.cancel_url)


@require_safe
def interests(request: SignedIn, pk: int) -> HttpResponse:
    """Those declared at this meeting, and who may say that one was a mistake; of whom, only to those who may hear of it."""
    row = open_meeting(request, pk)
    found = queries.interests_of(row, request.user)
    note_shown(request, *(each.case for each in found if each.named))
    return render(request, "hubs/interests.html", {"meeting": row, "interests": found, "me": request.user})


@require_http_methods(["GET", "POST"])
def doubt(request: SignedIn, pk: int) -> HttpResponse:
    """It was declared by mistake, somebody says: a second person has to confirm it."""
    row = _open(request, pk, "doubt")
    page = _page(
        row,
        "This interest was declared by mistake",
        intro="The family stays hidden until somebody else who runs the hub, and who may hear of the family, confirms it.",
        button="Ask for it to be taken back",
        said="Whoever runs the hub is asked to confirm it.",
    )
    deed = partial(transitions.doubt, row, by=request.user, now=timezone.now())
    return perform(request, forms.Mistake, deed, page=page, then=lambda done: page.cancel_url)


@require_http_methods(["GET", "POST"])
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """The second person says whether it was a mistake."""
    row = _open(request, pk, "take_back")
    note_shown(request, row.case)
    said = f"{row.doubted_by} says: {row.doubted_why}" if row.doubted_by else ""
    intro = f"{row.user} declared an interest in {row.case.reference}. {said}"
    page = _page(row, "Was this interest a mistake?", intro=intro, said="Written down.")

    def deed(answer: str, reason: str) -> Any:
        return getattr(transitions, answer)(row, by=request.user, now=timezone.now(), reason=reason)

    return perform(request, forms.Confirm, deed, page=page, then=lambda done: page.cancel_url)


def _open(request: HttpRequest, pk: int, action: str) -> Any:
    rows = records(Conflict, "user", "case__family", "meeting__hub", "doubted_by", "declared_by")
    return open_record(request, rows, action=action, pk=pk)


def _page(row: Conflict, title: str, **kwargs: Any) -> Page:
    return Page(title, row.get_absolute_url(), caption=str(row.meeting or ""), about=ABOUT_NOBODY, **kwargs)


@require_http_methods(["GET", "POST"])
def hear_instead(request: HttpRequest, pk: int) -> HttpResponse:
    """No chair who is here may hear of this family: somebody else who is here does. Where nobody who runs the hub may, a service
    manager says who does, and reads of the family no more than its number.
    """
    row = open_record(request, _TO_NAME, action="name", pk=pk)
    if row.may_view:
        note_shown(request, row.case)
    page = Page(
        "Who hears this family?",
        row.get_absolute_url() if row.may_view else row.hub.get_absolute_url(),
        caption=row.case.reference,
        intro=_until_when(row),
        said="Written down, and they have been told. They decide about this family.",
    )
    deed = partial(transitions.name_chair, row, by=request.user, now=timezone.now())
    make = partial(forms.HearInstead, people=may_be_named(row))
    return perform(request, make, deed, page=page, then=lambda done: page.cancel_url)


def _until_when(row: AgendaItem) -> str:
    if row.nobody_hears_since is None:
        return "They decide as the chair would, about this family alone and until the meeting is over."
    named = f" {row.heard_by} was named before." if row.heard_by else ""
    return (
        f"Everybody who runs {row.hub} has declared an interest in this family.{named} Whoever you choose opens its record, "
        "puts its papers right, and decides as the chair would: about this family alone, until the hub has decided."
    )


@record
def _TO_NAME(user: Any) -> Any:
    rows = AgendaItem.objects.with_rights(user, "view")
    return rows.select_related("case__family", "case__area", "meeting__hub", "hub__area", "heard_by")
