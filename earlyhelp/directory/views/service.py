"""The directory: open to every practitioner, for it has no people in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from earlyhelp.core.requests import SignedIn
from earlyhelp.directory.access import keeps_directory
from earlyhelp.directory.enums import Need
from earlyhelp.directory.forms.service import KeptFilter, ServiceFilter
from earlyhelp.directory.models import Service
from earlyhelp.directory.queries import corrections_of, stale_before, trail
from earlyhelp.directory.views.keeping import happened, keeping_links
from earlyhelp.directory.views.onward import sections
from earlyhelp.families.access import may_search


@require_safe
def services(request: SignedIn) -> HttpResponse:
    keeps = keeps_directory(request.user)
    filters = KeptFilter(request.GET) if keeps else ServiceFilter(request.GET)
    page = filters.page_of(filters.found().prefetch_related("areas"))
    context = {
        "page": page,
        "filters": filters,
        "stale": stale_before(timezone.localdate()),
        "sections": sections(request),
        "keeps": keeps,
        "near": filters.cleaned()["area"],
    }
    return render(request, "directory/services.html", context)


@require_safe
def service(request: SignedIn, pk: int) -> HttpResponse:
    """One service. One that was withdrawn is shown as such: an old plan still leads here."""
    rows = Service.objects.with_rights(request.user, "keep")
    row = get_object_or_404(rows.select_related("organisation__agency").prefetch_related("areas"), pk=pk)
    context = {
        "service": row,
        "facts": _facts(row) + (_for_keepers(row) if row.may_keep else []),
        "stale": stale_before(timezone.localdate()),
        "may_refer": may_search(request.user),
        "corrections": corrections_of(row, request.user),
        "links": keeping_links(row) if row.may_keep else [],
        "trail": happened(trail(row)) if row.may_keep else [],
    }
    return render(request, "directory/service.html", context)


def _facts(row: Service) -> list[dict[str, Any]]:
    areas = ", ".join(area.name for area in row.areas.all()) or "The whole county"
    needs = "\n".join(Need(need).label for need in row.needs)
    known = {
        "Helps with": needs,
        "For whom": row.ages,
        "Area": areas,
        "Where": row.where,
        "When": row.when,
        "Cost": row.cost,
        "Telephone": row.phone,
    }
    return [{"key": key, "value": value} for key, value in known.items() if value]


def _for_keepers(row: Service) -> list[dict[str, Any]]:
    """How it hears of a referral: not for everybody, so that nobody writes there about a person."""
    agency = row.organisation.agency
    known = {
        "Email address for referrals": row.email or "None: it is rung",
        "Answers with accounts": f"The people of {agency}" if agency else "No",
        "Specialist at tier 3": "Yes" if row.specialist else "No",
    }
    return [{"key": key, "value": value} for key, value in known.items()]
