from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from tests.factories import MONDAY, UserFactory


class Refusing(EmailBackend):
    """A server that is down, or that refuses some addresses in its own words; otherwise it keeps what it is sent."""

    down = False
    refused: dict[str, tuple[int, bytes]] = {}

    def send_messages(self, messages):
        if Refusing.down:
            raise SMTPServerDisconnected
        refused = {to: Refusing.refused[to] for each in messages for to in each.to if to in Refusing.refused}
        if refused:
            raise SMTPRecipientsRefused(refused)
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "down", False)
    monkeypatch.setattr(Refusing, "refused", {})
    return Refusing


@pytest.fixture
def asha(db):
    return UserFactory(first_name="Asha")


@pytest.fixture
def owe(db):
    """Owe people a notice; what is not said is ordinary."""

    def owe(*people, key="case:1:offered", now=MONDAY, **fields):
        given = {
            "kind": Kind.REQUEST,
            "title": "A family is offered to you",
            "reference": "EH-2026-000001",
            "url": "/cases/EH-2026-000001/",
        }
        notify(people, key=key, now=now, **(given | fields))

    return owe


@pytest.fixture
def recipients():
    """To whom something went, each time that it did."""
    return lambda: sorted(address for message in mail.outbox for address in message.to)


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
