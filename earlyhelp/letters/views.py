"""The letters that this authority sends, for its administrator to write in its own voice."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.core.requests import SignedIn
from earlyhelp.core.words import within
from earlyhelp.letters.enums import BY_ITSELF, Kind, Reader, words_of
from earlyhelp.letters.forms import EditTemplate
from earlyhelp.letters.services import fill, in_force, newest, publish
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.views import Page, perform


@require_safe
def templates(request: SignedIn) -> HttpResponse:
    """Each letter, and when it was last written anew."""
    _refuse_others(request)
    found = {(each.kind, each.reader): each for each in newest().select_related("by")}
    rows = [found[kind, reader] for kind in Kind.values for reader in Reader.values if (kind, reader) in found]
    alone = [row for row in rows if row.kind in BY_ITSELF]
    return render(
        request, "letters/templates.html", {"rows": [row for row in rows if row not in alone], "alone": alone}
    )


@require_safe
def by_themselves(request: SignedIn) -> HttpResponse:
    """The letters that nobody looks over, as an invented family reads them: whoever decides knows beforehand what follows."""
    found = sorted(newest().filter(kind__in=BY_ITSELF), key=lambda each: (BY_ITSELF.index(each.kind), each.reader))
    shown = [(each, _looks(each.kind, {"subject": each.subject, "body": each.body})[0]) for each in found]
    return render(request, "letters/by_themselves.html", {"shown": shown})


@require_http_methods(["GET", "POST"])
def template(request: SignedIn, kind: str, reader: str) -> HttpResponse:
    """Write one anew, with a look at it in an invented family’s name before it is in force."""
    _refuse_others(request)
    if kind not in Kind.values or reader not in Reader.values:
        raise Http404
    row = in_force(kind, reader)
    page = Page(
        f"{row.get_kind_display()}: to {within(row.get_reader_display())}",
        reverse("letters:templates"),
        caption=f"Version {row.version}",
        button="Use this text from now on",
        said="The new text is in force. Letters that were sent stay as they were.",
        template="letters/template.html",
        extra={
            "words": [(f"{{{word}}}", meaning) for word, (meaning, _) in words_of(kind).items()],
            "as_it_is": _looks(kind, {"subject": row.subject, "body": row.body}),
        },
        preview=partial(_looks, kind),
        about=ABOUT_NOBODY,
    )
    deed = partial(publish, row, by=request.user, now=timezone.now())
    return perform(request, partial(EditTemplate, template=row), deed, page=page, then=lambda made: page.cancel_url)


def _looks(kind: str, said: dict[str, Any]) -> list[dict[str, str]]:
    """As an invented family, or whoever referred it, would read it."""
    invented = {word: value for word, (_, value) in words_of(kind).items()}
    return [{"heading": "", "subject": fill(said["subject"], invented), "body": fill(said["body"], invented)}]


def _refuse_others(request: HttpRequest) -> None:
    if not request.user.scope.holds(Role.SYSTEM_ADMIN):  # type: ignore[union-attr]
        raise Http404
