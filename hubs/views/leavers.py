"""Somebody leaves, or is away for long: their families, a taker proposed for each, changed case by case, asked at once."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from earlyhelp.audit.views import note_shown
from earlyhelp.cases import workload
from earlyhelp.cases.enums import Tier
from earlyhelp.core.requests import SignedIn
from earlyhelp.partnership.models import User
from earlyhelp.workflow.views import Page, perform
from hubs.balance.sharing_out import share_out
from hubs.forms.leavers import HandOn
from hubs.queries import Asked
from hubs.queries.leavers import led_by
from hubs.services import handing_on


@require_http_methods(["GET", "POST"])
def leaver(request: SignedIn, pk: int) -> HttpResponse:
    """Whoever may hand on none of their families is told that there is nothing here."""
    person = get_object_or_404(User.objects.select_related("agency"), pk=pk)
    sent = _sent(request)
    found = list(led_by(person, request.user, and_shown=sent))
    if not found:
        raise Http404
    note_shown(request, *found)
    on_offer = [case for case in found if case.is_asked and case.pk not in sent]
    families = [_asked(case, person) for case in found if case not in on_offer]
    shared = share_out(families, now=timezone.now())
    page = Page(
        f"Families of {person}",
        reverse("home"),
        caption=person.agency.name if person.agency else "",
        button="Ask all those who are chosen",
        template="hubs/leaver.html",
        extra={
            "person": person,
            "on_offer": on_offer,
            "shared": shared,
            "formula": workload.WORDS,
            "none": not shared.proposals,
        },
    )
    deed = partial(_hand_on, request, person)
    return perform(
        request,
        partial(HandOn, proposals=shared.proposals, leaves=person.left_on is not None),
        deed,
        page=page,
        then=lambda left: _back(person, left),
    )


def _sent(request: SignedIn) -> set[int]:
    """The families that the page which is sent back showed: what moved on meanwhile is told, not left out."""
    named = (name.removeprefix("worker_") for name in request.POST if name.startswith("worker_"))
    return {int(each) for each in named if each.isascii() and each.isdigit() and len(each) < 16}


def _asked(case: Any, leaver: User) -> Asked:
    """Somebody else is needed from the day on which they are not here any more; of whoever has no last day, from today."""
    tier = Tier.ENHANCED if case.tier == Tier.ENHANCED else Tier.TARGETED
    return Asked(case, tier, from_on=leaver.left_on)


def _hand_on(request: SignedIn, person: User, **facts: Any) -> int:
    """Say of each family what became of it; answer how many are left that nobody was asked to take."""
    done = handing_on.hand_on(person, by=request.user, now=timezone.now(), **facts)
    if done.offered:
        references = ", ".join(case.reference for case in done.offered)
        messages.success(request, f"Asked: {references}. {person} leads each until the other accepts.")
    for case, why in done.skipped:
        messages.warning(request, f"{case.reference} was skipped. {why}")
    return len(done.skipped)


def _back(person: User, left: int) -> str:
    return reverse("hubs:leaver", args=[person.pk]) if left else reverse("home")
