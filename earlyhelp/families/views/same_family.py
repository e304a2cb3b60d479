"""Whether two records are of one family: for EH Access, who say so, and may take it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core import dates
from earlyhelp.core.composed import records
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.families import joining, one_family
from earlyhelp.families.access import whom_to_ask
from earlyhelp.families.enums import MatchStatus
from earlyhelp.families.forms import HowItIsKnown, SameFamily, TwoFamilies, WhyPart
from earlyhelp.families.models import Family, FamilyMembership, FamilyMerge, FamilyPair, Person
from earlyhelp.families.queries import people_found
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.views import Page, perform

PURPOSE = "Whether two records are of one family"
MOST = 20


def twice(request: SignedIn) -> dict[str, Any]:
    """On the page of what was found: families that may be written down twice, and those that were joined lately."""
    pairs = FamilyPair.objects.for_user(request.user).open().select_related("family__area", "other__area")
    merges = FamilyMerge.objects.for_user(request.user).defer("moved", "changed").select_related("kept", "by")
    found = list(pairs.order_by("-found_at", "pk")[:MOST])
    lately = list(merges.order_by("-at", "-pk")[:MOST])
    note_shown(
        request, *{family for pair in found for family in (pair.family, pair.other)}, *{row.kept for row in lately}
    )
    return {"pairs": found, "lately": lately}


@require_safe
def two(request: SignedIn) -> HttpResponse:
    """Two references that somebody has in mind."""
    if not request.user.scope.holds(Role.EH_ACCESS):
        raise PermissionDenied
    form = TwoFamilies(request.GET)
    wanted = [(form.cleaned()[name] or "").upper() for name in ("one", "other")]
    found = [Family.objects.for_user(request.user, "match").under(each).first() for each in wanted if each]
    if len(found) == 2 and all(found) and found[0] != found[1]:
        return redirect("families:compare_families", *[each.reference for each in found if each])
    return render(request, "families/two_families.html", {"form": form, "missed": any(wanted)})


@require_safe
def said_two(request: SignedIn) -> HttpResponse:
    """Of which two somebody said that they are two families, the latest first: it may be taken back."""
    if not request.user.scope.holds(Role.EH_ACCESS):
        raise PermissionDenied
    filters = FilterForm(request.GET)
    said = FamilyPair.objects.for_user(request.user).filter(status=MatchStatus.NOT_SAME)
    page = filters.page_of(said.select_related("family", "other", "said_by").order_by("-said_at", "-pk"))
    note_shown(request, *{family for pair in page.object_list for family in (pair.family, pair.other)})
    rows = [
        (f"{one}, {one.reference}, and {other}, {other.reference}", _comparing(one, other), each)
        for each in page
        for one, other in [(each.family, each.other)]
    ]
    return render(request, "families/said_two.html", {"page": page, "filters": filters, "rows": rows, "people": False})


@require_safe
def compare(request: SignedIn, reference: str, other: str) -> HttpResponse:
    """The two beside each other, with the people of each: no more of them than a search shows."""
    kept, merged = _both(request, reference, other)
    members = people_found(kept, merged)
    note_shown(request, *{member.person for member in members}, purpose=PURPOSE)
    context = {
        "kept": kept,
        "merged": merged,
        "rows": _beside(kept, merged, members),
        "why_not": one_family.why_not(kept, merged),
        "goes": [each.words for each in one_family.what_goes(kept, merged) if each.going],
        "pair": FamilyPair.objects.for_user(request.user).of(kept, merged).select_related("said_by").first(),
        "NOT_SAME": MatchStatus.NOT_SAME,
    }
    return render(request, "families/compare_families.html", context)


@require_http_methods(["GET", "POST"])
def join(request: SignedIn, reference: str, other: str) -> HttpResponse:
    kept, merged = _both(request, reference, other)
    page = _page(
        kept,
        merged,
        "They are one family",
        caption=f"{merged.reference} becomes {kept.reference}",
        intro="All that is written down of either is kept, on one record. It can be undone.",
        button="Make one record of them",
        said="They are one record now.",
    )
    deed = partial(one_family.join, kept, merged, by=request.user, now=timezone.now())
    make = partial(SameFamily, kept=kept, merged=merged)
    return perform(request, make, deed, page=page, then=FamilyMerge.get_absolute_url)


@require_http_methods(["GET", "POST"])
def say_two(request: SignedIn, reference: str, other: str) -> HttpResponse:
    one, another = _both(request, reference, other)
    page = _page(one, another, "They are two families", said="Remembered: these two are not offered again.")
    deed = partial(one_family.say_two, one, another, by=request.user, now=timezone.now())
    return perform(request, HowItIsKnown, deed, page=page, then=lambda pair: reverse("families:duplicates"))


@require_http_methods(["GET", "POST"])
def look_again(request: SignedIn, reference: str, other: str) -> HttpResponse:
    one, another = _both(request, reference, other)
    said = "Taken back. They are among the likely ones again."
    page = _page(one, another, "They may be one family after all", said=said)
    deed = partial(one_family.look_again, one, another, by=request.user, now=timezone.now())
    return perform(request, HowItIsKnown, deed, page=page, then=lambda pair: page.cancel_url)


@require_safe
def joined(request: SignedIn, pk: int) -> HttpResponse:
    """What became one, how it is known, and what would stay if it were undone."""
    done = _merge(request, pk)
    since = [] if done.undone_at else joining.added_since(done)
    return render(request, "families/joined.html", {"merge": done, "since": since})


@require_http_methods(["GET", "POST"])
def part(request: SignedIn, pk: int) -> HttpResponse:
    done = _merge(request, pk)
    since = joining.added_since(done)
    stays = f" What was written down since stays with {done.kept.reference}: {', '.join(since)}." if since else ""
    page = Page(
        "Undo: they are two families",
        done.get_absolute_url(),
        caption=done.kept.reference,
        warning=f"Each has again what was theirs before.{stays}",
        button="Make two records of it again",
        said="They are two records again. These two are not offered as one family again.",
    )
    deed = partial(one_family.part, done, by=request.user, now=timezone.now())
    return perform(request, WhyPart, deed, page=page, then=FamilyMerge.get_absolute_url)


def _both(request: HttpRequest, reference: str, other: str) -> tuple[Family, Family]:
    families = records(Family, "area", "created_by__agency")
    first = open_record(request, families, action="match", purpose=PURPOSE, reference=reference)
    return first, open_record(request, families, action="match", purpose=PURPOSE, reference=other)


def _merge(request: HttpRequest, pk: int) -> FamilyMerge:
    people = ("kept", "merged", "by", "undone_by")
    done = get_object_or_404(FamilyMerge.objects.for_user(request.user).select_related(*people), pk=pk)
    note_shown(request, done.kept, done.merged, purpose=PURPOSE)
    return done


def _page(one: Family, other: Family, title: str, **said: Any) -> Page:
    caption = said.pop("caption", f"{one.reference} and {other.reference}")
    return Page(title, _comparing(one, other), caption=caption, **said)


def _comparing(one: Family, other: Family) -> str:
    return reverse("families:compare_families", args=[one.reference, other.reference])


def _beside(kept: Family, merged: Family, members: list[FamilyMembership]) -> list[tuple[str, str, str]]:
    people: dict[int, list[Person]] = {kept.pk: [], merged.pk: []}
    for member in members:
        people[member.family_id].append(member.person)
    asks = whom_to_ask([person.pk for found in people.values() for person in found])

    def known(family: Family) -> str:
        return "; ".join(dict.fromkeys(asks[each.pk] for each in people[family.pk] if each.pk in asks))

    def named(family: Family) -> str:
        return "; ".join(f"{each.name}, {each.year_said}" for each in people[family.pk])

    rows: dict[str, Callable[[Family], str]] = {
        "Name": str,
        "Area": lambda family: str(family.area),
        "People": named,
        "Known to early help": known,
        "Written down": written_down,
    }
    return [(what, say(kept), say(merged)) for what, say in rows.items()]


def written_down(row: Family | Person) -> str:
    who: Any = row.created_by
    by = f", by {who}, {who.agency}" if who and who.agency else ""
    return f"{dates.day(timezone.localdate(row.created_at))}{by}"
