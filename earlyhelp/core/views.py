from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from earlyhelp.core import gallery as sample


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in one place, with invented content: for whoever makes a page, or judges ours."""
    return render(request, "pages/gallery.html", sample.context(timezone.now(), request.GET or None))
