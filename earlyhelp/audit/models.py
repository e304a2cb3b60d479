"""Who changed and who looked. Rows are added and never altered; the database refuses anything else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models


def append_only(*, but: Iterable[str] = ()) -> list[pgtrigger.Trigger]:
    """Rows are added and never altered. ``but``: columns that name somebody, and follow when two records are found to be one."""
    return [
        *_unaltered(list(but)),
        pgtrigger.Trigger(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
        ),
    ]


def _unaltered(but: list[str]) -> list[pgtrigger.Trigger]:
    if not but:
        return [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
    altered = pgtrigger.AnyChange(exclude=but)
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update, condition=altered),
        pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
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


class Log(models.TextChoices):
    """The two logs whose rows are sealed."""

    EVENT = "event", "What was done"
    ACCESS = "access", "Who has looked"


class Seal(models.Model):
    """The rows of one log from one id to another, as they stood when they were sealed, chained to the seal before.

    A row altered, taken out or put in afterwards no longer fits its seal; a seal altered no longer fits its own hash, nor
    the seals after it. See ``audit.seals``.
    """

    number = models.PositiveBigIntegerField(unique=True)  # one after the other, over both logs
    log = models.CharField(max_length=10, choices=Log)
    from_id = models.BigIntegerField()
    to_id = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # of the rows
    previous = models.CharField(max_length=64, blank=True)  # the hash of the seal before
    hash = models.CharField(max_length=64)  # of all of the above
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                name="seal_of_something", condition=models.Q(rows__gt=0, to_id__gte=models.F("from_id"))
            )
        ]

    def __str__(self) -> str:
        return f"seal {self.number}"


class Erasure(models.Model):
    """The texts of one event were taken out with the record they spoke of; their digest stays, so that its seal still fits.

    Who did what, when and to which number is not erased.
    """

    event_id = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)
    because = models.CharField(max_length=80, help_text="Which decision it was.")
    at = models.DateTimeField()

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"texts of event {self.event_id}"


class Verification(models.Model):
    """One look at whether the logs fit their seals, and what was found."""

    at = models.DateTimeField()
    whole = models.BooleanField()  # every seal, and not those of the last days alone
    seals = models.PositiveBigIntegerField()
    faults = models.PositiveIntegerField()
    first_fault = models.CharField(max_length=200, blank=True)
    head = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-at"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.faults} faults in {self.seals} seals"


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
