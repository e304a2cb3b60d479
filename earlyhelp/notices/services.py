"""Owe a notice; send what is owed. The first is a row in the caller's transaction, the second is one commit a message."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from email.utils import make_msgid
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string

from earlyhelp.core.calendar import LONDON
from earlyhelp.notices.models import Heartbeat, Kind, Notice
from earlyhelp.partnership.models import User

log = logging.getLogger(__name__)
DIGEST_AT = time(7, 30)
RETRY_MINUTES = (1, 5, 15, 60)


def notify(
    people: Iterable[User | None],
    *,
    kind: Kind,
    title: str,
    reference: str,
    url: str,
    key: str,
    now: datetime,
    urgent: bool = False,
) -> None:
    """Owe each of ``people`` one notice about ``key``; owing it twice makes one. Nobody inactive is told."""
    told = {person.pk: person for person in people if person is not None and person.is_active}
    Notice.objects.bulk_create(
        [
            Notice(
                to=person,
                kind=kind,
                title=title,
                reference=reference,
                url=url,
                key=key,
                urgent=urgent,
                created_at=now,
                email_after=now if urgent else next_digest(now),
            )
            for person in told.values()
        ],
        ignore_conflicts=True,
    )


def next_digest(now: datetime) -> datetime:
    """The next half past seven in the morning, local time."""
    local = now.astimezone(LONDON)
    day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
    return datetime.combine(day, DIGEST_AT, LONDON)


def mark_read(user: Any, *, now: datetime, ids: Iterable[int] | None = None) -> int:
    unread = Notice.objects.unread().filter(to=user)
    return (unread if ids is None else unread.filter(pk__in=ids)).update(read_at=now)


def beat(name: str, *, now: datetime) -> None:
    """Write down that scheduled work ran."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def send_owed(*, now: datetime, limit: int = 500) -> int:
    """Send up to ``limit`` messages, one commit each; says how many went. Safe in several workers at once.

    An address that is refused is tried again later and keeps nobody else waiting; a server that does not answer ends
    this round, for everybody else's message would wait for it too.
    """
    sent, passed_over = 0, set[int]()
    try:
        while sent < limit and (went := _send_next(now, passed_over)) is not None:
            sent += went
    except OSError as problem:  # smtplib's errors are among these
        log.warning("No message could be sent (%s); they are tried again.", type(problem).__name__)
    return sent


def _send_next(now: datetime, passed_over: set[int]) -> int | None:
    """Send one message: 1 if it went, 0 if it did not, none when nothing is owed. Puts it off, then raises, without a server."""
    problem: OSError | None = None
    with transaction.atomic():
        first = (
            Notice.objects.to_email(now).exclude(to__in=passed_over).order_by("-urgent", "email_after", "pk").first()
        )
        if first is None:
            return None
        owed = _claim(first.to_id, now)
        if not owed:
            passed_over.add(first.to_id)
            return 0
        try:
            _message(owed).send()
            Notice.objects.filter(pk__in=[notice.pk for notice in owed]).update(emailed_at=now)
        except OSError as refusal:
            problem = refusal
            _put_off(owed, now)
    if problem is None:
        return 1
    if isinstance(problem, SMTPRecipientsRefused):
        return 0
    raise problem


def _claim(user_id: int, now: datetime) -> list[Notice]:
    """One urgent notice, or else the whole of a person's digest; nothing while another worker writes to them."""
    if not _hold(user_id):
        return []
    owed = Notice.objects.to_email(now).filter(to=user_id).select_related("to").select_for_update(of=("self",))
    urgent = owed.filter(urgent=True).order_by("email_after", "pk")[:1]
    return list(urgent) or list(owed.filter(urgent=False).order_by("created_at", "pk")[:200])


def _hold(user_id: int) -> bool:
    """One worker at a time writes to a person, so that they get one digest and not several part ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('notices'), %s)", [user_id])
        return cursor.fetchone()[0]


def _put_off(owed: list[Notice], now: datetime) -> None:
    tries = max(notice.attempts for notice in owed)
    later = now + timedelta(minutes=RETRY_MINUTES[min(tries, len(RETRY_MINUTES) - 1)])
    Notice.objects.filter(pk__in=[notice.pk for notice in owed]).update(attempts=tries + 1, email_after=later)


def _message(owed: list[Notice]) -> EmailMessage:
    """A message whose identity is made from what it tells: sent twice after a crash, it is recognised as the same."""
    first = owed[0]
    subject = f"{first.title}" if len(owed) == 1 else f"{len(owed)} things in Early Help need you"
    body = render_to_string("notices/email.txt", {"notices": owed, "site": settings.SITE_URL})
    domain = make_msgid(domain=settings.DEFAULT_FROM_EMAIL.partition("@")[2]).partition("@")[2]
    return EmailMessage(
        subject,
        body,
        settings.DEFAULT_FROM_EMAIL,
        [first.to.email],
        headers={"Message-ID": f"<notice-{first.pk}-{len(owed)}@{domain}"},
    )
