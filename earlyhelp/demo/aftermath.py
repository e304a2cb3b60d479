"""What the past leaves behind: old notices were read and e-mailed in their day; a few people have made choices since."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from earlyhelp.audit import seals
from earlyhelp.notices.enums import Delivery, How, Kind
from earlyhelp.notices.models import Letter, Notice
from earlyhelp.notices.services import choose
from earlyhelp.notices.services.delivery import mark_failed
from earlyhelp.notices.services.letters import tell_of_failure
from earlyhelp.partnership.models import User
from earlyhelp.records.services import verify_audit

FRESH = timedelta(days=4)


def settle_log(*, now: datetime) -> None:
    """What the past wrote down is sealed, and was looked at in the night."""
    seals.seal(now=now)
    verify_audit(now=now, whole=True)


def settle_notices(*, now: datetime) -> None:
    """No one is written to today about last year; what is younger than a few days is still unread.

    Reminders ring at the next sweep.
    """
    Notice.objects.filter(email_after__lt=now).update(emailed_at=F("email_after"))
    Notice.objects.filter(created_at__lt=now - FRESH).update(read_at=F("created_at") + timedelta(hours=5))


def settle_letters(*, now: datetime) -> None:
    """What services were written long ago went in its day; the latest to the shed came back, as its sender heard."""
    old = Letter.objects.owed().filter(created_at__lt=now - FRESH)
    old.update(sent_at=F("created_at"), status=Delivery.ACCEPTED, sealed=b"")
    Letter.objects.filter(sent_at__isnull=False, address__startswith="age@").update(status=Delivery.DELIVERED)
    came_back = Letter.objects.filter(address__startswith="sheds@").latest("pk")
    at = came_back.created_at + timedelta(hours=1)
    came_back.status, came_back.sealed, came_back.failed_at, came_back.sent_at = Delivery.PERMANENT, b"", at, None
    came_back.save()
    tell_of_failure(came_back, at)


def settle_addresses(*, now: datetime) -> None:
    """Sam wants decisions at once and no news by e-mail; messages to Leila come back, as her manager was told yesterday."""
    sam, leila = User.objects.get(username="sam"), User.objects.get(username="leila")
    choose(sam, hows={Kind.DECISION: How.AT_ONCE, Kind.NEWS: How.PAGE})
    mark_failed(leila, leila.email, now=now - timedelta(days=1))
