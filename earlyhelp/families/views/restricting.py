"""Records that only named people may see: for whoever keeps them, who reads them by reference and nothing of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.requests import SignedIn
from earlyhelp.families import restricting
from earlyhelp.families.forms import ByReference, Lift, LookAgain, NameNoMore, NameOne, Restrict
from earlyhelp.families.models import NOT_EXPIRED, Family, Restriction
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.views import Page, perform

PURPOSE = "Who may see a restricted record"


@require_safe
def restricted(request: SignedIn) -> HttpResponse:
    """Those that are restricted now, what is looked at soonest first; and any family, by its reference."""
    if not request.user.scope.holds(Role.IG_LEAD):
        raise PermissionDenied
    form = ByReference(request.GET)
    wanted = (form.cleaned()["reference"] or "").upper()
    found = Family.objects.for_user(request.user, "restrict").under(wanted).first() if wanted else None
    if found:
        return redirect("families:restriction", found.reference)
    rows = Restriction.objects.for_user(request.user, "restrict").standing().select_related("family", "began_by")
    page = form.page_of(rows.order_by("review_on", "pk"))
    context = {"form": form, "wanted": wanted, "page": page, "today": timezone.localdate()}
    return render(request, "families/restricted.html", context)


@require_safe
def restriction(request: SignedIn, reference: str) -> HttpResponse:
    """Who sees it now and why; and what would change. It shows nothing of the family but its reference."""
    family = _family(request, reference)
    seers = restricting.seers(family)
    context = {
        "family": family,
        "standing": family.restrictions.standing().select_related("began_by").first(),
        "before": family.restrictions.exclude(lifted_at=None).select_related("began_by", "lifted_by").order_by("-pk"),
        "keep": [each for each in seers if each.keeps],
        "lose": [each for each in seers if not each.keeps],
        "grants": family.grants.filter(NOT_EXPIRED)
        .select_related("user__agency", "named_by")
        .order_by("expires_at", "pk"),
        "follows": restricting.what_follows(family),
    }
    return render(request, "families/restriction.html", context)


@require_http_methods(["GET", "POST"])
def restrict(request: SignedIn, reference: str) -> HttpResponse:
    family = _family(request, reference)
    losing = [each.who.pk for each in restricting.seers(family) if not each.keeps]
    page = _page(
        family,
        "Let only named people see this record",
        button="Restrict the record",
        said="Restricted. Whoever works with the family has been told; whoever lost sight has not.",
    )
    deed = partial(restricting.restrict, family, by=request.user, now=timezone.now())
    return perform(request, partial(Restrict, losing=losing), deed, page=page, then=Restriction.get_absolute_url)


@require_http_methods(["GET", "POST"])
def lift(request: SignedIn, reference: str) -> HttpResponse:
    family = _family(request, reference)
    page = _page(
        family,
        "Lift the restriction",
        warning="Everybody who would see it by where they work sees it again at once. Who was named for it is so no longer.",
        button="Lift the restriction",
        said="Lifted.",
    )
    deed = partial(restricting.lift, family, by=request.user, now=timezone.now())
    return perform(request, Lift, deed, page=page, then=Restriction.get_absolute_url)


@require_http_methods(["GET", "POST"])
def look_again(request: SignedIn, reference: str) -> HttpResponse:
    family = _family(request, reference)
    page = _page(family, "It stays restricted", said="Saved.")
    deed = partial(restricting.look_again, family, by=request.user, now=timezone.now())
    return perform(request, LookAgain, deed, page=page, then=Restriction.get_absolute_url)


@require_http_methods(["GET", "POST"])
def name_one(request: SignedIn, reference: str) -> HttpResponse:
    family = _family(request, reference)
    page = _page(
        family,
        "Name somebody who sees this record",
        intro="They see the family and its cases, and change nothing. Whoever works with the family is on the team instead.",
        button="Name them",
        said="Named. They have been told.",
    )

    def deed(user: User, **facts: Any) -> None:
        restricting.let_see(family, [user], by=request.user, now=timezone.now(), **facts)

    make = partial(NameOne, people=_may_be_named(family))
    return perform(request, make, deed, page=page, then=lambda nothing: page.cancel_url)


@require_http_methods(["GET", "POST"])
def name_no_more(request: SignedIn, reference: str, pk: int) -> HttpResponse:
    family = _family(request, reference)
    grant = get_object_or_404(family.grants.filter(NOT_EXPIRED).select_related("user", "content_object"), pk=pk)
    page = _page(family, f"{grant.user} does not see it any more", button="Take it back", said="Taken back.")
    deed = partial(restricting.let_see_no_more, grant, by=request.user, now=timezone.now())
    return perform(request, NameNoMore, deed, page=page, then=lambda nothing: page.cancel_url)


def _may_be_named(family: Family) -> Any:
    """Everybody who can sign in, of an agency that is one of ours still, and does not see it already."""
    people = User.objects.filter(is_active=True, agency__is_active=True).select_related("agency")
    return people.exclude(pk__in=[each.who.pk for each in restricting.seers(family)]).order_by(
        "last_name", "first_name", "pk"
    )


def _family(request: HttpRequest, reference: str) -> Family:
    rows = Family.objects.select_related("area")
    return open_record(request, rows, action="restrict", purpose=PURPOSE, reference=reference)


def _page(family: Family, title: str, **said: Any) -> Page:
    return Page(title, reverse("families:restriction", args=[family.reference]), caption=family.reference, **said)
