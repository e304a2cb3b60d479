"""What a person has besides their password: an app that makes codes, passkeys, and codes on paper for a bad day.

allauth keeps them and knows their arithmetic (ADR 12). The pages are ours, and so is the counting of wrong codes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from hmac import compare_digest
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from earlyhelp.core import sealing
from earlyhelp.partnership import guessing
from earlyhelp.partnership.guessing import NAME

Kind = Authenticator.Type
FACTORS = (Kind.TOTP, Kind.WEBAUTHN)  # codes on paper alone are none: they stand in for one of these
SHOWN, GIVEN = "new_app", "second_factor"  # in the session: a secret about to be taken; that a factor was given
WRONG = "That code is not right. Wait for the next one and try again"


_OPENED: ContextVar[Authenticator] = ContextVar("whose secret is opened")


class Adapter(DefaultMFAAdapter):
    """How allauth opens a secret: it is sealed, as everything secret here is, and bound to the row in which it stands.

    allauth does not say whose it is: whoever calls it says so before, ``opening`` that row.
    """

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(base64.b64decode(encrypted_text), bound_to=binding_of(_OPENED.get()))

    def encrypt(self, text: str) -> str:
        raise RuntimeError("A secret is kept with its row, by keep.")

    def get_totp_issuer(self) -> str:
        return "Early Help"

    def get_totp_label(self, user: Any) -> str:
        return user.get_username()

    def _get_site_name(self) -> str:
        return "Early Help"


def binding_of(factor: Authenticator) -> str:
    return f"{Authenticator._meta.label_lower}:{factor.pk}"


@contextmanager
def opening(factor: Authenticator) -> Iterator[None]:
    token = _OPENED.set(factor)
    try:
        yield
    finally:
        _OPENED.reset(token)


@transaction.atomic
def keep(user: Any, kind: Authenticator.Type, name: str, secret: str, **beside: Any) -> Authenticator:
    """Write a secret down in the place of the one before. It is sealed to its row, which is there first for that."""
    Authenticator.objects.filter(user=user, type=kind).delete()
    factor = Authenticator.objects.create(user=user, type=kind, data=beside)
    factor.data[name] = base64.b64encode(sealing.seal(secret, bound_to=binding_of(factor))).decode()
    factor.save(update_fields=["data"])
    return factor


def factors_of(user: Any) -> list[Authenticator]:
    """Codes on paper left out."""
    return list(Authenticator.objects.filter(user=user, type__in=FACTORS).order_by("created_at", "pk"))


def has_factor(user: Any) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def name_of(factor: Authenticator) -> str:
    """As its owner called it."""
    return factor.wrap().name if factor.type == Kind.WEBAUTHN else "App that makes codes"


def with_factor(path: str = "pk") -> Exists:
    """Of a query over people: whether each has one."""
    return Exists(Authenticator.objects.filter(user=OuterRef(path), type__in=FACTORS))


def given(request: HttpRequest) -> bool:
    """Whether this session was begun with a second factor, or has set one up since. Asks no database."""
    return bool(request.session.get(GIVEN))


def forget_all(user: Any) -> int:
    return Authenticator.objects.filter(user=user).delete()[0]


# --- an app that makes codes -----------------------------------------------------------------------------------------


def new_secret(request: HttpRequest) -> str:
    """The secret that this page offers to an app; the same until it is taken, so that a page may be opened again."""
    return request.session.setdefault(SHOWN, totp.generate_totp_secret())


def add_app(request: HttpRequest, user: Any, code: str) -> bool:
    """Whether the code shows that the app has the secret; then it is kept, in the place of an app before.

    The code has counted with that: nobody who saw it typed signs in with it.
    """
    secret = request.session.get(SHOWN, "")
    step = _step_of(secret, "".join(code.split()), after=0) if secret else None
    if step is None:
        return False
    keep(user, Kind.TOTP, "secret", secret, step=step)
    del request.session[SHOWN]
    request.session[GIVEN] = True
    return True


def drawing_of(user: Any, secret: str) -> str:
    """The secret as a picture for a telephone's camera, in an address that needs no request."""
    picture = Adapter().build_totp_svg(Adapter().build_totp_url(user, secret))
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()


