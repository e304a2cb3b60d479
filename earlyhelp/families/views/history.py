"""What has been changed, field by field: for those who keep the record."""

from __future__ import annotations

from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.changes import changes_of
from earlyhelp.core.composed import records
from earlyhelp.core.forms import FilterForm
from earlyhelp.families import kin, queries
from earlyhelp.families.forms import EditPerson
from earlyhelp.families.models import Person
from earlyhelp.families.views.around import FAMILIES, around

NO_HISTORY = ("version", "area")  # where somebody lived may be a secret: addresses keep their own
OF_A_FAMILY = ("name", "restricted")


@require_safe
def person_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Each correction of what is known of somebody. Where they live has a history of its own."""
    row = open_record(request, records(Person, "area"), action="edit", pk=pk)
    filters = FilterForm(request.GET)
    kept = (*NO_HISTORY, "phone") if queries.hides_now(row) else NO_HISTORY  # it is kept with the secret address
    changes = changes_of(row, [name for name in EditPerson.base_fields if name not in kept])
    changes += kin.how_losses_changed(row)
    page = filters.page_of(sorted(changes, key=attrgetter("at"), reverse=True))
    return render(request, "families/history.html", {"person": row, "page": page, "filters": filters})


@require_safe
def family_history(request: HttpRequest, reference: str) -> HttpResponse:
    """Its name, whether only named people see it, who is in it, who they are to each other and how they get on."""
    row = open_record(request, FAMILIES, action="edit", reference=reference)
    filters = FilterForm(request.GET)
    changes = [*changes_of(row, OF_A_FAMILY), *queries.what_became_one_with(row)]
    changes += [*queries.who_came_and_went(row), *queries.how_ties_changed(row)]
    changes += kin.how_bonds_changed(row)
    page = filters.page_of(sorted(changes, key=attrgetter("at"), reverse=True))
    return render(request, "families/family_history.html", around(row, "history") | {"page": page, "filters": filters})
