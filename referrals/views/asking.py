"""A family asks for help, without an account and without a trace at home (promise P19).

No page has anything of the form in its address. What was typed is found by a cookie that ends with the browser, with
«exit this page», and after half an hour; from then on, or on another device, by a code and the date of birth.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from earlyhelp.core import dates, sealing
from earlyhelp.partnership.backends import address_of
from earlyhelp.workflow.middleware import CHECKS, PUBLIC
from earlyhelp.workflow.models import Draft
from referrals.forms.asking import (
    MOST_OTHERS,
    PAGES,
    WOULD_HELP,
    ComeBack,
    DateOfBirth,
    Screen,
    WhatIsHard,
    form_of,
    rows_in,
)
from referrals.models import HelpDraft
from referrals.progress import promised
from referrals.services import asking
from referrals.views.public import VOLATILE, opened_at, shown_now

COOKIE = "asking"
NEVER_KEPT = Draft.NEVER_KEPT | {"opened"}
MOST_FIELDS, MOST_LETTERS = 150, 60_000  # of one page: all its answers filled to the brim, and more
LEFT_BEHIND = {
    COOKIE: PUBLIC,
    **{f"check-{path.strip('/')}": path for path in CHECKS},
}  # in the browser; see views.checking
TITLES = {page.slug: page.title for page in PAGES}
ORDER = [*TITLES, "check"]
BUSY = "Many people ask for help from where you are just now. Your words are still here. Try again in {} minutes, or ring us."
NOT_FOUND = "We cannot open it with that. Check your code and your date of birth, and try again"
WAIT = "You have tried many times. Try again in {} minutes. Your words are kept"


# --- before, between and after -----------------------------------------------------------------------------------------


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return _page(request, "asking/start.html")


@login_not_required
@require_safe
def ring(request: HttpRequest, then: str) -> HttpResponse:
    """The numbers first, where an answer suggests harm; then on, wherever they were going."""
    if then not in ORDER:
        raise Http404
    return _page(request, "asking/ring.html", then=_address(then))


@login_not_required
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Exit this page: what was typed is closed in this browser, and the browser is somewhere else. No script is needed.

    Nor does a cookie say that it was here; but whoever works here and is signed in keeps the key to their open forms.
    """
    response = redirect(settings.EXIT_URL)
    for name, path in LEFT_BEHIND.items():
        response.delete_cookie(name, path=path)
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        response.delete_cookie(settings.CSRF_COOKIE_NAME)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


# --- a page of questions -----------------------------------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "POST"])
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    """One page. Whatever is sent is kept first, right or wrong, and looked at then."""
    if slug not in TITLES:
        raise Http404
    draft, now = asking.held(_ticket(request)), timezone.now()
    if draft is not None and draft.referral_id:
        return redirect("asking:sent")
    if request.method == "POST":
        return _take(request, slug, draft, now)
    if draft is None:
        return _show(request, slug, form_of(slug, None)) if slug == ORDER[0] else redirect("asking:start")
    if not draft.is_open(now):
        return redirect("asking:come_back")
    typed = draft.open().get(slug)
    form = form_of(slug, typed).as_typed() if typed else form_of(slug, None)
    return _show(request, slug, form, typed, ticket=_ticket(request))


def _take(request: HttpRequest, slug: str, draft: HelpDraft | None, now: datetime) -> HttpResponse:
    """Keep it; then on to the next page, or back with what is wrong beside each question."""
    typed, wish, ticket = _typed(request), request.POST.get("do", ""), _ticket(request) if draft else ""
    form = form_of(slug, typed)
    if _too_much(typed):
        form.add_error(None, "This is too much for one page. Make it shorter, and tell us the rest when we speak.")
        return _show(request, slug, form, typed, ticket=ticket, status=422)
    if wish == "more":
        typed["rows"] = [str(min(rows_in(typed) + 1, MOST_OTHERS))]
    try:
        if draft is None:
            ticket = asking.begin(slug, typed, opened_at=opened_at(request), address=address_of(request), now=now)
        else:
            asking.keep(draft, slug, typed, now=now)
    except asking.TooManyTries as problem:
        form.add_error(None, BUSY.format(_minutes(problem)))
        return _show(request, slug, form, typed, ticket=ticket, status=429)
    response = _onward(request, slug, form, typed, ticket)
    if draft is None:
        _remember(response, ticket)
    return response


def _onward(request: HttpRequest, slug: str, form: Screen, typed: Mapping[str, list[str]], ticket: str) -> HttpResponse:
    wish = request.POST.get("do", "")
    if wish == "more":
        return redirect(_address(slug) + f"#first_{rows_in(typed)}")
    if wish == "later":
        return redirect("asking:later")
    if not form.is_valid():
        return _show(request, slug, form, typed, ticket=ticket, status=422)
    following = ORDER[ORDER.index(slug) + 1]
    return redirect("asking:ring", following) if form.suggests_harm() else redirect(_address(following))


