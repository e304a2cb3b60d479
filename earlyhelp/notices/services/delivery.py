"""What became of a message. A mail server refuses at once; GOV.UK Notify is asked later."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from earlyhelp.notices.backends import Refused
from earlyhelp.notices.enums import Delivery, How, Kind
from earlyhelp.notices.models import FailedAddress, Message, Notice
from earlyhelp.notices.services.telling import managers_of, next_digest, notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User

log = logging.getLogger(__name__)
FIRST_ASKED_AFTER, ASKED_EVERY = timedelta(minutes=5), timedelta(hours=12)
ASKED_FOR = timedelta(days=8)  # Notify tries for three days and forgets after seven
SENT_AGAIN_AFTER = timedelta(hours=1)
# RFC 3463: no such mailbox, no such domain, moved, disabled. Not a full mailbox, nor a server that dislikes *us*: an
# unlucky setting of our own must not write off everybody's address.
SAID_MORE = re.compile(rb"\b[45]\.\d{1,3}\.\d{1,3}\b")
CANNOT_WORK = re.compile(rb"\b5\.(1\.([1-6]|10)|2\.1)\b")
CANNOT_WORK_CODES = {550, 551, 553}


def is_about_one(problem: OSError) -> bool:
    """Whether one message was refused by a server that works: everybody else's can go."""
    return isinstance(problem, Refused | SMTPRecipientsRefused | SMTPDataError)


def is_for_good(problem: OSError) -> bool:
    """Whether the address is one that cannot work."""
    if isinstance(problem, SMTPRecipientsRefused):
        return any(_cannot_work(code, said) for code, said in problem.recipients.values())
    return isinstance(problem, Refused) and problem.for_good


def _cannot_work(code: int, said: bytes | str) -> bool:
    words = said if isinstance(said, bytes) else said.encode()
    return bool(CANNOT_WORK.search(words)) if SAID_MORE.search(words) else code in CANNOT_WORK_CODES


def mark_failed(user: User, address: str, *, now: datetime) -> None:
    """Send nothing to this address any more, and say so to whoever can put it right: on the page, never by e-mail."""
    if FailedAddress.objects.filter(user=user, address=address).exists():
        return
    FailedAddress.objects.update_or_create(user=user, defaults={"address": address, "since": now})
    notify(
        managers_of([user], now=now) or _administrators(now),
        kind=Kind.REQUEST,
        title="An e-mail address does not work",
        reference="",
        url=reverse("notices:addresses"),
        key=f"failed_address:{user.pk}:{now:%Y%m%d%H%M%S}",
        now=now,
        only_on_page=True,
    )


def _administrators(now: datetime) -> list[User]:
    posts = Post.objects.current(timezone.localdate(now)).filter(role=Role.SYSTEM_ADMIN, user__is_active=True)
    return [post.user for post in posts.select_related("user")]


def try_again(user: User) -> None:
    """Somebody says that this person's address works after all: what is owed goes there."""
    FailedAddress.objects.filter(user=user).delete()


def ask(*, now: datetime, limit: int = 500) -> int:
    """Ask the sending service what became of its messages, one commit each; says how many were asked about.

    A mail server cannot be asked. A service that does not answer ends the round: it is asked again next time.
    """
    post, asked = get_connection(), 0
    if not hasattr(post, "what_became_of"):
        return 0
    try:
        while asked < limit and _ask_next(post, now):
            asked += 1
    except OSError as problem:
        log.warning("Nothing could be learnt of messages (%s); it is asked again.", type(problem).__name__)
    return asked


@transaction.atomic
def _ask_next(post: Any, now: datetime) -> bool:
    due = Message.objects.to_ask_about(now).select_related("to")
    message = due.select_for_update(of=("self",), skip_locked=True).first()
    if message is None:
        return False
    became = post.what_became_of(message.taken_as)
    if became is None:
        _ask_later(message, now)
    else:
        _learn(message, became, now)
    return True


def _ask_later(message: Message, now: datetime) -> None:
    """Less and less often, until the service itself has forgotten it."""
    message.asked += 1
    wait = min(FIRST_ASKED_AFTER * 2**message.asked, ASKED_EVERY)
    message.ask_after = now + wait if now - message.status_at < ASKED_FOR else None
    message.save(update_fields=["asked", "ask_after"])


def _learn(message: Message, became: Delivery, now: datetime) -> None:
    message.status, message.status_at, message.ask_after = became, now, None
    message.save(update_fields=["status", "status_at", "ask_after"])
    if became == Delivery.PERMANENT and message.address == message.to.email:
        mark_failed(message.to, message.address, now=now)
    if became in {Delivery.PERMANENT, Delivery.TEMPORARY}:
        unread = Notice.objects.unread().filter(message=message)
        unread.filter(how=How.AT_ONCE).update(emailed_at=None, email_after=now + SENT_AGAIN_AFTER)
        unread.filter(how=How.DIGEST).update(emailed_at=None, email_after=next_digest(now))
