"""The directory: open to every practitioner, for it has no people in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from earlyhelp.core.calendar import add_months
from earlyhelp.directory.forms.service import ServiceFilter
from earlyhelp.directory.models import Need, Service

CHECKED_EVERY_MONTHS = 6


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    filters = ServiceFilter(request.GET)
    page = filters.page_of(filters.found().prefetch_related("areas"))
    return render(request, "directory/services.html", {"page": page, "filters": filters, "stale": _stale()})


@require_safe
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """One service. One that is not running now is shown as such: an old plan still leads here."""
    row = get_object_or_404(Service.objects.select_related("organisation").prefetch_related("areas"), pk=pk)
    return render(request, "directory/service.html", {"service": row, "facts": _facts(row), "stale": _stale()})


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


def _stale() -> Any:
    """Before this day a check is too old to rely on."""
    return add_months(timezone.localdate(), -CHECKED_EVERY_MONTHS)
