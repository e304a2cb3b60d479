from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.notices import services
from earlyhelp.notices.models import Notice


@require_safe
def inbox(request: SignedIn) -> HttpResponse:
    filters = FilterForm(request.GET)
    mine = Notice.objects.filter(to=request.user).order_by("-created_at", "-pk")
    page = Paginator(mine, 25).get_page(filters.page)
    return render(request, "notices/inbox.html", {"page": page})


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    services.mark_read(request.user, now=timezone.now())
    return redirect("notices:list")


@require_POST
def read_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Without going where it leads: its title said enough."""
    notice = get_object_or_404(Notice, to=request.user, pk=pk)
    services.mark_read(request.user, now=timezone.now(), ids=[notice.pk])
    return redirect("notices:list")


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where a notice leads; it is read then. A page that only shows may not write, hence a button."""
    notice = get_object_or_404(Notice, to=request.user, pk=pk)
    services.mark_read(request.user, now=timezone.now(), ids=[notice.pk])
    return redirect(notice.url)
