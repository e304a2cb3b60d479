"""What a person does to their own account: each stands in its trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from earlyhelp.accounts.models import Home
from earlyhelp.audit.models import record
from earlyhelp.core.sealing import Unsealable
from earlyhelp.partnership import second_factor
from earlyhelp.partnership.models import User
from earlyhelp.partnership.services import end_sessions


@transaction.atomic
def add_app(request: Any, *, code: str, now: datetime) -> bool:
    """False if the code does not show that the app has the secret."""
    taken = second_factor.add_app(request, request.user, code)
    if taken:
        record("account.add_app", request.user, by=request.user, at=now)
    return taken


@transaction.atomic
def add_passkey(request: Any, *, name: str, credential: dict[str, Any], now: datetime) -> bool:
    taken = second_factor.add_passkey(request, request.user, name=name, credential=credential)
    if taken:
        record("account.add_passkey", request.user, by=request.user, at=now)
    return taken


@transaction.atomic
def remove_factor(request: Any, factor: Any, *, now: datetime) -> bool:
    """False for the last one, where everybody has to have one. Codes on paper go with the last."""
    User.objects.select_for_update().get(pk=request.user.pk)  # not two at once
    is_last = len(second_factor.factors_of(request.user)) == 1
    if is_last and settings.SECOND_FACTOR_REQUIRED:
        return False
    factor.delete()
    if is_last:
        second_factor.forget_all(request.user)
        request.session[second_factor.GIVEN] = False
    record("account.remove_factor", request.user, by=request.user, at=now)
    return True


@transaction.atomic
def new_paper(person: Any, *, now: datetime) -> list[str]:
    record("account.new_recovery_codes", person, by=person, at=now)
    return second_factor.new_paper(person)


@transaction.atomic
def change_password(person: Any, *, password: str, now: datetime) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])
    end_sessions(person)
    record("account.change_password", person, by=person, at=now)


@transaction.atomic
def end_other_sessions(person: Any, *, now: datetime) -> None:
    end_sessions(person)
    record("account.end_other_sessions", person, by=person, at=now)


def says_where_they_live(person: Any) -> bool:
    return Home.objects.filter(user=person).exists()


def where_they_live(person: Any) -> dict[str, str]:
    """As they said it themselves, for their eyes alone. Empty if they did not, or if the key to it is gone: they say it anew."""
    home = Home.objects.filter(user=person).first()
    try:
        return home.place if home else {}
    except Unsealable:
        return {}


@transaction.atomic
def say_where_they_live(person: Any, *, street: str, postcode: str, now: datetime) -> None:
    """Without a postcode, what was said before is gone. The trail says that it was done and never where."""
    User.objects.select_for_update().get(pk=person.pk)  # not two at once
    if postcode:
        home = Home(user=person)
        home.seal(street=street, postcode=postcode)
        home.save()
    else:
        Home.objects.filter(user=person).delete()
    record("account.say_where_they_live", person, by=person, at=now)
