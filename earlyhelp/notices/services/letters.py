"""A letter to a service outside: owed in the caller's transaction, sent as a second stage, one commit each."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction

from earlyhelp.core import sealing
from earlyhelp.notices.enums import Delivery, Kind
from earlyhelp.notices.models import Letter
from earlyhelp.notices.services.delivery import FIRST_ASKED_AFTER, is_about_one, is_for_good
from earlyhelp.notices.services.sending import RETRY_MINUTES, Mail
from earlyhelp.notices.services.telling import notify

log = logging.getLogger(__name__)


def owe_letter(
    address: str, *, subject: str, body: str, key: str, now: datetime, told_if_it_fails: Any, reference: str, url: str
) -> Letter:
    """Owe ``address`` one letter about ``key``; owing it twice makes one. ``body`` names nobody (domain.md 7)."""
    letter = Letter(key=key)
    facts = {
        "address": address,
        "subject": subject,
        "sealed": sealing.seal(body, bound_to=letter.binding),
        "told_if_it_fails": told_if_it_fails,
        "reference": reference,
        "url": url,
        "created_at": now,
        "send_after": now,
    }
    return Letter.objects.get_or_create(key=key, defaults=facts)[0]


def take_back(*keys: str) -> int:
    """What has not gone yet does not go: what it would open is shut."""
    return Letter.objects.owed().filter(key__in=keys).delete()[0]


def send_letters(*, now: datetime, limit: int = 100) -> int:
    """Send up to ``limit`` letters; says how many went. A server that does not answer ends the round."""
    sent = 0
    for _ in range(limit):
        try:
            went = _send_next(now)
        except OSError as problem:  # smtplib's errors are among these
            log.warning("No letter could be sent (%s); they are tried again.", type(problem).__name__)
            break
        if went is None:
            break
        sent += went
    return sent


def _send_next(now: datetime) -> int | None:
    """1 if one went, 0 if it did not, none when nothing is owed. Puts it off, then raises, without a server."""
    problem: OSError | None = None
    with transaction.atomic():
        letter = Letter.objects.to_send(now).select_for_update(skip_locked=True).first()
        if letter is None:
            return None
        try:
            mail = _mail(letter)
            mail.send()
        except sealing.Unsealable:
            _gives_up(letter, now)
        except OSError as refusal:
            problem = refusal
            _did_not_go(letter, problem, now)
        else:
            _went(letter, mail.taken_as, now)
    if problem is not None and not is_about_one(problem):
        raise problem
    return 1 if letter.sent_at else 0


def _mail(letter: Letter) -> Mail:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    body = sealing.unseal(letter.sealed, bound_to=letter.binding)
    headers = {"Message-ID": f"<{letter.key}@{domain}>"}
    return Mail(letter.subject, body, settings.DEFAULT_FROM_EMAIL, [letter.address], headers=headers)


def _went(letter: Letter, taken_as: str, now: datetime) -> None:
    letter.sealed, letter.sent_at, letter.status, letter.taken_as = b"", now, Delivery.ACCEPTED, taken_as
    letter.ask_after = now + FIRST_ASKED_AFTER if taken_as else None
    letter.save()


def _did_not_go(letter: Letter, problem: OSError, now: datetime) -> None:
    if is_for_good(problem):
        _gives_up(letter, now)
        return
    later = RETRY_MINUTES[min(letter.attempts, len(RETRY_MINUTES) - 1)]
    letter.attempts, letter.send_after = letter.attempts + 1, now + timedelta(minutes=later)
    letter.status = Delivery.TEMPORARY
    letter.save()


def _gives_up(letter: Letter, now: datetime) -> None:
    letter.sealed, letter.failed_at, letter.status = b"", now, Delivery.PERMANENT
    letter.save()
    tell_of_failure(letter, now)


def tell_of_failure(letter: Letter, now: datetime) -> None:
    """Whoever answers for the matter hears of it at once, and can ring."""
    came_back, lost = "An email to a service came back: ring them", "An email to a service did not arrive: ring them"
    notify(
        [letter.told_if_it_fails],
        kind=Kind.REQUEST,
        title=came_back if letter.status == Delivery.PERMANENT else lost,
        reference=letter.reference,
        url=letter.url,
        key=f"letter:{letter.pk}:failed",
        now=now,
        urgent=True,
    )
