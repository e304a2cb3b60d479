"""A person is referred to a service, and what comes of it: for whoever refers, and for a service that has an account."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core import dates
from earlyhelp.core.composed import record, records
from earlyhelp.core.rights import may, rights
from earlyhelp.directory.access import answers_for_services
from earlyhelp.directory.enums import Helped, OnwardStatus
from earlyhelp.directory.forms.onward import ANSWERS, MOVES, OnwardTab, Permit, Refer, Referring, WhichPerson
from earlyhelp.directory.forms.service import ServiceFilter
from earlyhelp.directory.models import OnwardReferral, Service
from earlyhelp.directory.queries import for_list, live_services_of, shelves, stale_before, trail, with_letter
from earlyhelp.directory.services.onward import refer as refer_person
from earlyhelp.directory.views.told import HINTS, answers, state, told
from earlyhelp.families.access import may_search
from earlyhelp.families.models import Person
from earlyhelp.families.queries import as_found, phone_of, search_box
from earlyhelp.notices.enums import Delivery
from earlyhelp.workflow.transitions import REGISTRY, Transition, open_to
from earlyhelp.workflow.views import Page, perform

# --- referring ---------------------------------------------------------------------------------------------------------


@require_safe
def which_person(request: HttpRequest) -> HttpResponse:
    """Only people whose record one may see. That they were shown is written down."""
    if not may_search(request.user):
        raise PermissionDenied
    form = WhichPerson(request.GET)
    chosen = form.cleaned()
    people = partial(_people_for, request.user)
    found = [match.person for match in search_box(chosen["q"], people=people)] if chosen["q"] else []
    mine = [person for person in found if person.may_view]  # type: ignore[attr-defined]
    note_shown(request, *mine)
    service = _service(request, chosen["service"]) if chosen["service"] else None
    links = [(person, _form_url(person, service)) for person in mine]
    return render(request, "directory/which_person.html", {"form": form, "links": links, "service": service})


def _people_for(user: Any, pks: list[int]) -> list[Any]:
    return list(as_found(Person.objects.with_rights(user, "view").filter(pk__in=pks)))


@require_safe
def which_service(request: HttpRequest, person: int) -> HttpResponse:
    """Those for somebody of this age who lives there, until something else is asked for."""
    row = open_record(request, records(Person, "area"), pk=person)
    filters = ServiceFilter(request.GET or _fitting(row))
    page = filters.page_of(filters.found())
    referred = live_services_of(row)
    stale = stale_before(timezone.localdate())
    near = filters.cleaned()["area"]
    context = {"person": row, "filters": filters, "page": page, "referred": referred, "stale": stale, "near": near}
    return render(request, "directory/which_service.html", context)


@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, service: int, person: int) -> HttpResponse:
    """One screen: what the service is to know, and what the person says."""
    row = open_record(request, records(Person, "area"), pk=person)
    to = _service(request, service)
    repeat = _repeated(request, row)
    page = Page(
        f"Refer {row.name} to {to.name}",
        row.get_absolute_url(),
        caption=str(to.organisation),
        button="Save",
        said="Saved. What happens next is below.",
        template="directory/refer.html",
        extra={"person": row, "service": to, "repeat": repeat, "stale": stale_before(timezone.localdate())},
    )
    initial = {"why": repeat.why, "reach": repeat.reach} if repeat else {"reach": phone_of(row)}
    make = partial(Refer, person=row, initial=initial)
    deed = partial(refer_person, person=row, service=to, by=request.user, now=timezone.now(), repeat_of=repeat)
    return perform(request, make, deed, page=page, then=OnwardReferral.get_absolute_url)


def _service(request: HttpRequest, pk: int) -> Service:
    return get_object_or_404(Service.objects.for_user(request.user).live().select_related("organisation"), pk=pk)


def _form_url(person: Person, service: Service | None) -> str:
    if service is None:
        return reverse("directory:refer_person", args=[person.pk])
    return reverse("directory:refer_to", args=[service.pk, person.pk])


def _fitting(person: Person) -> dict[str, str]:
    age = dates.years_old(person.born_on, timezone.localdate()) if person.born_on else ""
    return {"age": str(age), "area": str(person.area_id or "")}


def _repeated(request: HttpRequest, person: Person) -> OnwardReferral | None:
    """What was offered to this person before, where this is the same offer again (domain.md R17)."""
    reference = Referring(request.GET).cleaned()["repeat"]
    if not reference:
        return None
    return OnwardReferral.objects.for_user(request.user, "make").filter(reference=reference, person=person).first()


# --- lists -------------------------------------------------------------------------------------------------------------


@require_safe
def onwards(request: HttpRequest) -> HttpResponse:
    """Mine: what waits, whom to ask, what has ended. For First Contact and managers also what waits for a service."""
    user, filters = request.user, OnwardTab(request.GET)
    tabs = shelves(user)
    counts = {tab.slug: tab.rows.count() for tab in tabs if tab.counted}
    shown = next((tab for tab in tabs if tab.slug == filters.cleaned()["tab"]), tabs[0])
    page = filters.page_of(for_list(shown.rows))
    items = [
        {"label": tab.title, "url": f"?tab={tab.slug}", "current": tab == shown, "count": counts.get(tab.slug)}
        for tab in tabs
    ]
    context = {"page": page, "filters": filters, "items": items, "tab": shown, "sections": sections(request)}
    return render(request, "directory/onwards.html", context)


@require_safe
def referred_to_us(request: HttpRequest) -> HttpResponse:
    """For a service with an account: those who were referred to it, the longest waiting first."""
    if not answers_for_services(request.user):
        raise PermissionDenied
    filters = OnwardTab(request.GET)
    waiting_first = F("answered_at").desc(nulls_first=True)
    rows = OnwardReferral.objects.for_user(request.user, "answer").order_by(waiting_first, "sent_at", "pk")
    page = filters.page_of(for_list(rows))
    note_shown(request, *page.object_list)
    context = {"page": page, "filters": filters, "sections": sections(request)}
    return render(request, "directory/referred_to_us.html", context)


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of the directory that this person has a use for."""
    names = [("Find a service", "directory:services"), ("My referrals to services", "directory:onwards")]
    names += [("Referred to us", "directory:referred_to_us")] if answers_for_services(request.user) else []
    return [{"label": label, "url": reverse(name), "current": request.path == reverse(name)} for label, name in names]


