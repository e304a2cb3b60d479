"""What became of a message is kept for as long as somebody may ask, and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from earlyhelp.notices.models import Message, Notice

AT_ONCE = 10_000  # of them in one go: the next run takes the rest


def prune(*, now: datetime) -> int:
    """Throw away messages of long ago; says how many. One whose notices are still owed stays: it keeps them from going twice."""
    owed = Notice.objects.filter(message=OuterRef("pk"), emailed_at=None)
    before = now - timedelta(days=settings.MESSAGES_KEPT_DAYS)
    old = Message.objects.filter(~Exists(owed), status_at__lt=before, ask_after=None).order_by("pk")
    return (
        Message.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE]))
        .delete()[1]
        .get(Message._meta.label, 0)
    )
