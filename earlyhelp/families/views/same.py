"""Whether two records are of one person: for EH Access, who say so, and may take it back."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown, open_record
from earlyhelp.core.composed import records
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.requests import SignedIn
from earlyhelp.core.words import within
from earlyhelp.families import joining, merging
from earlyhelp.families.access import whom_to_ask
from earlyhelp.families.enums import MatchStatus
from earlyhelp.families.forms import HowItIsKnown, SamePerson, WhyUndo
from earlyhelp.families.matching import may_compare
from earlyhelp.families.models import Merge, Person, PossibleDuplicate
from earlyhelp.families.queries import homes_now
from earlyhelp.families.views import same_family
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.views import Page, perform

LATELY = 20


@require_safe
def duplicates(request: SignedIn) -> HttpResponse:
    """What the night found, the likeliest first. Shows of each no more than a search does (domain.md 5 i)."""
    if not request.user.scope.holds(Role.EH_ACCESS):
        raise PermissionDenied
    filters = FilterForm(request.GET)
    pairs = PossibleDuplicate.objects.for_user(request.user).open().select_related("person__area", "other__area")
    page = filters.page_of(pairs.order_by("-score", "pk"))
    merges = Merge.objects.for_user(request.user).defer("moved", "changed").select_related("kept", "by")
    lately = merges.order_by("-at", "-pk")[:LATELY]
    shown = {person for pair in page.object_list for person in (pair.person, pair.other)}
    note_shown(request, *shown, *{each.kept for each in lately})
    context = {"page": page, "filters": filters, "lately": lately, "twice": same_family.twice(request)}
    return render(request, "families/duplicates.html", context)


@require_safe
def said_two(request: SignedIn) -> HttpResponse:
    """Of which two somebody said that they are two people, the latest first: it may be taken back."""
    if not request.user.scope.holds(Role.EH_ACCESS):
        raise PermissionDenied
    filters = FilterForm(request.GET)
    said = PossibleDuplicate.objects.for_user(request.user).filter(status=MatchStatus.NOT_SAME)
    page = filters.page_of(said.select_related("person", "other", "said_by").order_by("-said_at", "-pk"))
    note_shown(request, *{person for pair in page.object_list for person in (pair.person, pair.other)})
    rows = [(f"{each.person.name} and {each.other.name}", _comparing(each.person, each.other), each) for each in page]
    return render(request, "families/said_two.html", {"page": page, "filters": filters, "rows": rows, "people": True})


@require_safe
def compare(request: SignedIn, pk: int, other: int) -> HttpResponse:
    """The two beside each other, with all that speaks for one person and against it."""
    kept, merged = _both(request, pk, other)
    prefetch_related_objects([kept, merged], "memberships__family", "addresses")
    context = {
        "kept": kept,
        "merged": merged,
        "rows": _beside(kept, merged),
        "why_not": merging.why_not(kept, merged),
        "goes": [each.words for each in merging.what_goes(kept, merged) if each.going],
        "pair": PossibleDuplicate.objects.for_user(request.user).of(kept, merged).select_related("said_by").first(),
        "NOT_SAME": MatchStatus.NOT_SAME,
    }
    return render(request, "families/compare.html", context)


@require_http_methods(["GET", "POST"])
def same(request: SignedIn, pk: int, other: int) -> HttpResponse:
    kept, merged = _both(request, pk, other)
    page = Page(
        "They are one person",
        _comparing(kept, merged),
        caption=f"{merged.name} becomes {kept.name}",
        intro="All that is written down of either is kept, on one record. It can be undone.",
        button="Make one record of them",
        said="They are one record now.",
    )
    make = partial(SamePerson, kept=kept, merged=merged, homes=homes_now([kept, merged]))
    deed = partial(merging.merge, kept, merged, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=Merge.get_absolute_url)


@require_http_methods(["GET", "POST"])
def not_same(request: SignedIn, pk: int, other: int) -> HttpResponse:
    one, another = _both(request, pk, other)
    page = Page(
        "They are not the same person",
        _comparing(one, another),
        caption=f"{one.name} and {another.name}",
        said="Remembered: these two are not offered again.",
    )
    deed = partial(merging.say_not_same, one, another, by=request.user, now=timezone.now())
    return perform(request, HowItIsKnown, deed, page=page, then=lambda pair: reverse("families:duplicates"))


@require_http_methods(["GET", "POST"])
def look_again(request: SignedIn, pk: int, other: int) -> HttpResponse:
    one, another = _both(request, pk, other)
    page = Page(
        "They may be the same person after all",
        _comparing(one, another),
        caption=f"{one.name} and {another.name}",
        said="Taken back. They are among the likely ones again.",
    )
    deed = partial(merging.look_again, one, another, by=request.user, now=timezone.now())
    return perform(request, HowItIsKnown, deed, page=page, then=lambda pair: page.cancel_url)


@require_safe
def merge(request: SignedIn, pk: int) -> HttpResponse:
    """What became one, how it is known, and what would go back."""
    done = _merge(request, pk)
    since = [] if done.undone_at else joining.added_since(done)
    return render(request, "families/merge.html", {"merge": done, "since": since})


@require_http_methods(["GET", "POST"])
def undo(request: SignedIn, pk: int) -> HttpResponse:
    done = _merge(request, pk)
    since = joining.added_since(done)
    stays = f" What was written down since stays with {done.kept.name}: {', '.join(since)}." if since else ""
    page = Page(
        "Undo: they are two people",
        done.get_absolute_url(),
        caption=done.kept.name,
        warning=f"Each has again what was theirs before.{stays}",
        button="Make two records of it again",
        said="They are two records again. These two are not offered as one person again.",
    )
    deed = partial(merging.undo, done, by=request.user, now=timezone.now())
    return perform(request, WhyUndo, deed, page=page, then=Merge.get_absolute_url)


def _both(request: HttpRequest, pk: int, other: int) -> tuple[Person, Person]:
    """The two, if anything brought them together: nobody goes through the county pair by pair."""
    if not may_compare(request.user, pk, other, now=timezone.now()):
        raise Http404
    people = records(Person, "area", "created_by__agency")
    first = open_record(request, people, action="match", purpose="Whether two records are of one person", pk=pk)
    return first, open_record(
        request, people, action="match", purpose="Whether two records are of one person", pk=other
    )


def _merge(request: HttpRequest, pk: int) -> Merge:
    people = ("kept", "merged", "by", "undone_by")
    done = get_object_or_404(Merge.objects.for_user(request.user).select_related(*people), pk=pk)
    note_shown(request, done.kept, done.merged, purpose="Whether two records are of one person")
    return done


def _comparing(kept: Person, merged: Person) -> str:
    return reverse("families:compare", args=[kept.pk, merged.pk])


def _beside(kept: Person, merged: Person) -> list[tuple[str, str, str, bool]]:
    """(what, of the one, of the other, whether they differ), of all that either says."""
    asks = whom_to_ask([kept.pk, merged.pk])
    said = [
        (str(merging.fact(name).verbose_name), *(merging.in_words(each, name) for each in (kept, merged)))
        for name in merging.FACTS
    ]
    homes = homes_now([kept, merged])
    said.append(("lives at", *(homes.get(each.pk, "") for each in (kept, merged))))
    said.append(("in the family", *(_families(each) for each in (kept, merged))))
    said.append(("known to early help", *(asks.get(each.pk, "") for each in (kept, merged))))
    said.append(("written down", *(same_family.written_down(each) for each in (kept, merged))))
    return [
        (f"{what[:1].upper()}{what[1:]}", one, other, bool(one and other and one != other and what != "written down"))
        for what, one, other in said
        if one or other
    ]


def _families(person: Person) -> str:
    here = [each for each in person.memberships.all() if each.until_on is None]
    return ", ".join(f"{each.family} ({within(each.get_role_display())}, {each.family.reference})" for each in here)
