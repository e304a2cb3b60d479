"""Find people, write them down, and keep what is known of them in one place."""

from __future__ import annotations

from datetime import timedelta
from functools import partial, reduce
from operator import or_
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core import dates
from earlyhelp.core.composed import PlannedOnce, record, records
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.references import led_to
from earlyhelp.core.requests import SignedIn
from earlyhelp.families import kin, queries, reads, services
from earlyhelp.families.access import may_search, whom_to_ask
from earlyhelp.families.enums import OddStatus, Sex
from earlyhelp.families.forms import (
    ODD_MOVES,
    ByReference,
    ChangePlace,
    EditFamily,
    EditPerson,
    EndMembership,
    KnownMember,
    MoveHome,
    NewFamily,
    NewMember,
    PeopleSearch,
    RecordAgreement,
    RecordStatutoryStatus,
    WhatItWas,
)
from earlyhelp.families.models import Family, OddRead, Person
from earlyhelp.families.panels import involvement, links_of, panels_of, with_panels, workers_with
from earlyhelp.families.views.around import FAMILIES, around, asked_of, page_of, search_for
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.services import edit
from earlyhelp.workflow.transitions import REGISTRY
from earlyhelp.workflow.views import Page, perform

OF_AN_AGE = 12  # years, from which somebody may have lost a child before birth
LOOKED_BACK = timedelta(days=366)


# --- looking ----------------------------------------------------------------------------------------------------------


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search first, then write down. Shows the minimum, and writes down who was shown (domain.md 5 f and i)."""
    if not may_search(request.user):
        raise PermissionDenied
    form = PeopleSearch(request.GET)
    if page := _led_to(form, request.user):
        return redirect(page)
    matches = _found(form, request.user) if form.asked else []
    people = [match.person for match in matches]
    note_shown(request, *people)
    asks = whom_to_ask([person.pk for person in people]) if people else {}
    context = {
        "form": form,
        "results": [(match, asks.get(match.person.pk, ""), uuid4()) for match in matches],
        "repeated": _repeated(matches),
        "to": form.cleaned()["to"],
        "same": form.cleaned()["same"],
        "refers": bool(form.cleaned()["refer"]),
        "new_url": _new_url(form),
    }
    return render(request, "families/search.html", context)


def _led_to(form: PeopleSearch, user: Any) -> str:
    """Where a reference alone leads whoever may see its record, and chooses nobody for another page."""
    typed = form.cleaned()
    chosen = any(typed[name] for name in ("to", "refer", "same")) or form.precise
    return "" if chosen else led_to(typed["q"] or "", user)


def _repeated(matches: list[queries.Match]) -> set[int]:
    """Those whose family stands above with somebody else of it: a family is referred once."""
    first: dict[str, int] = {}
    for match in matches:
        if match.known:
            first.setdefault(match.person.family_reference, match.person.pk)  # type: ignore[attr-defined]
    return {match.person.pk for match in matches if match.known} - set(first.values())


def _found(form: PeopleSearch, user: Any) -> list[queries.Match]:
    chosen = form.cleaned()
    asked = ("view", "add") if chosen["to"] else ("view", "match") if chosen["same"] else ("view",)
    people = partial(_people_for, user, asked)
    others = {"born_on": chosen["born_on"], "postcode": chosen["postcode"] or "", "people": people}
    if chosen["first"] or chosen["last"] or not chosen["q"]:
        return queries.search(first=chosen["first"] or "", last=chosen["last"] or "", **others)
    return queries.search_box(chosen["q"], **others)


def _people_for(user: Any, asked: tuple[str, ...], pks: list[int]) -> list[Any]:
    return _people(user, asked, pks=pks)


@PlannedOnce
def _people(user: Any, asked: tuple[str, ...], pks: Any) -> Any:
    return queries.as_found(Person.objects.with_rights(user, *asked)).filter(pk__in=pks)


def _new_url(form: PeopleSearch) -> str:
    """Where «None of these» leads, with what was typed: to a new family, or to a new member of the one being made."""
    to = form.cleaned()["to"]
    page = reverse("families:add_member", args=[to]) if to else reverse("families:create")
    return f"{page}?{form.query.removesuffix('&')}"


# --- writing down -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Only from a search that did not find them."""
    if not may_search(request.user):
        raise PermissionDenied
    searched = PeopleSearch(request.GET)
    if request.method == "GET" and not searched.asked:
        return redirect("families:search")
    initial = _first_facts(searched)
    page = Page(
        "Write a family down",
        reverse("families:search"),
        button="Write the family down",
        said="Written down. Add the other people who matter; then choose Refer this family.",
        about=ABOUT_NOBODY,
    )
    deed = partial(services.write_down, by=request.user, now=timezone.now())
    make = partial(NewFamily, initial=initial | {"name": initial["last_name"]})
    return perform(request, make, deed, page=page, then=Family.get_absolute_url)