# --- passkeys ----------------------------------------------------------------------------------------------------------


def asks_for_passkey(user: Any) -> dict[str, Any] | None:
    """What the browser is to be asked; nothing for somebody without one."""
    has_one = Authenticator.objects.filter(user=user, type=Kind.WEBAUTHN).exists()
    return webauthn.begin_authentication(user) if has_one else None


def offers_passkey(user: Any) -> dict[str, Any]:
    return webauthn.begin_registration(user, passwordless=False)


def add_passkey(request: HttpRequest, user: Any, *, name: str, credential: dict[str, Any]) -> bool:
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except (ValidationError, ValueError, KeyError, TypeError):
        return False
    webauthn.WebAuthn.add(user, name, credential)
    request.session[GIVEN] = True
    return True


# --- giving one ----------------------------------------------------------------------------------------------------------


def claim(user: Any, *, now: datetime) -> None:
    """Count a try before it is looked at, as passwords are. Raises ``TooManyTries``."""
    guessing.count({_counted(user): NAME}, now=now)


def forgive(user: Any) -> None:
    guessing.start_anew(_counted(user))


def _counted(user: Any) -> str:
    return guessing.digest("sign_in:second_factor", str(user.pk))


def is_right(user: Any, code: str, *, now: datetime) -> bool:
    """A try at a code, counted. Raises ``TooManyTries``."""
    claim(user, now=now)
    right = takes_code(user, code, now=now)
    if right:
        forgive(user)
    return right


def takes_code(user: Any, code: str, *, now: datetime) -> bool:
    """Whether the code is the app's of this moment, not given before, or one of those on paper, not used before."""
    code = "".join(code.split()).replace("-", "")
    return _takes_apps(user, code, now) or _takes_paper(user, code)


@transaction.atomic
def _takes_apps(user: Any, code: str, now: datetime) -> bool:
    """A code counts once, in whichever process: the step of time it belongs to is kept, and none before it is taken."""
    app = Authenticator.objects.select_for_update().filter(user=user, type=Kind.TOTP).first()
    if app is None:
        return False
    taken = _step_of(secret_of(app), code, after=app.data.get("step", 0))
    if taken is None:
        return False
    app.data["step"], app.last_used_at = taken, now
    app.save(update_fields=["data", "last_used_at"])
    return True


def secret_of(app: Authenticator) -> str:
    with opening(app):
        return decrypt(app.data["secret"])


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The step of time, of those that count now and come ``after`` one, whose code this is."""
    later = (step for step in totp.yield_hotp_counters_from_time() if step > after)
    return next((step for step in later if compare_digest(_code_of(secret, step).encode(), code.encode())), None)


def _code_of(secret: str, step: int) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, step))


def _takes_paper(user: Any, code: str) -> bool:
    paper = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    return paper is not None and Paper(paper).validate_code(code)


def takes_passkey(user: Any, answer: dict[str, Any]) -> bool:
    try:
        webauthn.parse_authentication_response(answer)
        webauthn.complete_authentication(user, answer).record_usage()
    except (ValidationError, ValueError, KeyError, TypeError):
        return False
    return True


# --- codes on paper ------------------------------------------------------------------------------------------------------


class Paper(RecoveryCodes):
    """allauth's, which come from one secret: it is the row's own that is opened for them."""

    def generate_codes(self) -> list[str]:
        with opening(self.instance):
            return super().generate_codes()


def new_paper(user: Any) -> list[str]:
    """Ten codes, each good once; those before are not any more. They are shown now and never again."""
    return Paper(keep(user, Kind.RECOVERY_CODES, "seed", Paper.generate_seed(), used_mask=0)).generate_codes()


def left_on_paper(user: Any) -> int | None:
    """How many of them are unused; none where there never were any."""
    paper = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    return len(Paper(paper).get_unused_codes()) if paper else None
