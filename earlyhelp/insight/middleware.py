from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string

from earlyhelp.cases.emergency import may_open_in_emergency
from earlyhelp.partnership.landing import nearest_page

API = "/api/"  # a program is answered in its own language


class LedBackFromAButton:
    """Whoever opens the address of a button (a reload, a bookmark, somebody's link) reads that nothing was done, and where it is.

    The answer is 405 all the same: what was asked for is no page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return _led_back(request, response) if _opened_a_button(request, response) else response


def _opened_a_button(request: HttpRequest, response: HttpResponse) -> bool:
    opened = isinstance(response, HttpResponseNotAllowed) and request.method in ("GET", "HEAD")
    return opened and not request.path.startswith(API)


def _led_back(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    user: Any = request.user
    signed_in = user.is_authenticated
    context = {
        "back": nearest_page(request.path),
        "signed_in": signed_in,
        "in_emergency": signed_in and may_open_in_emergency(user),
    }
    refused.content = render_to_string("405.html", context, request)
    refused["Content-Type"] = "text/html; charset=utf-8"
    return refused
