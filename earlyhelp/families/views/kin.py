"""Pregnancies that ended, on the page of the mother; and how two people get on, on that of their family."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import records
from earlyhelp.families import kin, kinship, services
from earlyhelp.families.enums import Sex
from earlyhelp.families.forms import EditLoss, EndBond, EndPregnancy, EnteredInError, SayBond, WriteDownLoss
from earlyhelp.families.models import Person
from earlyhelp.families.views.around import FAMILIES, page_of
from earlyhelp.workflow.services import edit
from earlyhelp.workflow.views import Page, perform

SORRY = (
    "It stands in the mother’s record alone. Ask only what she wishes to say: everything but the first may stay empty."
)
NO_LONGER = (
    "Nobody will be asked for this child’s voice any more, or read when the birth was expected. What happened stands in the "
    "mother’s record, seen by whoever sees that."
)

# --- a pregnancy that ended -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def write_down(request: HttpRequest, pk: int) -> HttpResponse:
    mother = _kept(request, pk)
    page = _page(mother, "A pregnancy that ended", said="Saved.", intro=SORRY)
    make = partial(WriteDownLoss, fathers=kin.kept_with(mother, request.user))
    deed = partial(kinship.write_down_loss, mother, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=lambda loss: page.cancel_url)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int, loss: int) -> HttpResponse:
    mother = _kept(request, pk)
    row = get_object_or_404(kin.standing_losses(mother), pk=loss)
    page = _page(mother, "A pregnancy that ended", said="Saved.", intro=SORRY)
    names = ("version", "kind", "ended_on", "ended_year", "name", "sex", "father")
    initial = {name: getattr(row, name) for name in names}
    make = partial(EditLoss, fathers=kin.kept_with(mother, request.user), initial=initial)
    deed = partial(edit, row, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=lambda saved: page.cancel_url)


@require_http_methods(["GET", "POST"])
def loss_error(request: HttpRequest, pk: int, loss: int) -> HttpResponse:
    mother = _kept(request, pk)
    row = get_object_or_404(kin.standing_losses(mother), pk=loss)
    again = f" {row.was.name} is expected again, as before." if row.was else ""
    said = f"Taken out. It is kept with your reason.{again}"
    page = _page(mother, "This was entered in error", said=said, intro=f"{row.told}.{again}")
    deed = partial(kinship.loss_in_error, row, by=request.user, now=timezone.now())
    return perform(request, EnteredInError, deed, page=page, then=lambda kept: page.cancel_url)


@require_http_methods(["GET", "POST"])
def end_pregnancy(request: HttpRequest, pk: int) -> HttpResponse:
    """From the page of a child not born yet: by whoever keeps its record and the mother’s."""
    child = _kept(request, pk)
    if not child.expected_on:
        raise Http404
    parents = kin.parents_of(child, request.user)
    others = kin.kept_with(child, request.user)
    mothers = parents.exclude(sex=Sex.MALE) if parents.exclude(sex=Sex.MALE).exists() else others
    likely = [parent.pk for parent in mothers] if mothers is not others else []
    father = parents.filter(sex=Sex.MALE).first()
    page = _page(child, "The pregnancy has ended", said="Saved, in the mother’s record.", intro=NO_LONGER)
    initial = {"mother": likely[0] if len(likely) == 1 else None, "father": father, "sex": child.sex}
    make = partial(EndPregnancy, mothers=mothers, fathers=others, initial=initial)
    deed = partial(kinship.end_pregnancy, child, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=lambda loss: loss.mother.get_absolute_url())


def _kept(request: HttpRequest, pk: int) -> Person:
    person = open_record(request, records(Person, "area"), action="edit", pk=pk)
    return person


def _page(person: Person, title: str, *, said: str, intro: str) -> Page:
    return Page(title, person.get_absolute_url(), caption=person.name, said=said, intro=intro)


# --- how two people get on --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def say_bond(request: HttpRequest, reference: str) -> HttpResponse:
    row = _family(request, reference)
    page = page_of(
        row,
        "Say how two people get on",
        "genogram",
        said="Saved. What was said of the two before is kept.",
        intro="Ask how they see it themselves. Whoever reads the genogram sees who said it, and when.",
    )
    deed = partial(kinship.say_bond, by=request.user, now=timezone.now())
    return perform(request, partial(SayBond, family=row), deed, page=page, then=lambda bond: page.cancel_url)


@require_http_methods(["GET", "POST"])
def end_bond(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    row = _family(request, reference)
    bond = get_object_or_404(kin.bonds_among(row), pk=pk)
    page = page_of(row, "It is so no longer", "genogram", said="Saved. It is kept.", intro=f"{bond.sentence}.")
    deed = partial(kinship.end_bond, bond, by=request.user, now=timezone.now())
    return perform(request, EndBond, deed, page=page, then=lambda ended: page.cancel_url)


@require_http_methods(["GET", "POST"])
def bond_error(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    row = _family(request, reference)
    bond = get_object_or_404(kin.bonds_among(row), pk=pk)
    said = "Taken out. It is kept with your reason."
    page = page_of(row, "This was entered in error", "genogram", said=said, intro=f"{bond.sentence}.")
    deed = partial(services.entered_in_error, bond, by=request.user, now=timezone.now())
    return perform(request, EnteredInError, deed, page=page, then=lambda kept: page.cancel_url)


def _family(request: HttpRequest, reference: str) -> Any:
    return open_record(request, FAMILIES, action="edit", reference=reference)