def _first_facts(searched: PeopleSearch) -> dict[str, Any]:
    typed = searched.typed()
    first, last = queries.split_name(typed.pop("q", ""))
    if not last and not searched.cleaned()["to"]:  # one word alone is oftenest the surname, and the family’s name too
        first, last = "", first
    facts = {"first_name": typed.pop("first", first), "last_name": typed.pop("last", last)}
    return facts | typed


@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest, reference: str) -> HttpResponse:
    family = open_record(request, FAMILIES, action="edit", reference=reference)
    searched = PeopleSearch(request.GET)
    if request.method == "GET" and not searched.asked:
        return redirect(search_for(family))
    page = page_of(family, "Add somebody to the family", said="Added to the family.")
    deed = partial(services.write_down_member, family, by=request.user, now=timezone.now())
    return perform(
        request,
        partial(NewMember, family=family, initial=_first_facts(searched)),
        deed,
        page=page,
        then=lambda member: page.cancel_url,
    )


@require_http_methods(["GET", "POST"])
def add_known(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    family = open_record(request, FAMILIES, action="edit", reference=reference)
    person = open_record(request, records(Person, "area"), action="add", pk=pk)
    page = page_of(family, f"Add {person.name} to the family", said="Added to the family.")
    deed = partial(services.add_member, family, person, by=request.user, now=timezone.now())
    return perform(request, KnownMember, deed, page=page, then=lambda member: page.cancel_url)


# --- the family -------------------------------------------------------------------------------------------------------


@require_safe
def family(request: HttpRequest, reference: str) -> HttpResponse:
    try:
        row = open_record(request, FAMILIES, reference=reference)
    except Http404:  # where an old reference leads; for whoever may not see where, it leads nowhere
        return redirect(get_object_or_404(Family.objects.for_user(request.user), merged__reference=reference))
    people = queries.members(row)
    context = {
        "members": people,
        **_as_it_was(people),
        "relationships": queries.relationships(people),
        "involved": involvement(row, request.user),
        "add_url": search_for(row),
    }
    return render(request, "families/family.html", around(row, "") | context)


def _as_it_was(people: list[Any]) -> dict[str, list[Any]]:
    """Who has left, and what those were before who are in it still."""
    here = {member.person_id for member in people if not member.until_on}
    ended = [member for member in people if member.until_on]
    return {
        "former": [member for member in ended if member.person_id not in here],
        "before": [member for member in ended if member.person_id in here],
    }


@require_safe
def agreements(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, reference=reference)
    answers = row.agreements.select_related("person", "parent", "recorded_by").order_by("-recorded_at", "-pk")
    return render(request, "families/agreements.html", around(row, "agreements") | {"answers": answers})


@require_http_methods(["GET", "POST"])
def edit_family(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    page = page_of(row, "Change the family’s name or area", button="Save", said="Saved.")
    initial = {"version": row.version, "name": row.name, "area": row.area}
    deed = partial(edit, row, by=request.user, now=timezone.now())
    return perform(request, partial(EditFamily, initial=initial), deed, page=page, then=Family.get_absolute_url)


@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    page = page_of(row, "Record an answer", "agreements", said="Recorded. What was answered before stays below it.")
    deed = partial(services.record_agreement, row, by=request.user, now=timezone.now())
    return perform(request, partial(RecordAgreement, family=row), deed, page=page, then=lambda answer: page.cancel_url)


@require_safe
def seen(request: HttpRequest, reference: str) -> HttpResponse:
    """Who has seen the family in the last year. The governance lead reads it by its reference, and no name of the family."""
    row = open_record(request, _SEEN, action="log", purpose="Who has seen this family", reference=reference)
    filters = FilterForm(request.GET)
    page = filters.page_of(reads.reads_of(row, since=timezone.now() - LOOKED_BACK))
    shown = {"page": page, "filters": filters, "readers": reads.told(row, page.object_list)}
    if not row.may_view:
        return render(request, "families/seen_by_reference.html", shown | {"family": row})
    return render(request, "families/seen.html", around(row, "seen") | shown)


@record
def _SEEN(user: Any) -> Any:
    rows = Family.objects.with_rights(user, "log", "view", "edit").select_related("area")
    return rows.annotate(hidden=queries.lives_hidden("pk"))


@require_safe
def looked(request: SignedIn) -> HttpResponse:
    """For the governance lead: which family, by its reference."""
    if not request.user.scope.holds(Role.IG_LEAD):
        raise PermissionDenied
    form = ByReference(request.GET)
    wanted = (form.cleaned()["reference"] or "").upper()
    found = Family.objects.for_user(request.user, "log").under(wanted).first() if wanted else None
    if found:
        return redirect("families:seen", found.reference)
    odd = OddRead.objects.for_user(request.user).select_related("family", "reader__agency", "looked_by")
    page = form.page_of(odd.order_by(Case(When(status=OddStatus.OPEN, then=0), default=1), "-on", "-pk"))
    return render(request, "families/looked.html", {"form": form, "wanted": wanted, "page": page})


@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The governance lead says what somebody's reads were. It shows nothing of the family: there is no read to write down."""
    odd = get_object_or_404(OddRead.objects.for_user(request.user).select_related("family", "reader"), pk=pk)
    step = REGISTRY[OddRead].get(name)
    if name not in ODD_MOVES or step is None or (request.method == "GET" and odd.status not in step.sources):
        raise Http404
    button, said = ODD_MOVES[name]
    caption = f"{odd.reader}, {odd.family.reference}, {dates.day(odd.on)}"
    page = Page(step.label, reverse("families:looked"), caption=caption, button=button, said=said, about=odd)
    deed = partial(step, odd, by=request.user, now=timezone.now())
    return perform(request, WhatItWas, deed, page=page, then=OddRead.get_absolute_url)


@require_http_methods(["GET", "POST"])
def change_place(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    member = get_object_or_404(row.memberships.current().select_related("person", "family"), pk=pk)
    page = Page(
        "Change their place in the family",
        row.get_absolute_url(),
        caption=member.person.name,
        said="Saved. What was so before is kept.",
    )
    initial = {"role": member.role, "lives_in_household": member.lives_in_household}
    deed = partial(services.change_place, member, by=request.user, now=timezone.now())
    return perform(request, partial(ChangePlace, initial=initial), deed, page=page, then=lambda made: page.cancel_url)


@require_http_methods(["GET", "POST"])
def end_membership(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    member = get_object_or_404(row.memberships.current().select_related("person", "family"), pk=pk)
    page = page_of(row, f"{member.person.name} leaves the family", said="Recorded. They stay in the family’s history.")
    deed = partial(services.end_membership, member, by=request.user, now=timezone.now())
    return perform(request, EndMembership, deed, page=page, then=lambda nothing: page.cancel_url)


# --- the person -------------------------------------------------------------------------------------------------------


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        row = open_record(request, _PERSON, pk=pk)
    except Http404:
        return redirect(_now_one_with(request.user, pk))
    homes = queries.homes_of(row, request.user)
    context = {
        "person": row,
        "may_change": row.may_edit,
        "may_match": row.may_match,
        "merges": row.merges.filter(undone_at=None).select_related("merged") if row.may_match else [],
        "links": links_of(row, row.may_edit),
        "facts": _facts(row, is_hidden=any(each.protected and not each.until_on for each in homes)),
        "statutory": queries.said_of(row),
        "homes": homes,
        "losses": kin.losses_of(row),
        "may_have_lost": row.may_edit and may_have_lost(row),
        "relationships": queries.relationships_of(row, request.user),
        "families": queries.families_of(row, request.user),
        "panels": panels_of(row),
    }
    return render(request, "families/person.html", context)


_PERSON = record(
    lambda user: with_panels(
        kin.with_losses(
            queries.with_statutory(
                Person.objects.with_rights(user, "edit", "match", *asked_of(user)).select_related("area")
            )
        )
    )
)


def _now_one_with(user: Any, pk: int) -> Person:
    """Where an old address of somebody leads; for whoever may not see where, it leads nowhere (``Http404``)."""
    return get_object_or_404(Person.objects.for_user(user), merged__pk=pk)


@require_http_methods(["GET", "POST"])
def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_record(request, records(Person, "area"), action="edit", pk=pk)
    page = Page("Change what is known", row.get_absolute_url(), caption=row.name, said="Saved.")
    initial = {name: getattr(row, name) for name in EditPerson.base_fields}
    make = partial(EditPerson, initial=initial, keeps_phone=bool(row.phone) and queries.hides_now(row))
    deed = partial(edit, row, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=Person.get_absolute_url)


@require_http_methods(["GET", "POST"])
def move_home(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_record(request, records(Person, "area"), action="edit", pk=pk)
    page = Page(
        "A new address",
        row.get_absolute_url(),
        caption=row.name,
        button="Save the address",
        said="Saved. The address before stays in their history.",
    )
    make = partial(
        MoveHome,
        person=row,
        others=queries.household(row, request.user),
        workers=_workers_with(row, request.user),
        is_hidden=queries.hides_now(row),
        at_home=queries.at_home_with(row, request.user),
    )
    deed = partial(services.move_household, row, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=lambda address: page.cancel_url)


def _workers_with(row: Person, user: Any) -> Any:
    """Everybody else who works with a family of theirs that the reader sees."""
    families = [member.family for member in queries.families_of(row, user)]
    people = reduce(or_, (workers_with(family) for family in families), User.objects.none())
    return people.exclude(pk=user.pk)


@require_http_methods(["GET", "POST"])
def statutory_status(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_record(request, records(Person, "area"), action="edit", pk=pk)
    page = Page(
        "Statutory status",
        row.get_absolute_url(),
        caption=row.name,
        said="Saved. What was said before stays below it.",
    )
    deed = partial(services.record_statutory_status, row, by=request.user, now=timezone.now())
    return perform(request, RecordStatutoryStatus, deed, page=page, then=lambda said: page.cancel_url)


def may_have_lost(row: Person) -> bool:
    """Whether the page offers to write down a pregnancy that ended: of no man, and of no child."""
    years = dates.years_old(row.born_on, timezone.localdate()) if row.born_on else OF_AN_AGE
    return row.sex != Sex.MALE and not row.expected_on and years >= OF_AN_AGE


def _facts(row: Person, *, is_hidden: bool) -> list[dict[str, Any]]:
    """What is known, and not a row for each thing that is not. By a telephone too somebody can be found who hides."""
    years = row.age_on(row.died_on or timezone.localdate())
    known = {
        "Date of birth": f"{dates.day(row.born_on)} ({years})" if row.born_on else row.expected or "Not known",
        "Date of death": dates.day(row.died_on) if row.died_on else "",
        "Sex": row.get_sex_display() if row.sex != Sex.UNKNOWN else "",
        "Telephone": queries.WITH_THE_ADDRESS if row.phone and is_hidden else row.phone,
        "Email address": row.email,
        "First language": row.language,
        "Interpreter": "Needed" if row.interpreter else "",
        "Communication": row.communication,
        "NHS number": row.nhs_number_said,
        "Unique pupil number": row.upn,
        "Area": str(row.area or ""),
    }
    return [{"key": key, "value": value} for key, value in known.items() if value]
