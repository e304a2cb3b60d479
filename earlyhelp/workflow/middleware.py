"""Sessions end; what was being typed does not (promises P12 and H)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from earlyhelp.core.sessions import SIGNED_OUT
from earlyhelp.partnership.landing import shows_a_page
from earlyhelp.workflow.models import Draft

SEEN, SINCE = "seen_at", "signed_in_at"
ENDED_OF, BACK = "ended_of", "back"  # whose session ended here; whether it was they who signed in again
NOTE_EVERY = 60  # seconds: a session is written down as used once a minute, not at every page
PUBLIC = "/ask-for-help/"  # what is typed there is nobody's who signs in, and is kept by itself
BY_LINK = "/referred/"  # a service that answers by a link is nobody who signs in either
CHECKS = ("/check-your-equipment/", "/how-are-things-at-home/")  # nor is what is answered there
INVITED = "/welcome/"  # nor is whoever chooses their first password
WATCHES = "/now/"  # how the address ends at which a page asks by itself whether anything has changed
OPEN = ("/api/", PUBLIC, BY_LINK, INVITED, *CHECKS)
NOT_DONE = "You were signed out, and what you pressed was not done. Sign in and press it again."
STOP_ASKING = 286  # as htmx understands it
NO_FORMS = ("/sign-in/", "/sign-out/", "/drafts/", *OPEN)


class KeepWhatWasTyped:
    """Ends a session after 20 idle minutes or 10 hours; a form posted after that is kept, sealed, for the same person.

    A person has several windows open. The first to be used ends the session; what the others send after it is kept too. So
    is what they send once they have signed out in one of them, or were signed out from elsewhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = time.time()
        if _only_watches(request):
            return self._watched(request, now)
        if not _has_a_session(request):
            ended = _of_an_ended_session(request)
            return self._keep(request, request.session[ENDED_OF]) if ended else self._let_in(request, now)
        if self._over(request, now):
            return self.get_response(request) if _only_keeps(request) else self._sign_out(request)
        self._go_on(request, now)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """A form of whoever signed out. Its key has been looked at and fits: each sign-in makes another, so nobody has since."""
        if is_form(request) and SIGNED_OUT in request.session and not _has_a_session(request):
            return self._keep(request, request.session[SIGNED_OUT])
        return None

    def _watched(self, request: HttpRequest, now: float) -> HttpResponse:
        """A page that asks by itself is nobody at a desk: it neither prolongs a session nor ends it, and shows nothing after."""
        if _has_a_session(request) and not self._over(request, now):
            return self.get_response(request)
        kept = _has_a_session(request) or ENDED_OF in request.session or SIGNED_OUT in request.session
        return render(request, "components/signed_out.html", {"kept": kept}, status=STOP_ASKING)

    def _let_in(self, request: HttpRequest, now: float) -> HttpResponse:
        """Whoever signs in by this request has a session from now on, and not only from their first page."""
        response = self.get_response(request)
        if _has_a_session(request):
            self._go_on(request, now)
        return response

    def _over(self, request: HttpRequest, now: float) -> bool:
        idle = now - request.session.get(SEEN, now)
        return idle > settings.SESSION_IDLE_SECONDS + NOTE_EVERY or _left(request, now) < 0

    def _go_on(self, request: HttpRequest, now: float) -> None:
        session = request.session
        session.setdefault(SINCE, now)
        if now - session.get(SEEN, 0) > NOTE_EVERY:
            session[SEEN] = now
        if ENDED_OF in session or SIGNED_OUT in session:
            before = [session.pop(ended, None) for ended in (ENDED_OF, SIGNED_OUT)]
            session[BACK] = request.user.pk in before
        request.seconds_left = int(_left(request, now))  # type: ignore[attr-defined]  # the page warns before they end

    def _sign_out(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        if request.path.startswith(OPEN):  # answered as anybody not signed in: a program in its own language
            return self.get_response(request)
        owner = request.session[ENDED_OF] = request.session.pop(SIGNED_OUT)
        if is_form(request) and _may_be_ours(request):
            return self._keep(request, owner)
        messages.warning(request, "You were signed out to keep families’ records safe.")
        return redirect_to_login(request.get_full_path())

    def _keep(self, request: HttpRequest, owner: int) -> HttpResponse:
        """For whoever was signed in when this form was opened, and for nobody who signs in here instead."""
        messages.warning(request, self._kept(request, owner) if shows_a_page(request.path) else NOT_DONE)
        return redirect_to_login(request.get_full_path())

    def _kept(self, request: HttpRequest, pk: int) -> str:
        """Put away what was typed; says so, or that it could not be."""
        owner, now = get_user_model()(pk=pk), timezone.now()
        full = Draft.objects.full(owner, request.path, now)
        if full or not Draft.objects.keep_sent(owner, request.path, dict(request.POST.lists()), now=now):
            return "You were signed out, and there is no room to keep this form: go back and copy what you typed."
        return "You were signed out. What you typed is kept: sign in and it is there."


def _has_a_session(request: HttpRequest) -> bool:
    """A program that calls with a token is known too, and has none."""
    return request.user.is_authenticated and "_auth_user_id" in request.session


def _left(request: HttpRequest, now: float) -> float:
    return settings.SESSION_ABSOLUTE_SECONDS - (now - request.session.get(SINCE, now))


def _of_an_ended_session(request: Any) -> bool:
    return is_form(request) and ENDED_OF in request.session and _may_be_ours(request)


def came_back(request: HttpRequest) -> bool:
    """Whether a form that was opened in the session before this one can only be this person's."""
    return bool(request.session.get(BACK))


def is_form(request: HttpRequest) -> bool:
    """Whether this is what somebody typed into a form of ours, and not a sign-in, an autosave or a program's call."""
    return request.method == "POST" and not request.path.startswith(NO_FORMS)


def sent_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of ours sent this: every browser of today says where a POST comes from."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _may_be_ours(request: HttpRequest) -> bool:
    """Nothing is kept for anybody that another site sent in their name."""
    return "Origin" not in request.headers or sent_from_here(request)


def _only_watches(request: HttpRequest) -> bool:
    return request.method == "GET" and request.path.endswith(WATCHES)


def _only_keeps(request: HttpRequest) -> bool:
    """Autosave neither prolongs a session nor ends it: were it the one to end it, the form sent after it would be lost."""
    return request.method == "POST" and request.path.startswith("/drafts/")
