"""Introduce somebody; walk alongside people. Their own words come first, and nothing here looks like a case system."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.core.forms import FilterForm
from earlyhelp.core.rights import rights
from earlyhelp.families.queries import phone_of
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.transitions import REGISTRY, open_to
from earlyhelp.workflow.views import Page, perform
from lac import queries, services
from lac.access import coordinates
from lac.enums import ABOUT_HOW_MANY
from lac.forms import MOVES, Avoided, Connect, Contribute, FollowConnection, Introduce, PeopleFilter, Talk, Vision
from lac.models import Introduction

SECTIONS = (("", "Their own words"), ("conversations", "Conversations"))


# --- for everybody ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def introduce(request: HttpRequest) -> HttpResponse:
    page = Page(
        "Introduce somebody to a Local Area Coordinator",
        reverse("lac:introduced"),
        button="Introduce them",
        intro="A coordinator walks alongside people of any age to find what a good life is for them. It takes two minutes.",
        said="Thank you. A coordinator will be in touch with them within five working days.",
        about=ABOUT_NOBODY,  # the person is written down by it
    )
    deed = partial(services.introduce, by=request.user, now=timezone.now())
    return perform(request, Introduce, deed, page=page, then=lambda introduction: reverse("lac:introduced"))


@require_safe
def introduced(request: HttpRequest) -> HttpResponse:
    """Whoever introduced somebody sees that it arrived, and that they are in touch; nothing else."""
    rows = (
        Introduction.objects.for_user(request.user, "introduced")
        .select_related("person")
        .order_by("-received_at", "-pk")
    )
    return render(request, "lac/introduced.html", {"page": FilterForm(request.GET).page_of(rows)})


# --- for coordinators -------------------------------------------------------------------------------------------------


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    if not coordinates(request.user):
        raise PermissionDenied
    filters = PeopleFilter(request.GET)
    rows = filters.narrow(Introduction.objects.for_user(request.user), request.user)
    page = filters.page_of(rows.select_related("person", "area", "coordinator").order_by("-received_at", "-pk"))
    context = {"page": page, "filters": filters, "counts": queries.how_many(request.user), "limit": ABOUT_HOW_MANY}
    return render(request, "lac/people.html", context)


@require_safe
def person(request: HttpRequest, reference: str) -> HttpResponse:
    row = _open(request, reference)
    context = {
        "vision": queries.latest_vision(row),
        "connections": queries.connections(row),
        "contributions": queries.contributions(row),
        "phone": phone_of(row.person),
    }
    return render(request, "lac/person.html", _around(request, row, "") | context)


@require_safe
def conversations(request: HttpRequest, reference: str) -> HttpResponse:
    row = _open(request, reference)
    context = {
        "conversations": row.conversations.select_related("recorded_by").order_by("-on", "-pk"),
        "avoided": row.avoided.order_by("-recorded_at", "-pk"),
    }
    return render(request, "lac/conversations.html", _around(request, row, "conversations") | context)


@require_safe
def vision(request: HttpRequest, reference: str) -> HttpResponse:
    """The person's own plan, to print and to keep."""
    row = _open(request, reference)
    latest = queries.latest_vision(row)
    if latest is None:
        raise Http404
    return render(request, "lac/vision.html", {"introduction": row, "vision": latest})


@require_http_methods(["GET", "POST"])
def write_vision(request: HttpRequest, reference: str) -> HttpResponse:
    row = _open(request, reference)
    page = _page(row, "My good life", said="Saved, in their words. What they said before is kept.")
    make = partial(Vision, initial=Vision.said_before(queries.latest_vision(row)))
    deed = partial(services.write_vision, row, by=request.user, now=timezone.now())
    return perform(request, make, deed, page=page, then=lambda written: page.cancel_url)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str, what: str) -> HttpResponse:
    """Write down one more thing: a conversation, a connection, a contribution, a demand avoided."""
    form, deed, title, section, said = ADDED[what]
    row = _open(request, reference)
    page = _page(row, title, section, said=said)
    return perform(
        request,
        form,
        partial(deed, row, by=request.user, now=timezone.now()),
        page=page,
        then=lambda made: page.cancel_url,
    )


ADDED: dict[str, Any] = {
    "conversation": (Talk, services.talk, "A conversation", "conversations", "Written down."),
    "connection": (Connect, services.add_connection, "A connection", "", "Connection written down."),
    "contribution": (Contribute, services.contribute, "What they give", "", "Written down."),
    "avoided": (Avoided, services.note_avoided, "Something no longer needed", "conversations", "Written down."),
}


@require_http_methods(["GET", "POST"])
def follow_connection(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    row = _open(request, reference)
    connection = get_object_or_404(row.connections, pk=pk)
    page = _page(row, f"How is it going: {connection.name}", said="Written down.")
    deed = partial(services.follow_connection, connection, by=request.user, now=timezone.now())
    return perform(request, FollowConnection, deed, page=page, then=lambda followed: page.cancel_url)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    row = _open(request, reference)
    step, wording = REGISTRY[Introduction].get(name), MOVES.get(name)
    if step is None or wording is None or not rights(request.user, row, {step.rule}):
        raise Http404
    if request.method == "GET" and row.status not in step.sources:
        raise Http404
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=row.person.name,
        intro=wording.intro,
        button=wording.button,
        said=wording.said,
    )
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, wording.form, deed, page=page, then=Introduction.get_absolute_url)


# --- what these pages share -------------------------------------------------------------------------------------------


def _open(request: HttpRequest, reference: str) -> Introduction:
    return open_record(request, _INTRODUCTIONS, reference=reference)


@record
def _INTRODUCTIONS(user: Any) -> Any:
    rows = Introduction.objects.with_rights(user).with_person_rights(user)
    return rows.select_related("person", "area", "coordinator", "introduced_by__agency")


def _page(row: Introduction, title: str, section: str = "", *, said: str) -> Page:
    url = row.get_absolute_url()
    return Page(title, f"{url}{section}/" if section else url, caption=row.person.name, said=said)


def _around(request: HttpRequest, row: Introduction, slug: str) -> dict[str, Any]:
    """What every page about a person shows around its own content: a name and a sentence, and no record of a case (12.2)."""
    url = row.get_absolute_url()
    return {
        "introduction": row,
        "sections": [
            {"label": label, "url": f"{url}{each}/" if each else url, "current": each == slug}
            for each, label in SECTIONS
        ],
        "moves": [(step.label, f"{url}do/{step.name}/") for step in open_to(request.user, row)],
    }
