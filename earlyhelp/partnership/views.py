"""Signing in and out: the only pages that anybody may reach who has not signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from earlyhelp.partnership import known, second_factor
from earlyhelp.partnership.demo_accounts import DEMO_PASSWORD, demo_accounts
from earlyhelp.partnership.forms import SecondFactor
from earlyhelp.partnership.forms import SignIn as SignInForm
from earlyhelp.partnership.guessing import fold
from earlyhelp.partnership.landing import nearest_page
from earlyhelp.partnership.signing_in import Half, come_in, half_way, stop_half_way


class SignIn(LoginView):
    """Django's own, which checks that ``next`` leads to this site; a demonstration also says who may be tried."""

    authentication_form = SignInForm
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:  # type: ignore[override]  # (the stubs are of a later Django)
        """Where the person was going, or the page nearest to it; home if that was to sign in or out, round in a circle."""
        wanted = super().get_redirect_url()
        return "" if wanted.startswith((reverse("sign_in"), reverse("sign_out"))) else nearest_page(wanted)

    def form_valid(self, form: Any) -> HttpResponse:
        """The password was right: that is all for whoever has nothing else, and half of it for everybody who has."""
        user, then = form.get_user(), self.get_success_url()
        if second_factor.has_factor(user):
            stop_half_way(self.request, user, then=then)
            return redirect("sign_in_code")
        come_in(self.request, user, second_factor=False)
        return _led_in(self.request, user, then)

    def form_invalid(self, form: Any) -> HttpResponse:
        return _told_to_wait(super().form_invalid(form), form.wait)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered: dict[str, Any] = (
            {} if settings.PRODUCTION else {"demo_accounts": demo_accounts(), "demo_password": DEMO_PASSWORD}
        )
        offered["sign_ons"] = [(each["name"], each["id"]) for each in settings.OIDC_PROVIDERS]
        offered["without_second_factor"] = not settings.SECOND_FACTOR_REQUIRED
        return super().get_context_data(**kwargs) | offered


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second half: a code of the app, one on paper, or a passkey."""
    half = half_way(request)
    if half is None:
        messages.warning(request, "That took longer than ten minutes. Sign in again.")
        return redirect("sign_in")
    form = SecondFactor(request.POST if request.method == "POST" else None, user=half.user)
    if form.is_bound and form.is_valid():
        come_in(request, half.user, second_factor=True)
        return _led_in(request, half.user, half.then)
    return _told_to_wait(_ask(request, half, form), form.wait)


def _ask(request: HttpRequest, half: Half, form: SecondFactor) -> HttpResponse:
    kinds = {factor.type for factor in second_factor.factors_of(half.user)}
    context = {
        "form": form,
        "passkey": second_factor.asks_for_passkey(half.user),
        "has_app": second_factor.Kind.TOTP in kinds,
    }
    return render(request, "registration/sign_in_code.html", context)


def _told_to_wait(response: HttpResponse, seconds: int) -> HttpResponse:
    if seconds:
        response.status_code, response.headers["Retry-After"] = 429, str(seconds)
    return response


def _led_in(request: HttpRequest, user: Any, then: str) -> HttpResponse:
    response = redirect(then or resolve_url(settings.LOGIN_REDIRECT_URL))
    known.mark(request, response, fold(user.get_username()))
    return response


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()
