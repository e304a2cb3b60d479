from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from earlyhelp.partnership.second_factor import given

YOURS = "/account/"  # one's own account: there a second factor is set up, and nothing of any family is shown
MAY_PASS = (YOURS, "/sign-in/", "/sign-out/", "/still-here/")


class SecondFactorFirst:
    """Where every account has to have one (promise P8), whoever has none sees the pages that set it up, and no other.

    The session says so, from when it was begun: a request costs no query more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SECOND_FACTOR_REQUIRED or request.path.startswith(MAY_PASS) or not _lacks_one(request):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": "Set up a second factor first: sign in to Early Help."}, status=403)
        return redirect(YOURS)


def _lacks_one(request: HttpRequest) -> bool:
    """A program that calls with a key of its own has no session, and is asked elsewhere."""
    return request.user.is_authenticated and "_auth_user_id" in request.session and not given(request)
