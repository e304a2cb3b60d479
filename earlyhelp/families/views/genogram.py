"""The genogram and the ecomap of a family, each with the same in words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.families.drawn import genogram_of
from earlyhelp.families.ecomap import ecomap
from earlyhelp.families.forms import GenogramFilter
from earlyhelp.families.panels import all_around
from earlyhelp.families.views.around import FAMILIES, around


@require_safe
def genogram(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, FAMILIES, reference=reference)
    feelings = GenogramFilter(request.GET).shows_bonds
    involved = all_around(row, request.user)
    is_case = any(each.about_children for each in involved)
    context = {
        "genogram": genogram_of(row, request.user, today=timezone.localdate(), is_case=is_case, feelings=feelings),
        "feelings": feelings,
        "ecomap": ecomap(involved),
        "involved": involved,
    }
    return render(request, "families/genogram.html", around(row, "genogram") | context)
