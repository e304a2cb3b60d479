"""An administrator words what is asked: a draft beside the version in use, previewed in numbers, then published (R31)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import REGISTRY, open_to
from earlyhelp.workflow.views import Page, perform
from referrals.conditions import say
from referrals.enums import MOST_QUESTIONS, SetKind
from referrals.forms.questions import MOVES, PARTS, Nothing, next_place
from referrals.models import QuestionSet
from referrals.preview import preview
from referrals.services.questions import draft_of, problems


@require_safe
def sets(request: HttpRequest) -> HttpResponse:
    """Every version of every list, the newest first."""
    user: Any = request.user
    if not user.scope.holds(Role.SYSTEM_ADMIN):
        raise Http404
    rows = list(QuestionSet.objects.for_user(user).select_related("published_by").order_by("-number")[:200])
    kinds = [(kind.label, [row for row in rows if row.kind == kind]) for kind in SetKind]
    return render(request, "referrals/questions/sets.html", {"kinds": [each for each in kinds if each[1]]})


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: its questions, its rules in lines one can read, and what is in the way of publishing it."""
    row = _set(request, pk)
    moves = [move for move in open_to(request.user, row) if move.name in MOVES]
    draft = draft_of(row.kind)
    asked = {each.code: each.text for each in row.questions.all()}
    context = {
        "row": row,
        "questions": list(row.questions.all()),
        "rules": [(rule, say(rule.condition, asked=asked), say(rule.condition)) for rule in row.rules.all()],
        "most": MOST_QUESTIONS[SetKind(row.kind)],
        "problems": problems(row) if row.is_draft else [],
        "draft": draft if draft != row else None,
        "actions": [
            (move.label, _move_url(row, move.name)) for move in moves if move.name != "start_draft" or not draft
        ],
    }
    return render(request, "referrals/questions/set.html", context)


@require_safe
def shown_before(request: HttpRequest, pk: int) -> HttpResponse:
    """What this draft would have suggested for what was answered lately: numbers, and never whose."""
    row = _set(request, pk)
    if not row.is_draft:
        return redirect(_url(row))
    return render(request, "referrals/questions/preview.html", {"row": row, "preview": preview(row)})


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row = _set(request, pk)
    step = REGISTRY[QuestionSet].get(name)
    if name not in MOVES or step is None:
        raise Http404
    if request.method == "GET" and row.status not in step.sources:
        return redirect(_url(row))
    wording = MOVES[name]
    page = _page(row, step.label, wording.button, wording.said, wording.intro, wording.warning, wording.danger)
    initial = {"title": row.title, "introduction": row.introduction} if name == "reword" else {}
    deed = partial(step, row, by=request.user, now=timezone.now())
    return perform(request, partial(wording.form, initial=initial), deed, page=page, then=partial(_after, name))


def _after(name: str, row: QuestionSet) -> str:
    """On to the draft that was begun."""
    return _url((draft_of(row.kind) if name == "start_draft" else None) or row)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int, what: str, code: str = "") -> HttpResponse:
    """A question or a rule of a draft: a new one, or the one with this code."""
    row = _draft_with(request, pk, what, code)
    name, form = PARTS[what]
    part = _part(row, what, code) if code else None
    initial = form.of(part) if part else {"order": next_place(row, what), "priority": next_place(row, what)}
    title = f"Change the {what}" if code else f"Add a {what}"
    page = replace(_page(row, title, "Save", "Saved."), extra=_codes(row) if what == "rule" else {})
    deed = partial(REGISTRY[QuestionSet][name], row, by=request.user, now=timezone.now(), was=code)
    return perform(request, partial(form, initial=initial), deed, page=page, then=_url)


def _codes(row: QuestionSet) -> dict[str, Any]:
    """Beside a rule, what it may speak of: every question by its code, with the answers that it can have."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for each in row.questions.all():
        answers = ", ".join(value for value, _ in each.possible)
        groups.setdefault(each.group, []).append((each.code, each.text, answers))
    return {"aside": "referrals/questions/_codes.html", "groups": list(groups.items())}


@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, pk: int, what: str, code: str) -> HttpResponse:
    row = _draft_with(request, pk, what, code)
    part = _part(row, what, code)
    title = f"Take out: {part}"
    page = _page(row, title, f"Take the {what} out", "Taken out of this draft.", danger=True)
    step = REGISTRY[QuestionSet][f"drop_{what}"]
    deed = partial(step, row, by=request.user, now=timezone.now(), code=code)
    return perform(request, Nothing, deed, page=page, then=_url)


def _draft_with(request: HttpRequest, pk: int, what: str, code: str) -> QuestionSet:
    row = _set(request, pk)
    if what not in PARTS or (request.method == "GET" and not row.is_draft):
        raise Http404
    return row


def _part(row: QuestionSet, what: str, code: str) -> Any:
    parts: Any = row.questions if what == "question" else row.rules
    return get_object_or_404(parts, code=code)


def _set(request: HttpRequest, pk: int) -> QuestionSet:
    """There is nobody in it: whoever may word it sees it, and nobody need write down that they looked."""
    rows = QuestionSet.objects.for_user(request.user).with_rights(request.user)
    rows = rows.select_related("published_by", "retired_by").prefetch_related(
        "questions", "rules__area", "rules__service"
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    row: QuestionSet, title: str, button: str, said: str, intro: str = "", warning: str = "", danger: bool = False
) -> Page:
    return Page(
        title,
        _url(row),
        caption=str(row),
        button=button,
        said=said,
        intro=intro,
        warning=warning,
        danger=danger,
        about=row,
    )


def _url(row: QuestionSet) -> str:
    return reverse("referrals:question_set", args=[row.pk])


def _move_url(row: QuestionSet, name: str) -> str:
    return reverse("referrals:question_move", args=[row.pk, name])
