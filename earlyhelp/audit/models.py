"""Who changed and who looked. Rows are added and never altered; the database refuses anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models


def append_only() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
        ),
    ]


class Event(models.Model):
    """What happened, who did it, when and why. No foreign key into the record it speaks of: it outlives it."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # none: the system
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    was = models.CharField(max_length=40, blank=True)
    became = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index("subject", "subject_id", "at", name="event_trail")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}/{self.subject_id}"


class Access(models.Model):
    """One record was shown to one person. Written before it is shown; if it cannot be written, it is not shown.

    The table is partitioned by month (see the first migration), so that years of reading stay quick to keep and to drop.
    """

    at = models.DateTimeField()
    # none: somebody without an account, who came by a link; then ``purpose`` says by which
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+")
    subject = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    page = models.CharField(max_length=200)
    request_id = models.UUIDField()
    purpose = models.CharField(max_length=200, blank=True)

    class Meta:
        managed = False
        db_table = "audit_access"

    def __str__(self) -> str:
        return f"{self.actor_id or self.purpose} saw {self.subject}/{self.subject_id}"


def record(
    kind: str,
    subject: models.Model,
    *,
    by: Any,
    at: datetime,
    was: str = "",
    became: str = "",
    reason: str = "",
    **facts: Any,
) -> Event:
    """Add one event to the trail of ``subject``. ``by`` is none only for the system itself."""
    return Event.objects.create(
        kind=kind,
        subject=subject._meta.label_lower,
        subject_id=subject.pk,
        actor=by,
        at=at,
        was=was,
        became=became,
        reason=reason,
        facts=facts,
    )
