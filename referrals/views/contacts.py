"""Whoever gets in touch: written down on one screen, answered in one decision (domain.md 6.2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core import dates
from earlyhelp.core.composed import record
from earlyhelp.core.requests import SignedIn
from earlyhelp.core.rights import may, rights
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.transitions import REGISTRY, Transition, open_to
from earlyhelp.workflow.views import Page, perform
from referrals.contacts import (
    REPEATED_WITHIN,
    agreed_of,
    answer_of,
    checklists_of,
    corrections_of,
    counted,
    earlier,
    for_page,
    likely,
    listed,
    may_finish,
    shelves,
    trail,
)
from referrals.forms.contact import ANSWERS, MOVES, ContactTab, RecordContact
from referrals.forms.draft import WhichFamily
from referrals.models import Contact
from referrals.queries import may_name
from referrals.services.contacts import record_contact
from referrals.views.handovers import told_first

HAPPENED = {  # of each deed, in words that say it has happened
    "correct": "Corrected",
    "identify": "The family was named",
    "advise": "Advice was given",
    "signpost": "They were signposted",
    "refer_on": "They were referred on",
    "convert": "It became a referral",
    "link": "It was linked to the open case",
    "void": "It was put aside as no contact",
    "hand_over": "Handed over to social care",
    "tell_person": "They were told",
    "follow_up": "It was followed up",
    "wait_again": "It waits for an answer again",
    "not_taken_by_social_care": "Social care did not take it: it waits for an answer again",
}
OF_ITS_OWN = {"convert": "referrals/contacts/convert.html", "hand_over": "referrals/handover_start.html"}


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Those still to be answered, the least time left first; those that were, the newest first."""
    now = timezone.now()
    lately = now - REPEATED_WITHIN
    tabs, filters = shelves(lately), ContactTab(request.GET)
    counts = counted(request.user, lately=lately)
    shown = next((tab for tab in tabs if tab.slug == filters.cleaned()["tab"]), tabs[0])
    page = filters.page_of(listed(request.user, shown.slug, lately=lately))
    items = [
        {"label": tab.title, "url": f"?tab={tab.slug}", "current": tab == shown, "count": counts.get(tab.slug, 0)}
        for tab in tabs
    ]
    context = {"page": page, "filters": filters, "items": items, "tab": shown, "now": now}
    return render(request, "referrals/contacts/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """For anybody signed in. One screen; from a family’s page that family is known."""
    family = WhichFamily(request.GET).chosen(request.user)
    now = timezone.now()
    page = Page(
        "Record a contact",
        reverse("referrals:contacts"),
        caption=(f"{family.reference} {family}" if may_name(family, request.user) else family.reference)
        if family
        else "",
        button="Save the contact",
        said="The contact is recorded. Give them its reference.",
        template="referrals/contacts/new.html",
        about=family or ABOUT_NOBODY,
    )
    deed = partial(record_contact, by=request.user, now=now, family=family)
    initial = {"received_at": timezone.localtime(now)} | ({"area": family.area_id} if family else {})
    return perform(request, partial(RecordContact, initial=initial), deed, page=page, then=Contact.get_absolute_url)


@require_safe
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """What was said, what came before it, and what can be answered."""
    row = open_record(request, _CONTACTS, reference=reference)
    moves = _moves(request, row)
    context = {
        "contact": row,
        "rows": _said(row),
        "earlier": earlier(row, request.user),
        "answer": answer_of(row),
        "answers": _answers(row, moves),
        "actions": [
            (move.label, _move_url(row, move.name)) for move in moves if not (row.is_waiting and move.name in ANSWERS)
        ],
        "next_step": next(((m.label, _move_url(row, m.name)) for m in moves if _owed(row, m.name)), None),
        "whom": _whom(row),
        "hand_over_url": _move_url(row, "hand_over"),
        "trail": _trail(row),
        "tags": _tags(row),
        "facts": _facts(row),
        "may_match": row.may_refer and row.is_waiting and not row.family_id and bool(row.last_name or row.born_on),
        "checklists": checklists_of(row),
        "agreed": agreed_of(row) if row.may_answer else [],  # what they said yes to is nothing to whoever only rang
        "corrections": corrections_of(row),
        "open_case": row.may_answer and row.is_waiting and row.has_open_case,
    }
    return render(request, "referrals/contacts/contact.html", context)


def _moves(request: HttpRequest, row: Any) -> list[Transition]:
    """What may be done now and makes sense: nobody who was told is told again."""
    offered = [move for move in open_to(request.user, row) if move.name in MOVES]
    makes_sense = {"tell_person": row.untold, "refer_on": may_finish(row)}
    return [move for move in offered if makes_sense.get(move.name, True)]


def _owed(row: Any, name: str) -> bool:
    """What was promised stands first on the page; and what remains when all was talked over."""
    return name in ("tell_person", "refer_on") or (name == "follow_up" and bool(row.follow_up_by))


def _whom(row: Any) -> str:
    """Whom it is about, in a heading. The name of a family is for those who answer for it."""
    if row.named or not row.family:
        return row.named or "Nobody named"
    return str(row.family) if row.may_answer else row.family.reference


@require_safe
def who_it_may_be(request: SignedIn, reference: str) -> HttpResponse:
    """Who is written down and may be meant: a part of the page, or a page of its own without JavaScript."""
    row = open_record(request, _CONTACTS, action="refer", reference=reference)
    found = likely(row)
    note_shown(request, *(each.match.person for each in found))
    template = "referrals/contacts/_likely.html" if request.htmx else "referrals/contacts/likely.html"
    return render(request, template, {"contact": row, "likely": found, "identify_url": _move_url(row, "identify")})


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The page of a transition: its form, then its function."""
    row = open_record(request, _CONTACTS, reference=reference)
    step = REGISTRY[Contact].get(name)
    if name not in MOVES or step is None or not rights(request.user, row, {step.rule}):
        raise Http404
    if request.method == "GET" and row.status not in step.sources:
        raise Http404
    wording = MOVES[name]
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=row.reference,
        intro=wording.intro,
        warning=wording.warning,
        button=wording.button,
        danger=wording.danger,
        said=wording.said,
        never_waits=f"{told_first(row.family)} and social care read it." if name == "hand_over" else "",
        template=OF_ITS_OWN.get(name, "pages/form.html"),
        extra=lambda: {
            "contact": row,
            "identify_url": _move_url(row, "identify"),
            "likely": _likely(request, row, name),
            "told": told_first(row.family),
        },
    )
    chosen = WhichFamily(request.GET).cleaned()["family"] if name == "identify" else None
    form = partial(wording.form, contact=row, user=request.user, initial={"family": chosen} if chosen else {})
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, form, deed, page=page, then=partial(_after, request, name))


