"""A service answers from its link: on a telephone, without an account, and without having been shown how (domain.md 11).

The first page names nobody and is opened by a button, so that a program that looks at links reads nothing. A wrong link, an
old one and one that was made void are answered alike.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import note_shown_by_link
from earlyhelp.directory.forms.onward import ANSWERS, MOVES
from earlyhelp.directory.models import OnwardLink, OnwardReferral
from earlyhelp.directory.services.answering import answer_by_link, enter
from earlyhelp.directory.services.links import find
from earlyhelp.directory.views.told import HINTS, answers, state, told
from earlyhelp.workflow.transitions import REGISTRY, NotPossible, Transition


@login_not_required
@require_http_methods(["GET", "POST"])
def cover(request: HttpRequest, secret: str) -> HttpResponse:
    """Nothing of anybody, and a button."""
    now = timezone.now()
    link = enter(secret, now=now) if request.method == "POST" else find(secret, now=now)
    if link is None:
        raise Http404
    if request.method == "POST":
        return redirect("onward:read", secret)
    return render(request, "by_link/cover.html", {"onward": link.onward})


@login_not_required
@require_safe
def read(request: HttpRequest, secret: str) -> HttpResponse:
    """What the person permitted to be told, and three buttons. That it was read is written down."""
    link = _found(secret)
    if link.opened_at is None:
        return redirect("onward:cover", secret)
    row = link.onward
    rows = told(row)
    if rows:
        note_shown_by_link(request, row, purpose=f"link {link.pk} of {row.service}")
    offered = [(move.label, f"/referred/{secret}/{move.name}/", HINTS[move.name]) for move in answers(row)]
    return render(request, "by_link/read.html", {"onward": row, "rows": rows, "state": state(row), "answers": offered})


@login_not_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, secret: str, name: str) -> HttpResponse:
    """One answer: its form, then the transition that the page of whoever has an account calls too."""
    link = _found(secret)
    if name not in ANSWERS or link.opened_at is None:
        raise Http404
    step = REGISTRY[OnwardReferral][name]
    if request.method != "POST":
        if link.onward.status not in step.sources:
            return redirect("onward:read", secret)
        return _show(request, secret, link, step, MOVES[name].form())
    form = MOVES[name].form(request.POST)
    if not form.is_valid():
        return _show(request, secret, link, step, form, status=422)
    try:
        answer_by_link(secret, name, now=timezone.now(), **form.cleaned_data)
    except NotPossible as problem:
        return _too_late(request, secret, link, step, form, problem)
    messages.success(request, MOVES[name].said)
    return redirect("onward:read", secret)


def _too_late(
    request: HttpRequest, secret: str, link: OnwardLink, step: Transition, form: Any, problem: NotPossible
) -> HttpResponse:
    """Somebody was quicker: who, and every word that now stands nowhere else. Sent twice, it stands there already."""
    newer = find(secret, now=timezone.now())
    if newer is not None and not _unsaid(newer.onward, form.cleaned_data):
        messages.warning(request, "It stands as you see it here: it was answered before, or taken back.")
        return redirect("onward:read", secret)
    form.add_error(None, str(problem))
    return _show(request, secret, link, step, form, status=409)


def _unsaid(onward: OnwardReferral, said: dict[str, Any]) -> list[Any]:
    """What of an answer is not written down already."""
    kept = {
        getattr(onward, name) for name in ("expected_on", "returned_because", "returned_note", "started_on", "outcome")
    }
    return [each for each in said.values() if each and each not in kept]


def _found(secret: str) -> OnwardLink:
    link = find(secret, now=timezone.now())
    if link is None:
        raise Http404
    return link


def _show(
    request: HttpRequest, secret: str, link: OnwardLink, step: Transition, form: Any, *, status: int = 200
) -> HttpResponse:
    context = {
        "onward": link.onward,
        "form": form,
        "title": step.label,
        "button": MOVES[step.name].button,
        "cancel_url": f"/referred/{secret}/read/",
    }
    return render(request, "by_link/answer.html", context, status=status)