@login_not_required
@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """What is in the page now, kept as it is typed: a browser that dies loses ten seconds (promise P12).

    A browser that is leaving begins nothing: «exit this page» must not be answered with a new cookie.
    """
    if slug not in TITLES:
        raise Http404
    typed, draft, now = _typed(request), asking.held(_ticket(request)), timezone.now()
    if _too_much(typed):
        return _not_kept("This is too long to be kept as you type. Make it shorter.", 413)
    if draft is not None and draft.referral_id:
        return _not_kept("This was sent already. Nothing more is kept here.", 413)
    if draft is None and request.headers.get("X-Leaving"):
        return HttpResponse(status=204)
    ticket = _ticket(request)
    try:
        if draft is None:
            ticket = asking.begin(slug, typed, opened_at=opened_at(request), address=address_of(request), now=now)
        else:
            asking.keep_as_typed(draft, slug, typed, now=now)
    except asking.TooManyTries as problem:
        return _not_kept(f"Not kept as you type just now. It is tried again in {_minutes(problem)} minutes.", 429)
    answer = JsonResponse({"saved": dates.clock(timezone.localtime(now)), "code": asking.code_in(ticket)})
    if draft is None:
        _remember(answer, ticket)
    return answer


def _not_kept(why: str, status: int) -> JsonResponse:
    return JsonResponse({"error": why}, status=status)


def _too_much(typed: Mapping[str, list[str]]) -> bool:
    return len(typed) > MOST_FIELDS or sum(len(text) for texts in typed.values() for text in texts) > MOST_LETTERS


def _show(
    request: HttpRequest,
    slug: str,
    form: Screen,
    typed: Mapping[str, list[str]] | None = None,
    *,
    ticket: str = "",
    status: int = 200,
) -> HttpResponse:
    """With the code, as soon as there is anything to come back to: whoever has not read it could not (promise P12)."""
    rows = rows_in(typed or {})
    at = ORDER.index(slug)
    return _page(
        request,
        "asking/screen.html",
        status=status,
        form=form,
        slug=slug,
        title=TITLES[slug],
        number=at + 1,
        keep_at=reverse("asking:keep", args=[slug]),
        code=asking.code_in(ticket),
        back_url=_address(ORDER[at - 1]) if at else reverse("asking:start"),
        **shown_now(),
        rows=rows if slug == "you" else 0,
        room_for_more=slug == "you" and rows < MOST_OTHERS,
        trap=asking.TRAP,
        groups=_groups(form, rows) if slug == "you" else [],
    )


def _groups(form: Screen, rows: int) -> list[dict[str, Any]]:
    """The questions about each other person, kept together."""
    names = ("first", "last", "born", "who", "lives")
    return [{"number": number, "fields": [form[f"{name}_{number}"] for name in names]} for number in range(1, rows + 1)]


# --- coming back -------------------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def later(request: HttpRequest) -> HttpResponse:
    """How to come back: a code, and what they know by heart."""
    draft, code = asking.held(_ticket(request)), asking.code_in(_ticket(request))
    if draft is None or draft.referral_id or not draft.is_open(timezone.now()):
        return redirect("asking:come_back")
    url = request.build_absolute_uri(reverse("asking:come_back"))
    context: dict[str, Any] = {
        "code": code,
        "url": url,
        "link": f"{url}#{code}",
        "until": draft.saved_at + asking.KEPT_FOR,
    }
    return _page(request, "asking/later.html", **context, can_come_back=_born_on(draft) is not None)


