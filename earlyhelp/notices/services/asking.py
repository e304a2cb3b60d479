"""Ask the sending service what became of messages and letters, where there is one that can be asked: GOV.UK Notify."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.db import transaction

from earlyhelp.notices.enums import Delivery, How
from earlyhelp.notices.models import Letter, Message, Notice
from earlyhelp.notices.services.delivery import FIRST_ASKED_AFTER, mark_failed
from earlyhelp.notices.services.letters import tell_of_failure
from earlyhelp.notices.services.telling import next_digest

log = logging.getLogger(__name__)
ASKED_EVERY = timedelta(hours=12)
ASKED_FOR = timedelta(days=8)  # Notify tries for three days and forgets after seven
SENT_AGAIN_AFTER = timedelta(hours=1)
CAME_BACK = {Delivery.PERMANENT, Delivery.TEMPORARY}


def ask(*, now: datetime, limit: int = 500) -> int:
    """Ask about up to ``limit``, one commit each; says about how many. Letters first: somebody waits for each of them.

    A mail server cannot be asked. A service that does not answer ends the round: it is asked again next time.
    """
    post, asked = get_connection(), 0
    if not hasattr(post, "what_became_of"):
        return 0
    try:
        for due, learn in ((Letter.objects, _learn_of_letter), (Message.objects, _learn_of_message)):
            while asked < limit and _ask_next(due.to_ask_about(now), learn, post, now):
                asked += 1
    except OSError as problem:
        log.warning("Nothing could be learnt of messages (%s); it is asked again.", type(problem).__name__)
    return asked


@transaction.atomic
def _ask_next(due: Any, learn: Callable[[Any, Delivery, datetime], None], post: Any, now: datetime) -> bool:
    row = due.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return False
    became = post.what_became_of(row.taken_as)
    if became is None:
        _ask_later(row, now)
    else:
        learn(row, became, now)
    return True


def _ask_later(row: Message | Letter, now: datetime) -> None:
    """Less and less often, until the service itself has forgotten it."""
    row.asked += 1
    wait = min(FIRST_ASKED_AFTER * 2**row.asked, ASKED_EVERY)
    row.ask_after = now + wait if now - row.status_at < ASKED_FOR else None
    row.save(update_fields=["asked", "ask_after"])


def _learn_of_message(message: Message, became: Delivery, now: datetime) -> None:
    message.status, message.status_at, message.ask_after = became, now, None
    message.save(update_fields=["status", "status_at", "ask_after"])
    if became == Delivery.PERMANENT and message.address == message.to.email:
        mark_failed(message.to, message.address, now=now)
    if became in CAME_BACK:
        unread = Notice.objects.unread().filter(message=message)
        unread.filter(how=How.AT_ONCE).update(emailed_at=None, email_after=now + SENT_AGAIN_AFTER)
        unread.filter(how=How.DIGEST).update(emailed_at=None, email_after=next_digest(now))


def _learn_of_letter(letter: Letter, became: Delivery, now: datetime) -> None:
    """Its text was not kept, so that it cannot be sent again from here: whoever answers for it hears, and does."""
    letter.status = Delivery.LOST if became == Delivery.TEMPORARY else became
    letter.ask_after = None
    letter.save(update_fields=["status", "ask_after"])
    if became in CAME_BACK:
        tell_of_failure(letter, now)
