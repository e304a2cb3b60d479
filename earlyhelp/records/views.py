from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from earlyhelp.audit import seals
from earlyhelp.audit.models import Verification
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.records.access import keeps_records


@require_safe
def trail(request: SignedIn) -> HttpResponse:
    """Whether the logs are what was written: each look at them, and the head to keep elsewhere. Nothing of any family."""
    if not keeps_records(request.user):
        raise PermissionDenied
    form = FilterForm(request.GET)
    context = {"page": form.page_of(Verification.objects.all()), "form": form, "head": seals.head()}
    return render(request, "records/trail.html", context)
