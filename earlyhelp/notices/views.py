from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.notices import services
from earlyhelp.notices.forms import AddressForm, PreferencesForm
from earlyhelp.notices.models import FailedAddress, Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.services import change_address

BACK = {"back_url": reverse_lazy("notices:list"), "back_label": "Notices"}
shows_or_saves = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def inbox(request: SignedIn) -> HttpResponse:
    filters = FilterForm(request.GET)
    mine = Notice.objects.filter(to=request.user).select_related("message").order_by("-created_at", "-pk")
    page = Paginator(mine, 25).get_page(filters.page)
    return render(request, "notices/inbox.html", {"page": page, "failed": _failed(request)})


def _failed(request: SignedIn) -> FailedAddress | None:
    return FailedAddress.objects.standing().filter(user=request.user).first()


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


@shows_or_saves
def preferences(request: SignedIn) -> HttpResponse:
    """What is e-mailed to me, and when."""
    posted = request.POST if request.method == "POST" else None
    form = PreferencesForm(posted, initial=services.chosen_by(request.user))
    if posted is not None and form.is_valid():
        services.choose(request.user, hows=form.hows())
        messages.success(request, "Your choices are saved")
        return redirect("notices:preferences")
    context = {"form": form, "failed": _failed(request)} | BACK
    return render(request, "notices/preferences.html", context, status=422 if form.errors else 200)


@shows_or_saves
def address(request: SignedIn) -> HttpResponse:
    """Another address for my notices."""
    posted = request.POST if request.method == "POST" else None
    form = AddressForm(posted, user=request.user, initial={"email": request.user.email})
    if posted is not None and form.is_valid():
        change_address(request.user, email=form.cleaned_data["email"])
        services.try_again(request.user)
        messages.success(request, "Your e-mail address is saved")
        return redirect("notices:preferences")
    context = {
        "form": form,
        "title": "Change where your messages go",
        "intro": "What Early Help sends you goes there: references and links, and nothing about a family.",
        "cancel_url": reverse("notices:preferences"),
    }
    return render(request, "pages/form.html", context, status=422 if form.errors else 200)


@require_safe
def addresses(request: SignedIn) -> HttpResponse:
    """The addresses that do not work, for whoever looks after the people they belong to."""
    _refuse_others(request)
    filters = FilterForm(request.GET)
    failed = FailedAddress.objects.standing().looked_after_by(request.user).order_by("-since", "-pk")
    page = filters.page_of(failed.select_related("user__agency", "user__team"))
    return render(request, "notices/addresses.html", {"page": page} | BACK)


@require_POST
def again(request: SignedIn, pk: int) -> HttpResponse:
    """The address works after all: what is owed goes there."""
    _refuse_others(request)
    failed = get_object_or_404(FailedAddress.objects.looked_after_by(request.user).select_related("user"), pk=pk)
    services.try_again(failed.user)
    messages.success(request, "The address is tried again")
    return redirect("notices:addresses")


def _refuse_others(request: SignedIn) -> None:
    if not request.user.scope.holds(Role.TEAM_MANAGER, Role.SYSTEM_ADMIN):
        raise Http404