def _likely(request: HttpRequest, row: Contact, name: str) -> list[Any]:
    """Before somebody is written down: who may be them already."""
    if name != "convert" or row.family_id:
        return []
    found = likely(row)
    note_shown(request, *(each.match.person for each in found))
    return found


def _after(request: HttpRequest, name: str, row: Contact) -> str:
    """On to what was made; back to the contact, or to the list where the deed has ended one’s own sight of it."""
    if name == "hand_over" and row.handover:
        return row.handover.get_absolute_url()
    if name == "convert" and row.referral:
        return row.referral.get_absolute_url()
    seen = may(request.user, "view", row)
    return row.get_absolute_url() if seen else reverse("referrals:contacts")


def _answers(row: Any, moves: list[Transition]) -> list[dict[str, str]]:
    """What it may be answered with. A link needs a case to lead to."""
    offered = [each for each in moves if each.name in ANSWERS and (each.name != "link" or row.has_open_case)]
    offered = offered if row.is_waiting else []
    return [{"label": each.label, "url": _move_url(row, each.name), "hint": ANSWERS[each.name]} for each in offered]


def _move_url(row: Contact, name: str) -> str:
    return reverse("referrals:contact_move", args=[row.reference, name])


def _said(row: Contact) -> list[dict[str, Any]]:
    """Everything that was said, as rows of a summary list."""
    about = [
        row.named,
        f"born {dates.day(row.born_on)}" if row.born_on else "",
        row.family.reference if row.family else "",
    ]
    caller = [row.caller_name, row.caller_phone, row.caller_email]
    said = [
        ("What they said", row.said),
        ("Who it is about", "\n".join(filter(None, about))),
        ("Who got in touch", "\n".join([row.get_source_kind_display(), *filter(None, caller)])),
        ("How, and when", f"{row.get_channel_display()}, {dates.moment(row.received_at)}"),
        ("May anybody be at risk of serious harm?", row.get_safeguarding_display()),
    ]
    return [{"key": key, "value": value or "Not said"} for key, value in said]


def _tags(row: Contact) -> list[tuple[str, str]]:
    tags = [(row.get_status_display(), row.colour)]
    return tags + ([("Safety worry", "red")] if row.worrying else [])


def _facts(row: Any) -> list[tuple[str, Any]]:
    agency = f", {row.agency}" if row.agency else ""
    facts = [
        ("Taken by", f"{row.author or 'Nobody: they wrote it themselves'}{agency}"),
        ("Area", "Not said" if row.anywhere else row.area),
    ]
    facts += [("Look at", row.repeat)] if row.repeat else []
    if row.is_waiting and row.answer_by:
        return [*facts, ("Answer by", dates.moment(row.answer_by))]
    return facts + ([("Follow up by", dates.moment(row.follow_up_by))] if row.follow_up_by else [])


def _trail(row: Contact) -> list[dict[str, Any]]:
    return [
        {
            "title": HAPPENED.get(each.kind.rpartition(".")[2], "Written down"),
            "who": each.actor or "Early Help",
            "at": each.at,
            "text": each.reason,
        }
        for each in trail(row)
    ]


@record
def _CONTACTS(user: Any) -> Any:
    return for_page(Contact.objects.with_rights(user), user)
