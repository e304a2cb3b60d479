"""What every request passes, before anything of ours reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from earlyhelp.core import wall

Handler = Callable[[HttpRequest], HttpResponse]


class RefuseUnreadableText:
    """Answers 400 to a request that PostgreSQL could not hold, and keeps every page out of shared caches.

    NUL and lone surrogates crash a plain view (promise P14): in the path, the query, or a cookie, where the session's key
    is read from. Forms answer for their own fields; this is for the rest.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(map(_unreadable, _texts(request))):
            return HttpResponseBadRequest(
                "There are characters in this request that cannot be read.", content_type="text/plain"
            )
        response = self.get_response(request)
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")  # after signing out the back button shows nothing
        return response


def _texts(request: HttpRequest) -> Iterator[str]:
    """What came with the request and no form will look at."""
    yield request.path
    yield from request.COOKIES.values()
    for name, values in request.GET.lists():
        yield from (name, *values)


def _unreadable(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)


class SaysWhoAsks:
    """Tells the wall in the database (``core.wall``) whose request this is, once it is known; until then it is nobody's.

    And so is whatever is read once it is over.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with wall.asked_for_nobody():
            if _has_a_cookie(request):
                # They stand for themselves: a page asks three hundred things of them, each through a stand-in otherwise.
                request.user = get_user(request)
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        """A program that sends a key is named where its key is looked at."""
        if _has_a_cookie(request):
            wall.asked_for(request.user)


def _has_a_cookie(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class ReadOnlyPages:
    """A page that only shows may not change anything, except to write down that it was looked at, or that a copy was taken.

    Raises ``RuntimeError`` from the offending statement, so that a GET that writes fails in its first test.
    """

    SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.SAFE:
            return self.get_response(request)
        with connection.execute_wrapper(self._refuse):
            return self.get_response(request)

    def _refuse(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if changes_something(sql):
            raise RuntimeError(f"A page that only shows tried to write: {sql[:80]}")
        return execute(sql, params, many, context)


# A deed stands where a statement or a part of one begins: a data-changing WITH hides it in brackets, or after them.
# Names of columns are quoted, values are parameters: neither looks like one.
VERBS = "INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY|CREATE|ALTER|DROP|GRANT|REVOKE|CALL|DO|EXECUTE|EXPLAIN|LOCK|NOTIFY|REFRESH"
TRACES = "INTO|SHARE|NEXTVAL|SETVAL|PG_NOTIFY|ADVISORY|LO_|SET_CONFIG"
DEEDS = re.compile(
    rf"""(?:\A|[();\n]|\*/)\s*(?:{VERBS})\b
    | \bINTO\b
    | \bFOR\s+(?:NO\s+KEY\s+|KEY\s+)?(?:UPDATE|SHARE)\b
    | \b(?:NEXTVAL|SETVAL|PG_NOTIFY|PG_(?:TRY_)?ADVISORY\w*|LO_\w+|SET_CONFIG)\s*\(
    """,
    re.VERBOSE,
)
ANY_OF_THEM = (*VERBS.split("|"), *TRACES.split("|"))
MAY_BE_WRITTEN = re.compile(
    r'INSERT INTO "(?:audit_access|sharing_disclos(?:ure|ed))"'
    r'|(?:INSERT INTO|UPDATE|DELETE FROM) "django_session"|UPDATE "partnership_user" SET "last_login"'
    r"|(?:SET LOCAL plan_cache_mode = force_generic_plan; )?"
    r"EXECUTE (?:scope_of_(?:a_person|those_covered)|composed_\d+)"  # a prepared SELECT
)


@lru_cache(maxsize=2048)  # a page asks the same few statements each time, and some of them are long
def changes_something(sql: str) -> bool:
    """Whether a statement writes, locks or otherwise leaves a trace, but for the few that any page may send."""
    allowed, text = MAY_BE_WRITTEN.match(sql), sql.upper()
    if not any(word in text for word in ANY_OF_THEM):
        return False  # most: looking for a word is twenty times as quick as looking at where it stands
    return DEEDS.search(text, allowed.end() if allowed else 0) is not None
