"""Naming a colleague who covers: of one's own account, and of somebody's whose manager one is."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from earlyhelp.accounts import covering, services
from earlyhelp.accounts.forms import NameCover
from earlyhelp.accounts.queries import accounts
from earlyhelp.audit.views import open_record
from earlyhelp.core.requests import SignedIn
from earlyhelp.partnership.forms import FindPerson
from earlyhelp.partnership.models import Cover, User
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import Page, perform

INTRO = (
    "The colleague sees and hears what this person would about families, from the first day until the end of the last. "
    "Restricted records are left out: those are entrusted to people by name."
)


@require_http_methods(["GET", "HEAD", "POST"])
def cover_for_me(request: SignedIn) -> HttpResponse:
    return _name(request, request.user, reverse("accounts:yours"))


@require_http_methods(["GET", "HEAD", "POST"])
def cover_for(request: SignedIn, pk: int) -> HttpResponse:
    """For whoever may read the account: an administrator, or the person's manager."""
    person: Any = open_record(request, accounts().select_related("agency", "team"), pk=pk)
    return _name(request, person, services.url_of(person))


@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    """By either of the two; a manager does it from the account."""
    mine = Q(person=request.user) | Q(colleague=request.user) | Q(person__in=accounts().for_user(request.user))
    made = get_object_or_404(Cover.objects.filter(mine).select_related("person"), pk=pk)
    try:
        covering.end_cover(made, by=request.user, now=timezone.now())
        messages.success(request, "The cover has ended")
    except NotPossible as problem:
        messages.warning(request, str(problem))
    return redirect(_back(request, made))


def _back(request: SignedIn, made: Cover) -> str:
    ours = request.user.pk in (made.person_id, made.colleague_id)
    return reverse("accounts:yours") if ours else services.url_of(made.person)


def _name(request: SignedIn, person: User, back: str) -> HttpResponse:
    now, sought = timezone.now(), FindPerson(request.GET)
    page = Page(
        "Name somebody who covers",
        back,
        caption=str(person),
        intro=INTRO,
        about=ABOUT_NOBODY,
        button="Name them",
        said="Named. They have been told",
        template="pages/find_somebody.html",
        extra={"filters": sought},
    )
    deed = partial(covering.cover, person, by=request.user, now=now)
    colleagues = covering.who_may_cover(person, request.user, timezone.localdate(now))
    make = partial(NameCover, colleagues=colleagues, sought=sought)
    return perform(request, make, deed, page=page, then=lambda made: back)
