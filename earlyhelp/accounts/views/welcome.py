"""The page behind an invitation's link: its owner chooses a password. A wrong link and an old one are answered alike."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from earlyhelp.accounts import services
from earlyhelp.accounts.forms import NewPassword
from earlyhelp.workflow.transitions import NotPossible


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """Afterwards they sign in as ever: the link alone never does."""
    now = timezone.now()
    invitation = services.invitation_of(secret, now=now)
    if invitation is None:
        raise Http404
    form = NewPassword(request.POST if request.method == "POST" else None, user=invitation.user)
    if form.is_bound and form.is_valid():
        try:
            services.accept(invitation, password=form.cleaned_data["new_password"], now=now)
        except NotPossible as problem:
            raise Http404 from problem
        messages.success(request, "Your password is saved. Sign in with it.")
        return redirect("sign_in")
    context = {
        "form": form,
        "title": "Choose your password",
        "intro": f"Your username is {invitation.user.get_username()}.",
        "button": "Save my password",
    }
    return render(request, "pages/form.html", context, status=422 if form.errors else 200)
