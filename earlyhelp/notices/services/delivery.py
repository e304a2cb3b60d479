"""What a refusal means, and the addresses that do not work. A mail server refuses at once; GOV.UK Notify is asked later."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.urls import reverse
from django.utils import timezone

from earlyhelp.notices.backends import Refused
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.models import FailedAddress
from earlyhelp.notices.services.telling import managers_of, notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User

FIRST_ASKED_AFTER = timedelta(minutes=5)
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