# --- one referral ------------------------------------------------------------------------------------------------------


@require_safe
def onward(request: HttpRequest, reference: str) -> HttpResponse:
    """All of it for those who follow it; for the service itself what it is told, and what it may say."""
    row = open_record(request, _ONWARDS, reference=reference)
    if not row.may_follow:
        return _for_service(request, row)
    moves = _moves(request, row)
    context = {
        "onward": row,
        "told": _told(row),
        "permission": _permission(row),
        "became": _became(row),
        "next_step": _next_step(row, moves),
        "actions": [(move.label, _move_url(row, move.name)) for move in moves if move.name not in _asked(row)],
        "asked": [(move.label, _move_url(row, move.name)) for move in moves if move.name in _asked(row)],
        "tags": _tags(row),
        "facts": _facts(row),
        "trail": _trail(row),
        "repeat_url": _repeat_url(row),
        "may_see_person": row.may_make,
    }
    return render(request, "directory/onward.html", context)


def _for_service(request: HttpRequest, row: OnwardReferral) -> HttpResponse:
    allowed = {move.name for move in open_to(request.user, row)}
    offered = [
        (move.label, _move_url(row, move.name), HINTS[move.name]) for move in answers(row) if move.name in allowed
    ]
    context = {"onward": row, "rows": told(row), "state": state(row), "answers": offered}
    return render(request, "directory/onward_for_service.html", context)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The page of a transition: its form, then its function."""
    row = open_record(request, _ONWARDS, reference=reference)
    step = REGISTRY[OnwardReferral].get(name)
    if step is None or step.name not in MOVES or not rights(request.user, row, {step.rule}):
        raise Http404
    if request.method == "GET" and row.status not in step.sources:
        raise Http404
    wording = MOVES[step.name]
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=f"{row.reference} {row.service}",
        intro=wording.intro,
        button=wording.button,
        said=wording.said,
    )
    make = partial(wording.form, person=row.person) if issubclass(wording.form, Permit) else wording.form
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=partial(_after, request))


def _after(request: HttpRequest, row: OnwardReferral) -> str:
    """Back to it; or to the list, where the deed has ended one's own sight of it."""
    seen = may(request.user, "view", row)
    return row.get_absolute_url() if seen else reverse("directory:onwards")


