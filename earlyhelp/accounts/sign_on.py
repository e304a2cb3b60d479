"""An agency's own sign-on (OpenID Connect): it says who somebody is there, and we say who that is here.

It never makes an account, and opens none that is suspended, left, or of another agency. The first time, an account is
found by the e-mail address that the provider vouches for, among the people of that provider's agency; once its owner
has said that it is theirs, the subject is bound and the address counts no more: addresses are given to others, subjects
are not.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from earlyhelp.accounts.models import SignOn
from earlyhelp.audit.models import record
from earlyhelp.partnership.backends import PartnershipBackend
from earlyhelp.partnership.landing import nearest_page
from earlyhelp.partnership.models import User

ARRIVED, SECONDS = "arrived_by_sign_on", 10 * 60


@dataclass(frozen=True)
class Arrival:
    """Who came back from a provider, as it says."""

    provider: str
    subject: str
    email: str
    then: str
    at: float


class Adapter(DefaultSocialAccountAdapter):
    """Takes over from allauth once it has asked the provider and checked its answer: nothing of its own sign-in runs."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        claims = (sociallogin.account.extra_data or {}).get("id_token") or {}
        provider = sociallogin.account.provider
        arrival = Arrival(
            provider=provider,
            subject=str(claims.get("sub") or ""),
            email=_email(provider, claims),
            then=_inside(request, sociallogin.state.get("next") or ""),
            at=time.time(),
        )
        request.session[ARRIVED] = vars(arrival)
        raise ImmediateHttpResponse(redirect("accounts:arrived"))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(redirect("accounts:not_arrived"))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


def arrival_of(request: HttpRequest) -> Arrival | None:
    """Whoever came back here less than ten minutes ago, with a subject."""
    kept = request.session.get(ARRIVED)
    found = Arrival(**kept) if kept else None
    return found if found and found.subject and time.time() - found.at < SECONDS else None


def known_as(arrival: Arrival) -> User | None:
    """Whose subject this is; nobody if they may not come in, or work for another agency by now."""
    bound = SignOn.objects.filter(provider=arrival.provider, subject=arrival.subject).first()
    return _allowed(bound.user_id, arrival) if bound else None


def may_be(arrival: Arrival) -> User | None:
    """The one account with this address, at this provider's agency, that is not bound to anybody there yet."""
    if not arrival.email or SignOn.objects.filter(provider=arrival.provider, subject=arrival.subject).exists():
        return None
    found = User.objects.filter(email__iexact=arrival.email, agency__name=_provider(arrival.provider)["agency"])
    unbound = list(found.exclude(sign_ons__provider=arrival.provider).values_list("pk", flat=True)[:2])
    return _allowed(unbound[0], arrival) if len(unbound) == 1 else None


@transaction.atomic
def bind(person: User, arrival: Arrival, *, now: datetime) -> None:
    SignOn.objects.create(user=person, provider=arrival.provider, subject=arrival.subject, bound_at=now)
    record("account.bind_sign_on", person, by=person, at=now, provider=arrival.provider)


def is_second_factor(provider: str) -> bool:
    """Whether this provider asks for more than a password itself: whoever runs the product says so, and nobody else."""
    return bool(_provider(provider).get("second_factor", False))


def _allowed(pk: int, arrival: Arrival) -> User | None:
    person = PartnershipBackend().get_user(pk)
    agency = str(person.agency) if person and person.agency else None
    return person if agency == _provider(arrival.provider)["agency"] else None


def _provider(name: str) -> dict[str, Any]:
    return next(each for each in settings.OIDC_PROVIDERS if each["id"] == name)


def _email(provider: str, claims: dict[str, Any]) -> str:
    """Only one that the provider vouches for: by its claim, or because all of its addresses are its agency's own."""
    vouched = claims.get("email_verified") is True or _provider(provider).get("emails_are_verified", False)
    return str(claims.get("email") or "") if vouched else ""


def _inside(request: HttpRequest, address: str) -> str:
    return nearest_page(address) if url_has_allowed_host_and_scheme(address, {request.get_host()}) else ""
