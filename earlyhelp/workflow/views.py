"""The page of a deed: one form, one call to the domain, one redirect; and the drafts that stand behind every form."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from earlyhelp.core.forms import House
from earlyhelp.workflow.models import Draft
from earlyhelp.workflow.services import once
from earlyhelp.workflow.transitions import NotPossible, Stale

HIDDEN = ("token", "version")
MAX_DRAFT_FIELDS = 500


@dataclass(frozen=True)
class Page:
    """What the page of a deed says around its form."""

    title: str
    cancel_url: str
    caption: str = ""
    intro: str = ""
    warning: str = ""
    button: str = "Save"
    danger: bool = False
    said: str = ""
    template: str = "pages/form.html"
    extra: dict[str, Any] = field(default_factory=dict)


def perform(
    request: HttpRequest,
    make_form: Callable[[Any], House],
    deed: Callable[..., Any],
    *,
    page: Page,
    then: Callable[[Any], str],
) -> HttpResponse:
    """Show the form; when it is sent and valid, call ``deed`` with what it holds and go where ``then`` says.

    What was typed before (a time-out, a dead browser) is put back. A refusal stands beside the form with everything
    typed still in it; an edit against an old version shows both texts.
    """
    if request.method != "POST":
        return _show(request, _restored(request, make_form), page)
    form = make_form(request.POST)
    if not form.is_valid():
        return _show(request, form, page, status=422)
    facts = {name: value for name, value in form.cleaned_data.items() if name not in HIDDEN}
    if "version" in form.cleaned_data:
        facts["version"] = form.cleaned_data["version"]
    try:
        token = form.cleaned_data.get("token")
        answer = once(token, by=request.user, now=timezone.now(), deed=lambda: then(deed(**facts)))
    except NotPossible as problem:
        form.add_error(None, str(problem))
        return _show(request, form, page, status=409)
    except ValidationError as problem:
        form.add_error(None, problem.messages)
        return _show(request, form, page, status=422)
    except Stale as problem:
        return _show_both(request, form, page, problem.row)
    Draft.objects.discard(request.user, request.path)
    if page.said:
        messages.success(request, page.said)
    return redirect(answer)


def _restored(request: HttpRequest, make_form: Callable[[Any], House]) -> House:
    typed = Draft.objects.take(request.user, request.path)
    if typed is None:
        return make_form(None)
    fields = QueryDict(mutable=True)
    for name, values in (typed | {"token": [str(uuid.uuid4())]}).items():
        fields.setlist(name, values)
    return make_form(fields).as_typed()


def _show(request: HttpRequest, form: House, page: Page, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "page": page,
        "title": page.title,
        "caption": page.caption,
        "intro": page.intro,
        "warning": page.warning,
        "button": page.button,
        "danger": page.danger,
        "cancel_url": page.cancel_url,
        "autosave": request.path.strip("/"),
        **page.extra,
    }
    return render(request, page.template, context, status=status)


def _show_both(request: HttpRequest, form: House, page: Page, row: Any) -> HttpResponse:
    named = [
        (name, form.fields[name].label or name)
        for name in form.cleaned_data
        if name not in HIDDEN and hasattr(row, name)
    ]
    context = {
        "title": page.title,
        "caption": page.caption,
        "theirs": [(label, getattr(row, name)) for name, label in named],
        "mine": [(label, form.cleaned_data[name]) for name, label in named],
        "form": form.renewed(row.version),
        "button": page.button,
        "cancel_url": page.cancel_url,
    }
    return render(request, "pages/conflict.html", context, status=409)


@require_POST
def keep_draft(request: HttpRequest, key: str) -> HttpResponse:
    """Autosave: what is in the form now, sealed to the person who is typing it."""
    if len(request.POST) > MAX_DRAFT_FIELDS or len(key) > 190:
        return JsonResponse({"error": "too large"}, status=413)
    now = timezone.now()
    Draft.objects.keep(request.user, f"/{key.strip('/')}/", dict(request.POST.lists()), now=now)
    return JsonResponse({"saved": f"{timezone.localtime(now):%H:%M}"})


@require_safe
def still_here(request: HttpRequest) -> HttpResponse:
    """A person said that they are still at their desk; being asked is enough to keep the session."""
    request.session["seen_at"] = timezone.now().timestamp()
    return HttpResponse(status=204)
