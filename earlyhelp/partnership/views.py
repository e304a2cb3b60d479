"""Signing in and out: the only pages that anybody may reach who has not signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse
from django.urls import reverse

from earlyhelp.partnership import known
from earlyhelp.partnership.demo_accounts import DEMO_PASSWORD, demo_accounts
from earlyhelp.partnership.forms import SignIn as SignInForm
from earlyhelp.partnership.guessing import fold
from earlyhelp.partnership.landing import nearest_page


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
        response = super().form_valid(form)
        known.mark(self.request, response, fold(form.cleaned_data["username"]))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        if form.wait:
            response.status_code, response.headers["Retry-After"] = 429, str(form.wait)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = {} if settings.PRODUCTION else {"demo_accounts": demo_accounts(), "demo_password": DEMO_PASSWORD}
        return super().get_context_data(**kwargs) | offered


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()
