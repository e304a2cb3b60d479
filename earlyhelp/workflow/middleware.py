"""Sessions end; what was being typed does not (promises P12 and H)."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from earlyhelp.workflow.models import Draft

SEEN, SINCE = "seen_at", "signed_in_at"
NOTE_EVERY = 60  # seconds: a session is written down as used once a minute, not at every page


class KeepWhatWasTyped:
    """Ends a session after 20 idle minutes or 10 hours; a form posted after that is kept, sealed, for the same person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or "_auth_user_id" not in request.session:
            return self.get_response(request)
        now = time.time()
        if self._over(request, now):
            return self.get_response(request) if _only_keeps(request) else self._sign_out(request)
        request.session.setdefault(SINCE, now)
        if now - request.session.get(SEEN, 0) > NOTE_EVERY:
            request.session[SEEN] = now
        return self.get_response(request)

    def _over(self, request: HttpRequest, now: float) -> bool:
        idle = now - request.session.get(SEEN, now)
        whole = now - request.session.get(SINCE, now)
        return idle > settings.SESSION_IDLE_SECONDS + NOTE_EVERY or whole > settings.SESSION_ABSOLUTE_SECONDS

    def _sign_out(self, request: HttpRequest) -> HttpResponse:
        typed = request.method == "POST" and not request.path.startswith("/sign-out/")
        if typed:
            Draft.objects.keep(request.user, request.path, dict(request.POST.lists()), now=timezone.now())
        logout(request)
        text = (
            "You were signed out. What you typed is kept: sign in and it is there."
            if typed
            else "You were signed out to keep families’ records safe."
        )
        messages.warning(request, text)
        return redirect_to_login(request.get_full_path() if request.method in {"GET", "POST"} else "/")


def _only_keeps(request: HttpRequest) -> bool:
    """Autosave neither prolongs a session nor ends it: were it the one to end it, the form sent after it would be lost."""
    return request.method == "POST" and request.path.startswith("/drafts/")
