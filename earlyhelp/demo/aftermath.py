"""What the past leaves behind: old notices were read and e-mailed in their day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from earlyhelp.notices.models import Notice

FRESH = timedelta(days=4)


def settle_notices(*, now: datetime) -> None:
    """No one is written to today about last year; what is younger than a few days is still unread.

    Reminders ring at the next sweep.
    """
    Notice.objects.filter(email_after__lt=now).update(emailed_at=F("email_after"))
    Notice.objects.filter(created_at__lt=now - FRESH).update(read_at=F("created_at") + timedelta(hours=5))
