"""Two self-checks for anybody, without an account: equipment that helps at home, and how things are (domain.md 11, 14.4).

Nothing of the answers is kept here but a count. They stand, sealed, in a cookie of the browser that ends with it, with «exit
this page», and after half an hour: so the page of results can be shown again, and going back sends nothing anew.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.core import sealing
from earlyhelp.core.requests import SignedIn
from earlyhelp.directory.enums import Need
from earlyhelp.partnership.backends import address_of
from earlyhelp.partnership.guessing import TooManyTries
from referrals.access import READS_COUNTS
from referrals.enums import CheckResult, SetKind
from referrals.forms.checking import ContactMe, Sending, questions_of
from referrals.models import QuestionSet
from referrals.models.asking import OPEN_FOR
from referrals.queries import checks_by_month
from referrals.services import checking
from referrals.services.asking import TRAP
from referrals.views.public import opened_at, shown_now

NAMES = {SetKind.EQUIPMENT: "check-your-equipment", SetKind.TEMPERATURE: "how-are-things-at-home"}
ROUTES = {  # where a rule may lead somebody who has no account
    "early_help": ("Ask for help for your family", lambda kind: reverse("asking:start")),
    "first_contact_plus": ("Ask First Contact Plus to get in touch", lambda kind: _page(kind, "contact")),
    "equipment": ("Check what could make home easier", lambda kind: _page(SetKind.EQUIPMENT, "check")),
}
BUSY = "Many people ask from where you are just now. Try again in {} minutes, or ring us."


@dataclass(frozen=True)
class Held:
    """What a browser holds of one check."""

    answers: dict[str, str]
    token: UUID
    until: datetime
    reference: str = ""


def of_kind(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the version in use; without one there is no such page."""

    @wraps(view)
    def inner(request: HttpRequest, kind: SetKind) -> HttpResponse:
        row = checking.in_use(kind)
        if row is None:
            raise Http404
        return view(request, SetKind(kind), row)

    return login_not_required(inner)


# --- the questions -----------------------------------------------------------------------------------------------------


@of_kind
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, kind: SetKind, row: QuestionSet) -> HttpResponse:
    """All the questions on one page: nobody has to wonder how many are still to come."""
    make = questions_of(row)
    if request.method != "POST":
        return _show(request, "checking/check.html", kind, row, form=make())
    form = make(request.POST)
    if not form.is_valid():
        return _show(request, "checking/check.html", kind, row, form=form, status=422)
    answers, now = dict(form.cleaned_data), timezone.now()
    if not request.POST.get(TRAP):  # whoever fills in what people do not see is not counted, and sees the same
        result = checking.result_of(checking.suggestions(row, answers))
        _count(kind, result, sending=Sending(request.POST).number, address=address_of(request), now=now)
    response = redirect(_page(kind, "results"))
    _remember(response, kind, Held(answers, uuid4(), now + OPEN_FOR))
    return response


def _count(kind: SetKind, result: CheckResult, **sent: Any) -> None:
    try:
        checking.add_one(kind, result, **sent)
    except TooManyTries:
        return  # not counted; it is shown all the same


@of_kind
@require_safe
def results(request: HttpRequest, kind: SetKind, row: QuestionSet) -> HttpResponse:
    """Whom to speak to first, where an answer is urgent; then what may help, and why it is shown."""
    held = _held(request, kind)
    if held is None:
        return redirect(_page(kind, "check"))
    found = checking.suggestions(row, checking.known(row, held.answers))
    questions = {question.code: question.text for question in row.questions.all()}
    shown = [
        {
            "rule": each.suggested.rule,
            "urgent": each.suggested.is_urgent,
            "because": [questions[code] for code in each.suggested.because if code in questions],
            "services": each.services,
            "link": _link(each.suggested.rule.route, kind),
        }
        for each in checking.with_services(found)
    ]
    urgent = [each for each in shown if each["urgent"]]
    # Nobody who may be hurt reads, beside it, that every family has rough times.
    left_out = {Need.RELATIONSHIPS} if urgent else set()
    context: dict[str, Any] = {
        "urgent": urgent,
        "others": [each for each in shown if not each["urgent"] and each["rule"].need not in left_out],
        "contact_url": _page(kind, "contact"),
    }
    return _show(request, "checking/results.html", kind, row, **context)


