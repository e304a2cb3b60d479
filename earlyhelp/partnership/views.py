"""Signing in and out: the only pages that anybody may reach who has not signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import reverse

from earlyhelp.core.sign_in import SignInForm
from earlyhelp.partnership.demo_accounts import DEMO_PASSWORD, demo_accounts


class SignIn(LoginView):
    """Django's own, which checks that ``next`` leads to this site; a demonstration also says who may be tried."""

    authentication_form = SignInForm
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:  # type: ignore[override]  # (the stubs are of a later Django)
        """Where the person was going; the home page if that was to sign in or out, which would go round in a circle."""
        wanted = super().get_redirect_url()
        return "" if wanted.startswith((reverse("sign_in"), reverse("sign_out"))) else wanted

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = {} if settings.PRODUCTION else {"demo_accounts": demo_accounts(), "demo_password": DEMO_PASSWORD}
        return super().get_context_data(**kwargs) | offered


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()
