"""The early-indicator checklist: begun with a permission, asked page by page, talked over one suggestion at a time (R31)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core import dates
from earlyhelp.core.composed import record, records
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.rights import rights
from earlyhelp.families.models import Person
from earlyhelp.workflow.transitions import REGISTRY, open_to
from earlyhelp.workflow.views import Page, perform
from referrals import checklists
from referrals.conditions import codes
from referrals.contacts import likely
from referrals.enums import Outcome, SourceKind, SuggestionStatus, Voice
from referrals.forms.checklist import MOVES, SUGGESTION_FORMS, Begin, answers_form
from referrals.forms.talk import FEW_SERVICES, Offer, talk_form
from referrals.models import ChecklistResponse, Contact, Suggestion
from referrals.services.checklist import begin, family_of
from referrals.services.talking import talk_over
from referrals.views.handovers import told_first

SOURCES = {
    "contact": (checklists.FROM_CONTACT, ("refer",)),
    "referral": (checklists.FROM_REFERRAL, ("own", "triage")),
}


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, source: str, whom: str) -> HttpResponse:
    """From a contact, a referral or a person: whom do you ask, and who agreed?"""
    row = _source(request, source, whom)
    contact = row if source == "contact" else None
    referral = row if source == "referral" else None
    people = [row] if source == "person" else checklists.people_to_ask(request.user, contact, referral)
    note_shown(request, *(each for each in people if each != row))
    page = Page(
        "Ask what might help",
        row.get_absolute_url(),
        caption=row.name if source == "person" else row.reference,
        intro="A short list of questions that spots early what somebody may need. You ask, they answer as much as they like.",
        button="Go on to the questions",
        template="referrals/checklist/start.html",
        extra=lambda: {
            "contact": contact,
            "likely": _likely(request, contact) if not people else [],
            "whom": people[0] if len(people) == 1 else None,
        },
    )
    deed = partial(begin, by=request.user, now=timezone.now(), contact=contact, referral=referral)
    form = partial(Begin, people=people, initial=_known(contact) if not people else {})
    return perform(request, form, deed, page=page, then=_next_url)


def _source(request: HttpRequest, source: str, whom: str) -> Any:
    """The record from which it is asked; out of sight and missing are alike."""
    if source == "person":
        if not whom.isdecimal() or len(whom) > 18:
            raise Http404
        return open_record(request, records(Person, "area"), action="edit", pk=int(whom))
    if source not in SOURCES:
        raise Http404
    rows, actions = SOURCES[source]
    row = open_record(request, rows, reference=whom)
    if not any(getattr(row, f"may_{action}") for action in actions):
        raise Http404
    return row


def _likely(request: HttpRequest, contact: Contact | None) -> list[Any]:
    """Before somebody is written down: who may be them already."""
    found = likely(contact) if contact else []
    note_shown(request, *(each.match.person for each in found))
    return found


def _known(contact: Contact | None) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in Begin.NAMES} if contact else {}


def _next_url(response: ChecklistResponse) -> str:
    """The page that is to be asked now; once all are, what they suggest, to be talked over: but harm before all else."""
    if not response.is_asking:
        waiting = set(response.suggestions.open().values_list("outcome", flat=True))
        page = "checklist" if not waiting or Outcome.URGENT in waiting else "checklist_talk"
        return reverse(f"referrals:{page}", args=[response.reference])
    return reverse("referrals:checklist_ask", args=[response.reference, checklists.next_page(response).value])


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, reference: str, voice: str) -> HttpResponse:
    """One page of questions, in one voice. Kept while it is filled in."""
    row = open_record(request, checklists.WITH_ANSWERS, action="offer", reference=reference)
    if voice not in row.pages:
        raise Http404
    if request.method == "GET" and (not row.is_asking or voice != checklists.next_page(row)):
        return redirect(_next_url(row))
    pages = list(row.pages)
    page = Page(
        row.set.title,
        row.get_absolute_url(),
        caption=row.person.name,
        intro=row.set.introduction,
        button="Save and see what might help" if voice == pages[-1] else "Save and go on",
        template="referrals/checklist/ask.html",
        extra={
            "row": row,
            "heading": _heading(row, Voice(voice)),
            "number": pages.index(Voice(voice)) + 1,
            "last": len(pages),
        },
    )
    step = REGISTRY[ChecklistResponse]["answer"]
    deed = partial(step, row, by=request.user, now=timezone.now(), voice=voice)
    return perform(request, answers_form(checklists.questions_of(row, Voice(voice))), deed, page=page, then=_next_url)


def _heading(row: ChecklistResponse, voice: Voice) -> str:
    if voice == Voice.CHILD and len(row.pages) > 1:
        return "About the children who live there"
    return f"About {row.person.called}"


@require_safe
def checklist(request: HttpRequest, reference: str) -> HttpResponse:
    """What was answered and what it suggests: what is urgent first. To be talked over, read again, or printed."""
    row = open_record(request, checklists.WITH_ANSWERS, reference=reference)
    if row.is_asking and row.may_offer:
        return redirect(_next_url(row))
    found = checklists.shown(row)
    context = {
        "row": row,
        "worries": [each for each in found if each.row.is_urgent],
        "open_worry": any(each.row.is_urgent and each.row.status == SuggestionStatus.OPEN for each in found),
        "offers": [_offered(each, row) for each in found if not each.row.is_urgent],
        "open": sum(each.row.status == SuggestionStatus.OPEN for each in found),
        "talk_url": reverse("referrals:checklist_talk", args=[row.reference]) if row.may_offer else "",
        "age_url": _age_url(row),
        "answers": _answers(row),
        "record": row.contact or row.referral,
        "facts": _facts(row),
        "tags": [(row.get_status_display(), row.colour)],
        "refer_url": _refer_url(row),
    }
    return render(request, "referrals/checklist/checklist.html", context)


def _age_url(row: Any) -> str:
    """Where the age is written down that a service asks for, if nobody knows it."""
    wanted = row.may_offer and checklists.age_is_missing(row)
    return reverse("referrals:checklist_move", args=[row.reference, "write_age"]) if wanted else ""


def _offered(each: checklists.Shown, response: Any) -> dict[str, Any]:
    """One suggestion with what may be done with it now."""
    links = [
        (step.label, reverse("referrals:suggestion", args=[response.reference, each.row.pk, step.name]))
        for step in checklists.moves_of(each.row, may_offer=response.may_offer)
    ]
    return {"shown": each, "row": each.row, "links": links}


def _answers(row: ChecklistResponse) -> list[tuple[str, list[dict[str, Any]]]]:
    """What was answered, under its headings. On paper nothing that a sign of harm could be read from: who reads it at home?"""
    of_harm = {code for rule in row.set.rules.all() if rule.is_urgent for code in codes(rule.condition)}
    found: dict[str, list[dict[str, Any]]] = {}
    for answer in row.answers.all():
        label = dict(answer.question.possible).get(answer.value, answer.value)
        value = f"{label}. {answer.comment}" if answer.comment else label
        found.setdefault(answer.question.group, []).append(
            {"key": answer.question.text, "value": value, "not_printed": answer.question.code in of_harm}
        )
    return list(found.items())


def _facts(row: ChecklistResponse) -> list[dict[str, str]]:
    facts = [
        ("Asked about", row.get_about_display()),
        ("Asked by", f"{row.by}, {dates.moment(row.at)}"),
        ("Who agreed to be asked", row.agreed_by),
        ("Which list", f"Version {row.set.number}: {row.set.title}"),
        ("Stopped because", row.stopped_why),
    ]
    return [{"key": key, "value": value} for key, value in facts if value]


def _refer_url(row: ChecklistResponse) -> str:
    """Where the way into early help leads: the contact is made a referral; or the referral is written already."""
    if row.contact and row.contact.is_waiting:
        return reverse("referrals:contact_move", args=[row.contact.reference, "convert"])
    return row.referral.get_absolute_url() if row.referral else reverse("families:search")


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """To stop asking; and to hand over, which anybody may who sees it."""
    row = open_record(request, checklists.WITH_ANSWERS, reference=reference)
    step = REGISTRY[ChecklistResponse].get(name)
    if name not in MOVES or step is None or not rights(request.user, row, {step.rule}):
        raise Http404
    if request.method == "GET" and row.status not in step.sources:
        return redirect(row)
    wording = MOVES[name]
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=f"{row.reference} {row.person.name}",
        button=wording.button,
        danger=wording.danger,
        said=wording.said,
        template="referrals/handover_start.html" if name == "hand_over" else "pages/form.html",
        extra=lambda: {"told": told_first(family_of(row))},
    )
    initial = _concern(row) if name == "hand_over" else {}
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, partial(wording.form, initial=initial), deed, page=page, then=_after)


def _concern(row: ChecklistResponse) -> dict[str, str]:
    """What is known is not typed again."""
    born = f", born {dates.day(row.person.born_on)}" if row.person.born_on else ""
    said = checklists.labels(row)
    worries = [code for each in row.suggestions.all() if each.outcome == Outcome.URGENT for code in each.because]
    return {"about": f"{row.person.name}{born}", "concern": "\n".join(said[code] for code in dict.fromkeys(worries))}


def _after(row: ChecklistResponse) -> str:
    return row.get_absolute_url()


@require_http_methods(["GET", "POST"])
def suggestion(request: HttpRequest, reference: str, pk: int, name: str) -> HttpResponse:
    """What the person said to one suggestion."""
    row = open_record(request, checklists.WITH_ANSWERS, action="offer", reference=reference)
    offered = next((each for each in row.suggestions.all() if each.pk == pk), None)
    step = REGISTRY[Suggestion].get(name)
    if name not in SUGGESTION_FORMS or offered is None or step is None:
        raise Http404
    offered.response = row
    if request.method == "GET" and (
        step not in open_to(request.user, offered) or offered.is_urgent != (name == "deal_with")
    ):
        return redirect(row)
    form, button, said = SUGGESTION_FORMS[name]
    page = Page(
        f"{step.label}: {offered.title}",
        row.get_absolute_url(),
        caption=f"{row.reference} {row.person.name}",
        button=button,
        said=said,
        template="referrals/checklist/suggestion.html",
        extra={"each": next(each for each in checklists.shown(row) if each.row.pk == pk), "name": name},
    )
    wants_services = name == "agree" and offered.outcome == Outcome.SERVICE
    services = checklists.services_for([offered])[offered.pk] if wants_services else []
    deed = partial(step, offered, by=request.user, now=timezone.now())
    return perform(request, form.fitting(offered, services), deed, page=page, then=lambda saved: row.get_absolute_url())


@require_http_methods(["GET", "POST"])
def talk(request: HttpRequest, reference: str) -> HttpResponse:
    """All that is suggested on one page. What was answered meanwhile by somebody else is refused, and stays typed."""
    row = open_record(request, checklists.WITH_ANSWERS, action="offer", reference=reference)
    found = checklists.shown(row)
    asked = [
        each for each in found if each.row.status == SuggestionStatus.OPEN or f"said-{each.row.pk}" in request.POST
    ]
    if request.method == "GET" and (row.is_asking or not asked or any(each.row.is_urgent for each in asked)):
        return redirect(_next_url(row) if row.is_asking else row)
    services = checklists.services_for(each.row for each in asked)
    offers = [Offer(each, services.get(each.row.pk, [])[:FEW_SERVICES]) for each in asked if not each.row.is_urgent]
    page = Page(
        "What do they say to each?",
        row.get_absolute_url(),
        caption=f"{row.reference} {row.person.name}",
        button="Save what they say",
        template="referrals/checklist/talk.html",
        extra={"row": row, "age_url": _age_url(row)},
    )
    form = partial(
        talk_form(row.person.born_on or row.person.expected_on, checklists.ages_of(row), offers),
        initial={"reach": _known_reach(row)},
    )
    deed = partial(talk_over, row, by=request.user, now=timezone.now())
    return perform(request, form, deed, page=page, then=partial(_talked, request))


def _known_reach(row: Any) -> str:
    """Their own number; else the one from which they rang about themselves. Of whoever hides neither: they say how."""
    contact = row.contact
    rang = contact.caller_phone if contact and contact.source_kind == SourceKind.FAMILY else ""
    return "" if row.hides else row.person.phone or rang


def _talked(request: HttpRequest, row: ChecklistResponse) -> str:
    """What was left open is said: a page that is saved partly looks as if it were done."""
    left = row.suggestions.open().exclude(outcome=Outcome.URGENT).count()
    still = f"{left} {'is' if left == 1 else 'are'} still open." if left else "Nothing is left open."
    messages.success(request, f"Their answers are written down. {still}")
    return row.get_absolute_url()


@require_safe
def past(request: HttpRequest, pk: int) -> HttpResponse:
    """Every checklist of a person that its reader may see, each with its version."""
    person = open_record(request, _PEOPLE, pk=pk)
    filters = FilterForm(request.GET)
    page = filters.page_of(checklists.of_person(person, request.user))
    return render(request, "referrals/checklist/past.html", {"person": person, "page": page, "filters": filters})


@record
def _PEOPLE(user: Any) -> Any:
    return Person.objects.with_rights(user, "edit")