@record
def _ONWARDS(user: Any) -> Any:
    return with_letter(for_list(OnwardReferral.objects.with_rights(user))).select_related(
        "person", "service__organisation", "made_by", "agency", "repeat_of", "followed_up_by"
    )


def _moves(request: HttpRequest, row: Any) -> list[Transition]:
    """What may be done now and makes sense. The service's own answers are offered on its own page only."""
    offered = [step for step in open_to(request.user, row) if step.name in MOVES and step.name not in ANSWERS]
    asked_already = row.helped and row.helped != Helped.NOT_REACHED
    left_out = {"follow_up"} if asked_already else set()
    left_out |= set() if row.service.email else {"send_anew"}
    return [step for step in offered if step.name not in left_out]


def _asked(row: OnwardReferral) -> tuple[str, ...]:
    """While it is a suggestion, the three things that a person may say stand on the page itself."""
    return ("permit", "refuse", "not_now") if row.status == OnwardStatus.PROPOSED else ()


def _next_step(row: Any, moves: list[Transition]) -> tuple[str, str] | None:
    names = {step.name: step for step in moves}
    due = "follow_up" if row.ended_at and row.status not in (OnwardStatus.REFUSED, OnwardStatus.NOT_NOW) else ""
    step = names.get("send") or names.get(due)
    return (step.label, _move_url(row, step.name)) if step else None


def _repeat_url(row: OnwardReferral) -> str:
    """Offered again: after “not now”, or where it ended and help is still needed (domain.md R17)."""
    again = row.status == OnwardStatus.NOT_NOW or (row.helped == Helped.STILL_NEEDED and not row.is_live)
    if not again or not row.service.is_active:
        return ""
    return f"{reverse('directory:refer_to', args=[row.service_id, row.person_id])}?repeat={row.reference}"


def _move_url(row: OnwardReferral, name: str) -> str:
    return reverse("directory:onward_move", args=[row.reference, name])


# --- what the page says ------------------------------------------------------------------------------------------------


def _rows(known: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in known.items() if value]


def _told(row: OnwardReferral) -> list[dict[str, Any]]:
    return _rows({"What the service reads": row.why, "How to reach them": row.reach})


def _permission(row: OnwardReferral) -> list[dict[str, Any]]:
    if not row.permitted_at:
        return []
    return _rows(
        {
            "Who said yes": row.get_given_by_display(),
            "How, and when": f"{row.get_given_how_display()}, {dates.moment(row.permitted_at)}",
            "What they do not want": row.limits,
            "Their capacity to decide": row.capacity_note,
        }
    )


def _became(row: OnwardReferral) -> list[dict[str, Any]]:
    because = row.get_returned_because_display() if row.returned_because else ""
    helped = row.get_helped_display() if row.helped else ""
    return _rows(
        {
            "Expected": dates.day(row.expected_on) if row.expected_on else "",
            "Started": dates.day(row.started_on) if row.started_on else "",
            "Returned because": "\n".join(filter(None, [because, row.returned_note])),
            "How it ended": row.get_ending_display() if row.ending else "",
            "What came of it": row.outcome,
            "Did it help?": "\n".join(filter(None, [helped, row.helped_note])),
        }
    )


def _tags(row: Any) -> list[tuple[str, str]]:
    came_back = row.letter in (Delivery.PERMANENT, Delivery.LOST) and row.is_waiting
    return [(row.get_status_display(), row.colour), *([("The email did not reach them", "red")] if came_back else [])]


def _facts(row: Any) -> list[tuple[str, Any]]:
    facts = [("Referred by", f"{row.made_by}{f', {row.agency}' if row.agency else ''}")]
    if row.letter:
        facts.append(("The email to the service", Delivery(row.letter).label))
    if row.answer_by:
        facts.append(("The service answers by", dates.moment(row.answer_by)))
    if row.ask_by and not row.is_live:
        facts.append(("Ask whether it helped by", dates.day(row.ask_by)))
    return facts


def _trail(row: OnwardReferral) -> list[dict[str, Any]]:
    """Who did it. What came by the link was done by the service itself."""
    steps = REGISTRY[OnwardReferral]
    titles = {f"{row._meta.label_lower}.{name}": step.label for name, step in steps.items()}
    return [
        {
            "title": titles.get(event.kind, "Suggested"),
            "who": event.actor or row.nameless_actor,
            "at": event.at,
            "text": event.reason,
        }
        for event in trail(row)
    ]
