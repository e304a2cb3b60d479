"""The page of a deed: one form, one call to the domain, one redirect; and the drafts that stand behind every form."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_POST, require_safe

from earlyhelp.audit.models import record
from earlyhelp.audit.views import shown_in
from earlyhelp.core import dates
from earlyhelp.core.forms import House
from earlyhelp.partnership.landing import nearest_page, shows_a_page
from earlyhelp.workflow.cautions import DESPITE, Record, barred, cautions, records
from earlyhelp.workflow.middleware import came_back, is_form, sent_from_here
from earlyhelp.workflow.models import Draft
from earlyhelp.workflow.services import once
from earlyhelp.workflow.transitions import NotPossible, Spent, Stale

HIDDEN = ("token", "version")
OF_THE_PAGE = ("token", "csrfmiddlewaretoken", "windows")
MAX_DRAFT_FIELDS = 500
TRAVELS = "Take it out: this is read beyond the record, on other pages and in copies, by people who may not know it."


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
    extra: Callable[[], dict[str, Any]] | dict[str, Any] = field(default_factory=dict)  # asked for only if it is shown
    preview: Callable[[dict[str, Any]], list[dict[str, str]]] | None = None  # the letters, as they would read
    about: Any = None  # the records that what is typed is about, beside those that the request has opened
    never_waits: str = ""  # no caution holds it up: who can read it, told with the caution once it is sent

    def around(self) -> dict[str, Any]:
        return self.extra() if callable(self.extra) else self.extra


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
    if page.about is None and not shown_in(request):
        raise ImproperlyConfigured("A page that has opened no record says what it is about, or ABOUT_NOBODY.")
    if request.method != "POST":
        return _restore(request, make_form, page)
    form = make_form(request.POST)
    valid, cautious = form.is_valid(), _cautions(request, form, page)
    if not valid or cautious.holds:
        for name, each in cautious.told if cautious.holds else []:
            form.add_error(name, each)  # where whoever sent it looks first
        return _show(request, form, page, status=422, **cautious.shown)
    if page.preview and "preview" in request.POST:
        return _look(request, form, page, cautious)
    return _do(request, form, deed, page=page, then=then, cautious=cautious)


def _do(
    request: HttpRequest,
    form: House,
    deed: Callable[..., Any],
    *,
    page: Page,
    then: Callable[[Any], str],
    cautious: Cautious,
) -> HttpResponse:
    facts = {name: value for name, value in form.cleaned_data.items() if name not in HIDDEN}
    if "version" in form.cleaned_data:
        facts["version"] = form.cleaned_data["version"]
    try:
        token = form.cleaned_data.get("token")
        sent = f"{request.path} {_sent(request)}"
        answer = once(token, by=request.user, now=timezone.now(), deed=lambda: then(deed(**facts)), said=sent)
    except Spent as problem:
        form.add_error(None, str(problem))
        return _show(request, form.renewed(token=uuid.uuid4()), page, status=409, **cautious.shown)
    except NotPossible as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return _show(request, form, page, status=409, **cautious.shown)
    except ValidationError as problem:
        form.add_error(None, problem.messages)
        return _show(request, form, page, status=422, **cautious.shown)
    except Stale as problem:
        return _show_both(request, form, page, problem.row)
    Draft.objects.discard(request.user, request.path, windows=_windows_seen(request))
    cautious.write_down(by=request.user)
    if page.said:
        messages.success(request, page.said)
    for each in cautious.said if page.never_waits else []:
        messages.warning(request, f"It was sent as it is. {each} {page.never_waits}")
    return redirect(answer)


def _sent(request: HttpRequest) -> list[tuple[str, list[str]]]:
    """What was typed and chosen, without what differs from one page to the next; of a file the sum of what is in it."""
    typed = [(name, values) for name, values in request.POST.lists() if name not in OF_THE_PAGE]
    return sorted(typed + [(name, list(map(_sum_of, files))) for name, files in request.FILES.lists()])


def _sum_of(file: UploadedFile) -> str:
    sum_ = hashlib.sha256()
    for chunk in file.chunks():
        sum_.update(chunk)
    file.seek(0)
    return sum_.hexdigest()


@dataclass(frozen=True)
class Cautious:
    """What should give whoever typed this pause, about which records, and why it has to stand there all the same."""

    about: list[Record]
    said: list[str]
    despite: str
    holds: bool
    barred: dict[str, str]  # by question: what may not stand there for any reason, because the answer travels

    @property
    def shown(self) -> dict[str, Any]:
        """Nobody is asked why it has to stand where it may not."""
        return {"cautions": [] if self.barred else self.said, "despite": self.despite}

    @property
    def told(self) -> list[tuple[str | None, str]]:
        if self.barred:
            return [(name, f"{said} {TRAVELS}") for name, said in self.barred.items()]
        return [(None, f"{said} Take it out.") for said in self.said]

    def write_down(self, *, by: Any) -> None:
        if self.said and self.despite:
            kind, pk = self.about[0]
            subject = apps.get_model(kind)(pk=pk)
            record("workflow.despite_caution", subject, by=by, at=timezone.now(), reason=self.despite)


def _cautions(request: HttpRequest, form: House, page: Page) -> Cautious:
    """Looked for in all that could be read of the form, so that whoever mends one thing is not told of the next afterwards."""
    said = form.cleaned_data
    about = [*shown_in(request), *records(page.about, list(said.values()))]
    unseen = {name for name, value in said.items() if value in ("", None)}  # or empty
    apart = {*OF_THE_PAGE, *HIDDEN, DESPITE, *form.own_place, *unseen}
    typed = {name: texts for name, texts in request.POST.lists() if name not in apart}
    given_away = cautions(about, typed.values(), by=request.user)
    found = [*given_away, *form.pauses()]
    final = _barred(about, {name: typed[name] for name in form.travels if name in typed} if given_away else {}, request)
    why = request.POST.get(DESPITE, "").replace("\x00", "").strip()[:500]
    enough = bool(why) and not final and not (found and cautions(about, [why], by=request.user))
    return Cautious(about, found, why, holds=bool(found) and not enough and not page.never_waits, barred=final)


def _barred(about: list[Record], travelling: dict[str, list[Any]], request: HttpRequest) -> dict[str, str]:
    """By question, of those whose answers travel: what stands there for no reason. Asked only once something gave pause."""
    found = {name: barred(about, texts, by=request.user) for name, texts in travelling.items()}
    return {name: " ".join(said) for name, said in found.items() if said}


def _look(request: HttpRequest, form: House, page: Page, cautious: Cautious) -> HttpResponse:
    """What would be sent, above the form that would send it. Nothing is done yet."""
    assert page.preview is not None
    try:
        return _show(request, form, page, preview=page.preview(form.cleaned_data), **cautious.shown)
    except NotPossible as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return _show(request, form, page, status=409, **cautious.shown)


def _restore(request: HttpRequest, make_form: Callable[[Any], House], page: Page) -> HttpResponse:
    """The form with what was typed into it; above it what was typed into the same form in other windows."""
    windows = Draft.objects.take_all(request.user, request.path)
    found = [each for each in windows if each]
    if not found:
        return _show(request, make_form(None), page)
    typed, *elsewhere = found
    fields = QueryDict(mutable=True)
    for name, values in (typed | {"token": [str(uuid.uuid4())]}).items():
        fields.setlist(name, values)
    form = make_form(fields).as_typed()
    told = [_told(form, each, typed) for each in elsewhere]
    return _show(request, form, page, elsewhere=told, windows=len(windows))


def _told(form: House, other: dict[str, list[str]], typed: dict[str, list[str]]) -> list[tuple[str, str]]:
    """What another window said differently, by the question."""
    named = [(name, field) for name, field in form.fields.items() if name not in HIDDEN]
    different = [(name, field) for name, field in named if any(other.get(name, [])) and other[name] != typed.get(name)]
    return [(str(field.label or name), ", ".join(other[name])) for name, field in different]


def _windows_seen(request: HttpRequest) -> int:
    """How many windows' text stood on the page that was sent: the first is the form's own."""
    said = request.POST.get("windows", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) == 1 else 1


def _show(request: HttpRequest, form: House, page: Page, *, status: int = 200, **typed: Any) -> HttpResponse:
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
        "may_preview": page.preview is not None,
        "autosave": request.path.strip("/"),
        **typed,
        **page.around(),
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
        "theirs": [(label, _in_words(getattr(row, name))) for name, label in named],
        "mine": [(label, _in_words(form.cleaned_data[name])) for name, label in named],
        "form": form.renewed(version=row.version),
        "button": page.button,
        "cancel_url": page.cancel_url,
    }
    return render(request, "pages/conflict.html", context, status=409)


def _in_words(value: Any) -> Any:
    """Several answers, or records, one a line; anything else as it is."""
    several = value.all() if hasattr(value, "all") else value
    return "\n".join(map(str, several)) if isinstance(several, list | tuple | QuerySet) else value


# Lodged by whoever has forms that come to an end: ``(path, user) -> why nothing is kept there any more``, or nothing.
OVER: list[Callable[[str, Any], str]] = []


@require_POST
def keep_draft(request: HttpRequest, key: str) -> HttpResponse:
    """Autosave: what is in the form now, sealed to the person who is typing it."""
    path, typed, now = f"/{key.strip('/')}/", dict(request.POST.lists()), timezone.now()
    letters = sum(len(text) for texts in typed.values() for text in texts)
    if len(typed) > MAX_DRAFT_FIELDS or len(key) > 190 or letters > Draft.MOST_LETTERS:
        return _not_kept("This is too long to be kept as you type. Save it now.")
    if why := next(filter(None, (over(path, request.user) for over in OVER)), ""):
        return _not_kept(why)
    if Draft.objects.full(request.user, path, now):
        return _not_kept(f"This is not kept as you type: {Draft.MOST} forms of yours are not finished. Save it now.")
    Draft.objects.keep(request.user, path, typed, now=now)
    return JsonResponse({"saved": dates.clock(timezone.localtime(now))})


def _not_kept(why: str) -> JsonResponse:
    return JsonResponse({"error": why}, status=413)


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was opened before somebody signed in again in another window: its key no longer fits, its text is kept.

    What comes from another site is refused as ever, and so is whatever does not say where it comes from.
    """
    if not sent_from_here(request) or settings.CSRF_COOKIE_NAME not in request.COOKIES:
        return csrf_failure(request, reason)
    if request.path == reverse("sign_in"):
        return redirect(request.get_full_path())  # whoever is signed in by now is led on from there
    if not (request.user.is_authenticated and is_form(request) and came_back(request)):
        return csrf_failure(request, reason)
    if not shows_a_page(request.path):
        messages.warning(request, "You signed in again after you had opened this page: press the button once more.")
        return redirect(nearest_page(request.get_full_path()))
    now, typed = timezone.now(), dict(request.POST.lists())
    full = Draft.objects.full(request.user, request.path, now)
    if full or not Draft.objects.keep_sent(request.user, request.path, typed, now=now):
        return csrf_failure(request, reason)
    messages.warning(
        request,
        "You signed in again after you had opened this page. What you typed is here: check it and send it again.",
    )
    return redirect(nearest_page(request.get_full_path()))


@require_safe
def still_here(request: HttpRequest) -> HttpResponse:
    """A person said that they are still at their desk; being asked is enough to keep the session."""
    request.session["seen_at"] = timezone.now().timestamp()
    return HttpResponse(status=204)
