"""One's own account: who one is here, the second factor, the password, and where else one is signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from earlyhelp.accounts import own
from earlyhelp.accounts.covering import covers_of
from earlyhelp.accounts.forms import AddApp, AddPasskey, ChangePassword, WhereTheyLive
from earlyhelp.core.requests import SignedIn
from earlyhelp.partnership import second_factor
from earlyhelp.partnership.forms import PasswordAgain
from earlyhelp.partnership.models import Post

WHY_HOME = [
    "You need not say it, and nobody asks why you did not.",
    "It is used for one thing. If you read the record of somebody who lives in your street, the information governance lead "
    "is told that you may live there, as with everybody of the same surname. Neighbours meet in our work: you may be asked "
    "why, and that is all.",
    "Whether you say it or not, the home of anybody on record who has your name is looked at in the same way.",
    "It is sealed. Nobody but you is shown it, no list or report has it, and it is gone a week after you leave.",
    "To take it back, empty both boxes and save.",
]

shows_or_saves = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def yours(request: SignedIn) -> HttpResponse:
    today = timezone.localdate()
    factors = second_factor.factors_of(request.user)
    context = {
        "posts": Post.objects.filter(user=request.user).current(today).select_related("area").order_by("role", "pk"),
        "factors": factors,
        "covers": covers_of(request.user, today),
        "names": {factor.pk: second_factor.name_of(factor) for factor in factors},
        "has_app": any(factor.type == second_factor.Kind.TOTP for factor in factors),
        "paper": second_factor.left_on_paper(request.user),
        "says_home": own.says_where_they_live(request.user),
        "must": settings.SECOND_FACTOR_REQUIRED,
        "lacks": settings.SECOND_FACTOR_REQUIRED and not second_factor.given(request),
    }
    return render(request, "accounts/yours.html", context)


@shows_or_saves
def app(request: SignedIn) -> HttpResponse:
    form = AddApp(_posted(request), user=request.user)
    if form.is_bound and form.is_valid():
        if own.add_app(request, code=form.cleaned_data["code"], now=timezone.now()):
            return _on_to_paper(request, "Your app is set up")
        form.add_error("code", second_factor.WRONG)
    secret = second_factor.new_secret(request)
    context = {
        "form": form,
        "title": "Use an app that makes codes",
        "picture": second_factor.drawing_of(request.user, secret),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "button": "Set up",
    }
    return _show(request, "accounts/app.html", form, context)


@shows_or_saves
def passkey(request: SignedIn) -> HttpResponse:
    form = AddPasskey(_posted(request), user=request.user)
    if form.is_bound and form.is_valid():
        if own.add_passkey(request, **_of(form, "name", "credential"), now=timezone.now()):
            return _on_to_paper(request, "Your passkey is set up")
        form.add_error("name", "That passkey could not be taken. Try again")
    offer = second_factor.offers_passkey(request.user)
    return _show(request, "accounts/passkey.html", form, {"form": form, "title": "Use a passkey", "offer": offer})


@shows_or_saves
def remove(request: SignedIn, pk: int) -> HttpResponse:
    factor = get_object_or_404(second_factor.Authenticator, user=request.user, type__in=second_factor.FACTORS, pk=pk)
    form = PasswordAgain(_posted(request), user=request.user)
    if form.is_bound and form.is_valid():
        if own.remove_factor(request, factor, now=timezone.now()):
            messages.success(request, "Removed")
            return redirect("accounts:yours")
        form.add_error("password", "This is the only one you have. Set up another first")
    context = {"form": form, "title": f"Remove: {second_factor.name_of(factor)}", "button": "Remove it", "danger": True}
    return _show(request, "pages/form.html", form, context)


@shows_or_saves
def recovery_codes(request: SignedIn) -> HttpResponse:
    """Others in the place of those before, once somebody has given their password again."""
    if not second_factor.has_factor(request.user):
        return redirect("accounts:yours")
    form = PasswordAgain(_posted(request), user=request.user)
    if form.is_bound and form.is_valid():
        return _show_paper(request)
    context = {
        "form": form,
        "title": "Recovery codes",
        "intro": [
            "Ten codes, each good once, for the day when your telephone or laptop is not with you.",
            "They are shown once. Print them or write them down, and keep them apart from your laptop.",
            "If you had some before, those stop working.",
        ],
        "button": "Show me new codes",
    }
    return _show(request, "pages/form.html", form, context)


@shows_or_saves
def password(request: SignedIn) -> HttpResponse:
    form = ChangePassword(_posted(request), user=request.user)
    if form.is_bound and form.is_valid():
        own.change_password(request.user, password=form.cleaned_data["new_password"], now=timezone.now())
        update_session_auth_hash(request, request.user)  # this one goes on, every other is over
        messages.success(request, "Your password is changed, and you are signed out everywhere else")
        return redirect("accounts:yours")
    return _show(request, "pages/form.html", form, {"form": form, "title": "Change your password"})


@shows_or_saves
def home(request: SignedIn) -> HttpResponse:
    form = WhereTheyLive(_posted(request), user=request.user, initial=own.where_they_live(request.user))
    if form.is_bound and form.is_valid():
        own.say_where_they_live(request.user, **_of(form, "street", "postcode"), now=timezone.now())
        messages.success(request, "Saved")
        return redirect("accounts:yours")
    return _show(request, "pages/form.html", form, {"form": form, "title": "Where you live", "intro": WHY_HOME})


@require_POST
def elsewhere(request: SignedIn) -> HttpResponse:
    own.end_other_sessions(request.user, now=timezone.now())
    update_session_auth_hash(request, request.user)
    messages.success(request, "You are signed out everywhere but here")
    return redirect("accounts:yours")


def _posted(request: SignedIn) -> Any:
    return request.POST if request.method == "POST" else None


def _of(form: Any, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _on_to_paper(request: SignedIn, said: str) -> HttpResponse:
    """Codes on paper belong to it, and are shown at once; whoever has some already is done."""
    if second_factor.left_on_paper(request.user) is None:
        return _show_paper(request, said)
    messages.success(request, said)
    return redirect("accounts:yours")


def _show_paper(request: SignedIn, said: str = "") -> HttpResponse:
    """In the answer itself: no address leads to them again."""
    codes = own.new_paper(request.user, now=timezone.now())
    context = {"codes": codes, "said": said, "back_url": reverse("accounts:yours")}
    return render(request, "accounts/recovery_codes.html", context)


def _show(request: SignedIn, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    around = {"cancel_url": reverse("accounts:yours")}
    return render(request, template, around | context, status=422 if form.errors else 200)
