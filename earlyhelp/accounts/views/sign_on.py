"""Coming in by an agency's own sign-on: there and back, and once the question whether this account is theirs."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views as allauth
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from earlyhelp.accounts import sign_on
from earlyhelp.accounts.sign_on import Arrival
from earlyhelp.partnership import second_factor
from earlyhelp.partnership.models import User
from earlyhelp.partnership.signing_in import come_in, stop_half_way

NOT_ANSWERED = (
    "Your agency’s sign-on did not let you through, or did not answer. Try again, or sign in with your password."
)
NOT_KNOWN = "Your agency’s sign-on knows you, but no account here that can be used is yours. Ask whoever looks after Early Help."


@login_not_required
@require_safe
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return allauth.login(request, provider_id)
    except RequestException:
        return _refused(request, NOT_ANSWERED)


@login_not_required
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return allauth.callback(request, provider_id)
    except (ValueError, KeyError):  # an answer without a subject, or that is none
        return _refused(request, NOT_ANSWERED)


@login_not_required
@require_safe
def not_arrived(request: HttpRequest) -> HttpResponse:
    return _refused(request, NOT_ANSWERED)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def arrived(request: HttpRequest) -> HttpResponse:
    """Whoever is known comes in; whoever comes for the first time is asked."""
    arrival = sign_on.arrival_of(request)
    if arrival is None:
        return _refused(request, NOT_ANSWERED)
    if person := sign_on.known_as(arrival):
        return _let_in(request, person, arrival)
    person = sign_on.may_be(arrival)
    if person is None:
        request.session.pop(sign_on.ARRIVED, None)
        return _refused(request, NOT_KNOWN)
    if request.method == "POST":
        sign_on.bind(person, arrival, now=timezone.now())
        return _let_in(request, person, arrival)
    return render(request, "registration/sign_on.html", {"person": person})


def _let_in(request: HttpRequest, person: User, arrival: Arrival) -> HttpResponse:
    """A provider that asks for more than a password has done so; after every other the second half is asked for here."""
    request.session.pop(sign_on.ARRIVED, None)
    then = arrival.then or "/"
    is_enough = sign_on.is_second_factor(arrival.provider)
    if second_factor.has_factor(person) and not is_enough:
        stop_half_way(request, person, then=then)
        return redirect("sign_in_code")
    come_in(request, person, second_factor=is_enough)
    return redirect(then)


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    messages.warning(request, why)
    return redirect("sign_in")
