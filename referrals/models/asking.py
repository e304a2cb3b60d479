from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from earlyhelp.core import sealing
from referrals.models.referral import Referral

Typed = dict[str, dict[str, list[str]]]  # by screen, then as a browser sends it

OPEN_FOR = timedelta(minutes=30)  # in the same browser; after that the date of birth is asked
KEPT_FOR = timedelta(days=30)


class HelpDraftQuerySet(models.QuerySet["HelpDraft"]):
    def stale(self, now: datetime) -> HelpDraftQuerySet:
        return self.filter(saved_at__lt=now - KEPT_FOR)


class HelpDraft(models.Model):
    """What a family has typed into the public form, sealed, until it is sent; then only where it led.

    Found by the digest of a code that nobody but its writer holds: a draft is looked for by no name and by no number.
    """

    digest = models.CharField(max_length=64, unique=True)
    browser = models.CharField(max_length=64, help_text="Digest of what the browser holds in which it is open.")
    sealed = sealing.SealedField(blank=True)
    opened_at = models.DateTimeField(null=True, help_text="When its writer first saw the form, where that is certain.")
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    open_until = models.DateTimeField(help_text="In that browser; after it the date of birth is asked.")
    neighbours = models.PositiveIntegerField(default=0, help_text="How many were begun from there within the hour.")
    referral = models.OneToOneField(Referral, models.PROTECT, null=True, related_name="asked_by")

    objects = HelpDraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("saved_at", name="help_draft_saved")]
        constraints = [
            models.CheckConstraint(name="help_draft_emptied_when_sent", condition=Q(referral=None) | Q(sealed=b""))
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"  # never of whom: this string reaches logs

    def open(self) -> Typed:
        """What was typed; nothing if it was sent, or can no longer be opened."""
        try:
            return json.loads(sealing.unseal(self.sealed, bound_to=self.binding)) if self.sealed else {}
        except sealing.Unsealable:
            return {}

    def close(self, typed: Typed) -> None:
        self.sealed = sealing.seal(json.dumps(typed), bound_to=self.binding)

    @property
    def binding(self) -> str:
        return f"asking:{self.digest}"

    def is_open(self, now: datetime) -> bool:
        return now < self.open_until
