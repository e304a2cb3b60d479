"""Send what is owed: what cannot wait, one message each; the rest in one digest a person and day. One commit a message."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string

from earlyhelp.notices.enums import Delivery, How
from earlyhelp.notices.models import Message, Notice
from earlyhelp.notices.services.delivery import FIRST_ASKED_AFTER, is_about_one, is_for_good, mark_failed
from earlyhelp.notices.services.telling import digest_day, next_digest, pass_on

log = logging.getLogger(__name__)
RETRY_MINUTES = (1, 5, 15, 60)
SHOWN = 20  # of each kind in a digest: the rest is counted, and on the page


class Mail(EmailMessage):
    """``taken_as``: by what name the sending service knows it, where there is one that can be asked."""

    taken_as = ""


@dataclass(frozen=True)
class Owed:
    """What goes in one message, and the key that makes it one however often it is tried."""

    key: str
    notices: list[Notice]

    @property
    def to(self) -> Any:
        return self.notices[0].to

    @property
    def is_digest(self) -> bool:
        return self.notices[0].how == How.DIGEST


def send_owed(*, now: datetime, limit: int = 500) -> int:
    """Send up to ``limit`` messages, one commit each; says how many went. Safe in several workers at once.

    An address that is refused is tried again later and keeps nobody else waiting; a server that does not answer ends
    this round, for everybody else's message would wait for it too.
    """
    sent, passed_over = 0, set[int]()
    pass_on(now=now)
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
        waiting = Notice.objects.to_email(now).exclude(to__in=passed_over)
        first = waiting.order_by("-urgent", "how", "email_after", "pk").first()
        if first is None:
            return None
        owed = _claim(first.to_id, now)
        if owed is None:
            passed_over.add(first.to_id)
            return 0
        mail = _mail(owed)
        try:
            mail.send()
        except OSError as refusal:
            problem = refusal
            _did_not_go(owed, problem, now)
        else:
            _went(owed, mail.taken_as, now)
    if problem is None:
        return 1
    if is_about_one(problem):
        passed_over.add(first.to_id)  # whatever became of it: no round goes on for ever over one address
        return 0
    raise problem


def _claim(user_id: int, now: datetime) -> Owed | None:
    """What cannot wait, or else the whole of a person's digest; nothing while another worker writes to them."""
    if not _hold(user_id):
        return None
    owed = Notice.objects.to_email(now).filter(to=user_id).select_related("to").select_for_update(of=("self",))
    if at_once := owed.filter(how=How.AT_ONCE).order_by("-urgent", "email_after", "pk").first():
        return Owed(f"notice-{at_once.pk}", [at_once])
    key = f"digest-{user_id}-{digest_day(now):%Y%m%d}"
    if Message.objects.filter(key=key).exclude(status=Delivery.TEMPORARY).exists():
        too_late = Notice.objects.to_email(now).filter(to=user_id, how=How.DIGEST)
        too_late.update(email_after=next_digest(now))  # for today's, which has gone: one digest a day
        return None
    notices = list(owed.filter(how=How.DIGEST).order_by("kind", "created_at", "pk"))
    return Owed(key, notices) if notices else None


def _hold(user_id: int) -> bool:
    """One worker at a time writes to a person, so that they get one digest and not several part ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('notices'), %s)", [user_id])
        return cursor.fetchone()[0]


def _went(owed: Owed, taken_as: str, now: datetime) -> None:
    ask_after = now + FIRST_ASKED_AFTER if taken_as else None
    message = _note(owed, Delivery.ACCEPTED, now, taken_as=taken_as, ask_after=ask_after)
    _rows(owed).update(emailed_at=now, message=message)


def _did_not_go(owed: Owed, problem: OSError, now: datetime) -> None:
    """An address that cannot work is left alone from now on; anything else is tried again, less and less often."""
    tries = max(notice.attempts for notice in owed.notices)
    if is_for_good(problem):
        message = _note(owed, Delivery.PERMANENT, now)
        _rows(owed).update(message=message)
        mark_failed(owed.to, owed.to.email, now=now)
    else:
        message = _note(owed, Delivery.TEMPORARY, now)
        later = now + timedelta(minutes=RETRY_MINUTES[min(tries, len(RETRY_MINUTES) - 1)])
        _rows(owed).update(attempts=tries + 1, email_after=later, message=message)


def _rows(owed: Owed) -> Any:
    return Notice.objects.filter(pk__in=[notice.pk for notice in owed.notices])


def _note(owed: Owed, status: Delivery, now: datetime, *, taken_as: str = "", ask_after: Any = None) -> Message:
    facts = {
        "to": owed.to,
        "address": owed.to.email,
        "status": status,
        "status_at": now,
        "taken_as": taken_as,
        "ask_after": ask_after,
        "asked": 0,
    }
    return Message.objects.update_or_create(key=owed.key, defaults=facts)[0]


def _mail(owed: Owed) -> Mail:
    """A message whose identity is its key: sent twice after a crash, it is recognised as the same."""
    count = len(owed.notices)
    subject = owed.notices[0].title
    if owed.is_digest:
        subject = "1 thing in Early Help needs you" if count == 1 else f"{count} things in Early Help need you"
    template = "notices/digest.txt" if owed.is_digest else "notices/email.txt"
    shown = {"subject": subject, "notice": owed.notices[0], "kinds": _by_kind(owed.notices), "site": settings.SITE_URL}
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    return Mail(
        subject,
        render_to_string(template, shown),
        settings.DEFAULT_FROM_EMAIL,
        [owed.to.email],
        headers={"Message-ID": f"<{owed.key}@{domain}>"},
    )


def _by_kind(notices: list[Notice]) -> list[dict[str, Any]]:
    """Each kind with its count, and the places to look: a reference and an address, once each."""
    kinds = []
    for _, group in groupby(notices, key=lambda notice: notice.kind):
        members = list(group)
        places = list(dict.fromkeys((notice.reference, notice.url) for notice in members))
        kinds.append(
            {
                "label": members[0].get_kind_display(),
                "count": len(members),
                "places": places[:SHOWN],
                "more": len(places) - len(places[:SHOWN]),
            }
        )
    return kinds