@login_not_required
@require_http_methods(["GET", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Go on, here or on another device. What is asked and what is answered is the same, whatever the code.

    A link bears the code behind its «#», which no browser sends and no log keeps; a script puts it in its box.
    """
    here, status = asking.held(_ticket(request)), 200
    code = asking.code_in(_ticket(request)) if here and not here.referral_id else ""
    form = (DateOfBirth if code else ComeBack)(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            code = code or form.cleaned_data["code"]
            ticket, status = _let_in(request, code, form)
            if ticket:
                response = redirect(_address(_first_unfinished(asking.find(code))))
                _remember(response, ticket)
                return response
    return _page(request, "asking/come_back.html", form=form, status=status)


def _let_in(request: HttpRequest, code: str, form: Any) -> tuple[str, int]:
    """The ticket; or none and the status of the refusal, with what is wrong in the form."""
    known, born_on = _born_on(asking.find(code)), form.cleaned_data["born_on"]
    try:
        ticket = asking.resume(code, born_on, known=known, address=address_of(request), now=timezone.now())
    except asking.TooManyTries as problem:
        form.add_error("born_on", WAIT.format(_minutes(problem)))
        return "", 429
    if not ticket:
        form.add_error("born_on", NOT_FOUND)
    return ticket, 422


def _first_unfinished(draft: HelpDraft | None) -> str:
    said = _said(draft) if draft else {}
    return next((slug for slug in TITLES if not said.get(slug)), "check")


def _born_on(draft: HelpDraft | None) -> date | None:
    """The date of birth as it stands in the draft, right or wrong in everything else.

    Without a draft it takes as long: from how soon the answer comes nobody learns whether there is one (promise P19).
    """
    form = form_of("you", draft.open().get("you", {}) if draft else {})
    form.is_valid()
    return form.cleaned_data.get("born_on")


# --- sending -----------------------------------------------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """What you said, and send."""
    draft, now = asking.held(_ticket(request)), timezone.now()
    if draft is None:
        return redirect("asking:start")
    if draft.referral_id:
        return redirect("asking:sent")
    if not draft.is_open(now):
        return redirect("asking:come_back")
    forms = _said(draft)
    if unfinished := next((slug for slug in TITLES if not forms.get(slug)), None):
        return redirect(_address(unfinished))
    if request.method == "POST":
        said: dict[str, Any] = {}
        for form in forms.values():
            said |= form.cleaned_data
        asking.send(draft, said=said, now=now)
        return redirect("asking:sent")
    harm = any(form.suggests_harm() for form in forms.values())
    return _page(request, "asking/check.html", parts=_parts(forms), harm=harm, number=len(ORDER))


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The reference, what happens next and by when: for as long as the browser is theirs, and never again."""
    draft = asking.held(_ticket(request))
    if draft is None or draft.referral is None or not draft.is_open(timezone.now()):
        return redirect("asking:start")
    context: dict[str, Any] = {"referral": draft.referral, "decide_by": promised(draft.referral, "D_TRIAGE")}
    return _page(request, "asking/sent.html", **context)


@login_not_required
@require_safe
def copy(request: HttpRequest) -> HttpResponse:
    """On paper, for themselves: only while the browser is theirs, and without what could hurt them if it were found."""
    draft = asking.held(_ticket(request))
    if draft is None or draft.referral is None or not draft.is_open(timezone.now()):
        return redirect("asking:start")
    sent = draft.referral
    wished = "\n".join(dict(WOULD_HELP).get(need, "") for need in sent.needs)
    said = [
        (WhatIsHard.base_fields["why_now"].label, sent.why_now),
        (WhatIsHard.base_fields["wants"].label, sent.wants),
        (WhatIsHard.base_fields["needs"].label, wished),
        (WhatIsHard.base_fields["tried"].label, sent.tried),
        (WhatIsHard.base_fields["strengths"].label, sent.strengths),
    ]
    rows = [{"key": key, "value": value} for key, value in said if value]
    return _page(request, "asking/copy.html", referral=sent, rows=rows, decide_by=promised(sent, "D_TRIAGE"))


def _said(draft: HelpDraft) -> dict[str, Screen]:
    """The forms of the pages that are finished."""
    typed = draft.open()
    forms = {slug: form_of(slug, typed[slug]) for slug in TITLES if slug in typed}
    return {slug: form for slug, form in forms.items() if form.is_valid()}


def _parts(forms: Mapping[str, Screen]) -> list[dict[str, Any]]:
    """Question and answer, page by page; a question that was not answered is left out."""
    return [{"title": TITLES[slug], "url": _address(slug), "rows": _answers(form)} for slug, form in forms.items()]


def _answers(form: Screen) -> list[dict[str, str]]:
    names = [name for name in form.fields if name not in form.revealed_by] + list(form.revealed_by)
    rows = [(_question(form, name), _in_words(form, name)) for name in names]
    return [{"key": key, "value": value} for key, value in rows if value]


def _question(form: Screen, name: str) -> str:
    """With whom it is about, where it is asked of several people."""
    number = name.rpartition("_")[2]
    return f"{'Person ' + number + ': ' if number.isdigit() else ''}{form.fields[name].label}"


def _in_words(form: Screen, name: str) -> str:
    value, choices = form.cleaned_data.get(name), dict(getattr(form.fields[name], "choices", ()))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "\n".join(str(choices[each]) for each in value)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(choices.get(value, value)) if value else ""


# --- what each page needs ----------------------------------------------------------------------------------------------


def _page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, template, context | {"last": len(ORDER)}, status=status)


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    return {
        name: list(values)
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT and not name.startswith(VOLATILE)
    }


def _ticket(request: HttpRequest) -> str:
    """What this browser holds; nothing of what it made up."""
    try:
        return sealing.unseal(base64.urlsafe_b64decode(request.COOKIES.get(COOKIE, "")), bound_to=COOKIE)
    except (sealing.Unsealable, ValueError):
        return ""


def _remember(response: HttpResponse, ticket: str) -> None:
    """Until the browser is closed, and for these pages alone; sealed, so that nobody reads the code out of it."""
    sealed = base64.urlsafe_b64encode(sealing.seal(ticket, bound_to=COOKIE)).decode()
    response.set_cookie(
        COOKIE, sealed, path=PUBLIC, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def _address(slug: str) -> str:
    return reverse("asking:check") if slug == "check" else reverse("asking:screen", args=[slug])


def _minutes(problem: asking.TooManyTries) -> int:
    return -(-problem.seconds // 60)
