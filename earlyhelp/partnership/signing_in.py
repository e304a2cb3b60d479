"""Between the password and the second factor: who has shown the first, for ten minutes, and is not signed in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_backends, login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from earlyhelp.partnership.second_factor import GIVEN

WAITING, SECONDS = "half_signed_in", 10 * 60


@dataclass(frozen=True)
class Half:
    user: Any
    then: str


def stop_half_way(request: HttpRequest, user: Any, *, then: str) -> None:
    """The password was right. Whatever session this browser had is over; what it remembers of a form stays."""
    request.session.cycle_key()
    request.session[WAITING] = {
        "user": user.pk,
        "session": user.get_session_auth_hash(),
        "at": time.time(),
        "then": then,
    }


def half_way(request: HttpRequest) -> Half | None:
    """Who waits here for their second factor; none where that was too long ago, or they may not come in any more."""
    kept = request.session.get(WAITING)
    if not kept or time.time() - kept["at"] > SECONDS:
        return None
    user: Any = _backend().get_user(kept["user"])
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["session"]):
        return None
    return Half(user, kept["then"])


def come_in(request: HttpRequest, user: Any, *, second_factor: bool) -> None:
    """Begin the session. ``second_factor``: whether one was given, which the session remembers."""
    request.session.pop(WAITING, None)
    login(request, user, _path())
    request.session[GIVEN] = second_factor


def _backend() -> Any:
    return get_backends()[0]


def _path() -> str:
    backend = type(_backend())
    return f"{backend.__module__}.{backend.__qualname__}"
