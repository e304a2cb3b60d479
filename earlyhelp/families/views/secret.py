"""A secret address: shown for a reason to whoever was named for it, and who is named (promise P2, domain.md 5 h)."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core.composed import records
from earlyhelp.core.forms import OnceForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.families import homes
from earlyhelp.families.forms import NameConfidants, WhyReveal
from earlyhelp.families.models import Address, Family
from earlyhelp.families.panels import workers_with
from earlyhelp.families.queries import family_now, secret_homes
from earlyhelp.families.secrets import what_gives_away
from earlyhelp.workflow.views import Page, perform


@require_http_methods(["GET", "POST"])
def reveal(request: SignedIn, pk: int) -> HttpResponse:
    """Asks why, writes it down, and shows the address in the answer and nowhere else: no page has it that one may go back to."""
    address = open_record(request, records(Address, "person"), action="reveal", pk=pk)
    form = WhyReveal(request.POST or None)
    if request.method == "POST" and form.is_valid() and _says_it(address, form):
        form.add_error("reason", "Say it without the address: others read why you asked")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        note_shown(request, address, purpose=reason[:200])
        place = homes.reveal(address, by=request.user, now=timezone.now(), reason=reason)
        return render(request, "families/revealed.html", {"address": address, "place": place})
    context = {
        "form": form,
        "title": "Show a secret address",
        "caption": address.person.name,
        "intro": "Who was shown it, when and why is written down.",
        "button": "Show it once",
        "cancel_url": address.person.get_absolute_url(),
    }
    return render(request, "pages/form.html", context, status=422 if form.errors else 200)


def _says_it(address: Address, form: WhyReveal) -> bool:
    return what_gives_away([address]).stand_in(form.cleaned_data["reason"])


@require_safe
def confidants(request: SignedIn, reference: str) -> HttpResponse:
    """Who may know the secret addresses of a family, and to whom each was shown.

    The governance lead reads it by its reference, and no name of the family.
    """
    found = list(secret_homes(reference, request.user))
    if not found:
        raise Http404
    family = family_now(found[0].person, reference=reference)
    note_shown(request, *found, purpose="Who may know a secret address")
    context = {"family": family, "homes": found, "shown": homes.showings(found)}
    return render(request, "families/confidants.html", context)


@require_http_methods(["GET", "POST"])
def confide(request: SignedIn, pk: int) -> HttpResponse:
    address, family = _address(request, pk)
    page = Page(
        "Who else may have it shown to them?",
        _page_of(family),
        caption=family.reference,
        intro="Only who works with the family. Each time they say why, and that is written down.",
        said="Named.",
    )
    known = address.confidants.filter(until_at=None).values("user")
    make = partial(NameConfidants, people=workers_with(family).exclude(pk__in=known))
    deed = partial(homes.let_know, address, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=lambda nothing: page.cancel_url)


@require_http_methods(["GET", "POST"])
def confide_no_more(request: SignedIn, pk: int, confidant: int) -> HttpResponse:
    address, family = _address(request, pk)
    row = get_object_or_404(address.confidants.filter(until_at=None).select_related("user"), pk=confidant)
    page = Page(
        f"{row.user} may not have it shown to them any more",
        _page_of(family),
        caption=family.reference,
        button="Take it back",
        said="Taken back.",
    )
    deed = partial(homes.let_know_no_more, row, by=request.user, now=timezone.now())
    return perform(request, OnceForm, deed, page=page, then=lambda nothing: page.cancel_url)


def _address(request: HttpRequest, pk: int) -> tuple[Address, Family]:
    address = open_record(request, records(Address, "person"), action="confide", pk=pk)
    return address, family_now(address.person)


def _page_of(family: Family) -> str:
    return reverse("families:confidants", args=[family.reference])
