"""Subject access, for the governance lead and the second person. Whatever is read for it is in the access log, with why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core.documents import printed
from earlyhelp.core.forms import FilterForm, OnceForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.core.rights import rights
from earlyhelp.core.words import within
from earlyhelp.records import services
from earlyhelp.records.access import decides_on_disposal, keeps_records
from earlyhelp.records.bundling import as_given, content_of, digest_of, in_order, paper_of, sealed_content
from earlyhelp.records.enums import OPENED, AccessStatus, Decision
from earlyhelp.records.forms import subject_access as forms
from earlyhelp.records.models import AccessItem, AccessRequest
from earlyhelp.records.queries import items_of, next_undecided, requests_for, who_may_approve
from earlyhelp.records.transitions import subject_access as deeds
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.services import last_step
from earlyhelp.workflow.transitions import REGISTRY, open_to
from earlyhelp.workflow.views import Page, perform

HANDED = "It is sealed, and stands in the ledger. Take the PDF and the JSON below."


class Wording(NamedTuple):
    form: Any
    button: str
    said: str
    warning: str = ""


WORDS = {
    "check_identity": Wording(forms.Identity, "Save", "Written down."),
    "collect": Wording(OnceForm, "Collect it", "Collected. Look first at what speaks of others."),
    "ask": Wording(forms.AskSecond, "Ask them", "Asked. They have been told."),
    "approve": Wording(forms.Approve, "Approve these very words", "Approved, and sealed."),
    "send_back": Wording(forms.SendBack, "Send it back", "Sent back."),
    "hand_over": Wording(
        OnceForm, "Hand it over", HANDED, "What was collected for it is emptied. This cannot be undone."
    ),
    "extend": Wording(forms.Extend, "Take longer", "Written down. The clock runs to the new day."),
    "refuse": Wording(forms.Because, "Refuse it", "Refused. Tell them why, and how they complain."),
    "withdraw": Wording(forms.Because, "Save", "Written down."),
}


@require_safe
def requests(request: SignedIn) -> HttpResponse:
    """By reference alone: whose they are stands behind each."""
    if not decides_on_disposal(request.user):
        raise PermissionDenied
    form = FilterForm(request.GET)
    context = {"page": form.page_of(requests_for(request.user)), "form": form}
    return render(request, "records/access.html", context | {"keeps": keeps_records(request.user)})


@require_http_methods(["GET", "POST"])
def begin(request: SignedIn) -> HttpResponse:
    if not keeps_records(request.user):
        raise PermissionDenied
    page = Page(
        "Record a subject access request",
        reverse("records:access"),
        intro="Somebody asks for what is kept about them. They have a right to it within a month, and it is free.",
        button="Record it",
        said="The month runs. Check who they are, and collect what is kept.",
        about=ABOUT_NOBODY,  # until its person is named in the form
    )
    deed = partial(services.begin_request, by=request.user, now=timezone.now())
    return perform(request, forms.BeginRequest, deed, page=page, then=AccessRequest.get_absolute_url)


@require_safe
def shown(request: SignedIn, reference: str) -> HttpResponse:
    """How it stands, and its items by day and kind: the words of each are on a page of its own."""
    row = _opened(request, reference)
    filters = forms.ItemFilter(request.GET)
    chosen = {name: value or "" for name, value in filters.cleaned().items()}
    undecided = row.items.filter(decision=Decision.UNDECIDED).count()
    context = {
        "row": row,
        "filters": filters,
        "page": filters.page_of(items_of(row, **chosen)),
        "undecided": undecided,
        "moves": [(step.label, _move_url(row, step.name), step.name) for step in _moves(row, request.user, undecided)],
        "keeps": row.may_keep,
        "back": last_step(row, "ask", "send_back"),
    }
    return render(request, "records/access_request.html", context)


def _moves(row: AccessRequest, user: Any, undecided: int) -> list[Any]:
    """No button leads to a refusal. Each item is decided on its own page."""
    in_time = not row.extended_by_months and timezone.localdate() <= row.due_on
    sensible = {"ask": not undecided, "hand_over": bool(row.identity), "extend": in_time}
    return [step for step in open_to(user, row) if step.name in WORDS and sensible.get(step.name, True)]


@require_http_methods(["GET", "POST"])
def move(request: SignedIn, reference: str, name: str) -> HttpResponse:
    row = _opened(request, reference)
    step, words = REGISTRY[AccessRequest].get(name), WORDS.get(name)
    if step is None or words is None or not rights(request.user, row, {step.rule}):
        raise Http404
    if request.method == "GET" and row.status not in step.sources:
        raise Http404
    now = timezone.now()
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=row.reference,
        warning=words.warning,
        button=words.button,
        said=words.said,
    )
    if name == "approve":
        return _approve(request, row, page, now)
    make = partial(forms.AskSecond, people=who_may_approve(row, request.user)) if name == "ask" else words.form
    return perform(
        request, make, partial(step, row, by=request.user, now=now), page=page, then=AccessRequest.get_absolute_url
    )


def _approve(request: SignedIn, row: AccessRequest, page: Page, now: datetime) -> HttpResponse:
    """What is read and what is approved are one: what goes, what does not and why, and its digest below."""
    items, said = list(in_order(row)), content_of(row)
    _note_read(request, row, items)
    shown_items = [(each, as_given(each)) for each in items]
    page = replace(page, template="records/access_approve.html", extra={"items": shown_items})
    make = partial(forms.Approve, initial={"digest": digest_of(row, said)})
    deed = partial(deeds.approve, row, by=request.user, now=now)
    return perform(request, make, deed, page=page, then=AccessRequest.get_absolute_url)


@require_http_methods(["GET", "POST"])
def item(request: SignedIn, reference: str, pk: int) -> HttpResponse:
    """One thing that is kept, word for word, and what is done with it. Then the next that nobody has decided on."""
    row = _opened(request, reference, action="keep")
    found = get_object_or_404(row.items, pk=pk)
    if row.status not in OPENED:
        raise Http404
    _note_read(request, row, [found])
    page = Page(
        "Decide what is given",
        row.get_absolute_url(),
        caption=f"{row.reference}, {within(found.kind)}",
        button="Save and go on",
        template="records/access_item.html",
        extra={"item": found, "row": row},
    )
    decided = {} if found.decision == Decision.UNDECIDED else {"decision": found.decision}
    initial = decided | {"strikes": "\n".join(found.strikes), "code": found.code, "note": found.note}
    make = partial(forms.Decide, initial=initial)
    deed = partial(deeds.decide, row, item=found.pk, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=_go_on)


def _go_on(row: AccessRequest) -> str:
    following = next_undecided(row)
    if following is None:
        return row.get_absolute_url()
    return reverse("records:access_item", args=[row.reference, following.pk])


@require_http_methods(["GET", "POST"])
def statement(request: SignedIn, reference: str, pk: int) -> HttpResponse:
    """Rectification: their own words are put beside what is written."""
    row = _opened(request, reference, action="keep")
    found = get_object_or_404(row.items, pk=pk)
    if not services.takes_statement(found):
        raise Http404
    page = Page(
        "What do they say of it themselves?",
        row.get_absolute_url(),
        caption=f"{row.reference}, {within(found.kind)}",
        intro="What was written stays. Their words stand beside it in the family’s chronology, for everybody who reads it.",
        button="Put it beside",
        said="It stands beside what was written.",
    )
    deed = partial(services.add_statement, found, by=request.user, now=timezone.now())
    return perform(request, forms.Statement, deed, page=page, then=lambda added: row.get_absolute_url())


@require_safe
def bundle(request: SignedIn, reference: str, kind: str) -> HttpResponse:
    """As it was approved, and nothing else. For the governance lead, once it is handed over."""
    row = _opened(request, reference, action="keep", taken=kind)
    if row.status != AccessStatus.HANDED_OVER:
        raise Http404
    said = sealed_content(row)
    made, type_ = (printed(paper_of(row, said)), "application/pdf") if kind == "pdf" else (said, "application/json")
    name = f'attachment; filename="{row.reference}.{kind}"'
    return HttpResponse(made, content_type=type_, headers={"Content-Disposition": name})


def _opened(request: SignedIn, reference: str, *, action: str = "view", taken: str = "") -> Any:
    rows = AccessRequest.objects.with_rights(request.user, "keep", "approve").select_related(
        "person", "area", "kept_by", "second", "asked_by", "approved_by", "handed_by", "account"
    )
    purpose = f"A copy was taken ({taken})" if taken else f"Subject access request {reference}"
    return open_record(request, rows, action=action, purpose=purpose[:200], reference=reference)


def _note_read(request: SignedIn, row: AccessRequest, items: Iterable[AccessItem]) -> None:
    """Each record whose words are shown, as if it had been opened where it stands; and for what."""
    note_shown(request, *(apps.get_model(each.source)(pk=each.source_id) for each in items), purpose=row.purpose)


def _move_url(row: AccessRequest, name: str) -> str:
    return reverse("records:access_move", args=[row.reference, name])