def _link(route: str, kind: SetKind) -> tuple[str, str] | None:
    words, address = ROUTES.get(route, ("", None))
    return (words, address(kind)) if address else None


# --- whoever wants to be contacted -------------------------------------------------------------------------------------


@of_kind
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, kind: SetKind, row: QuestionSet) -> HttpResponse:
    """Only now does anybody learn who they are: First Contact Plus gets their answers with a way to reach them."""
    held = _held(request, kind)
    answers = checking.known(row, held.answers) if held else {}
    if held is None or not answers:
        return redirect(_page(kind, "check"))
    if held.reference:
        return redirect(_page(kind, "sent"))
    form = ContactMe(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return _show(request, "checking/contact.html", kind, row, form=form, status=status)
    said, now, address = form.cleaned_data, timezone.now(), address_of(request)
    doubts = checking.doubts_of(
        trap=request.POST.get(TRAP, ""),
        texts=" ".join(text for text in said.values() if isinstance(text, str)),
        opened_at=opened_at(request),
        now=now,
    )
    try:
        made = checking.ask_contact(row, answers, token=held.token, doubts=doubts, address=address, now=now, **said)
    except TooManyTries as problem:
        form.add_error(None, BUSY.format(-(-problem.seconds // 60)))
        return _show(request, "checking/contact.html", kind, row, form=form, status=429)
    response = redirect(_page(kind, "sent"))
    _remember(response, kind, Held(held.answers, held.token, held.until, made.reference))
    return response


@of_kind
@require_safe
def sent(request: HttpRequest, kind: SetKind, row: QuestionSet) -> HttpResponse:
    held = _held(request, kind)
    if held is None or not held.reference:
        return redirect(_page(kind, "check"))
    return _show(request, "checking/sent.html", kind, row, reference=held.reference)


# --- how many ----------------------------------------------------------------------------------------------------------


@require_safe
def used(request: SignedIn) -> HttpResponse:
    """How many did a check in each month, and what it ended with: for whoever answers for what comes of them."""
    if not request.user.scope.holds(*READS_COUNTS):
        raise Http404
    months = checks_by_month(request.user, today=timezone.localdate())
    return render(request, "checking/used.html", {"months": months, "results": CheckResult.choices})


# --- what each page needs ----------------------------------------------------------------------------------------------


def _show(
    request: HttpRequest, template: str, kind: SetKind, row: QuestionSet, *, status: int = 200, **context: Any
) -> HttpResponse:
    around = {
        "check": row,
        "title": row.title,
        "check_url": _page(kind, "check"),
        "results_url": _page(kind, "results"),
        "trap": TRAP,
        "sending": uuid4(),
        **shown_now(),
    }
    return render(request, template, around | context, status=status)


def _page(kind: SetKind, page: str) -> str:
    return reverse(f"checking:{kind.value}_{page}")


def _cookie(kind: SetKind) -> str:
    return f"check-{NAMES[kind]}"


def _remember(response: HttpResponse, kind: SetKind, held: Held) -> None:
    """Until the browser is closed, and for this check alone."""
    text = json.dumps([held.answers, str(held.token), held.until.isoformat(), held.reference])
    sealed = base64.urlsafe_b64encode(sealing.seal(text, bound_to=_cookie(kind))).decode()
    path = f"/{NAMES[kind]}/"
    response.set_cookie(
        _cookie(kind), sealed, path=path, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def _held(request: HttpRequest, kind: SetKind) -> Held | None:
    """What this browser answered, for half an hour; nothing of what it made up."""
    try:
        sealed = base64.urlsafe_b64decode(request.COOKIES.get(_cookie(kind), ""))
        answers, token, until, reference = json.loads(sealing.unseal(sealed, bound_to=_cookie(kind)))
    except (sealing.Unsealable, binascii.Error, ValueError):
        return None
    held = Held(answers, UUID(token), datetime.fromisoformat(until), reference)
    return held if timezone.now() < held.until else None
