"""What lies between a person's typing and a record: a draft that cannot be lost, a submission that counts once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models

from earlyhelp.core import sealing


class Versioned(models.Model):
    """A record that people edit: a save against an old version shows both texts and loses neither (promise P10)."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Submission(models.Model):
    """One sending of one form. A double click or a retry finds the first one's answer (promise P11)."""

    token = models.UUIDField(unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True, help_text="Where the first sending led.")

    class Meta:
        indexes = [models.Index("at", name="submission_at")]

    def __str__(self) -> str:
        return str(self.token)


class DraftQuerySet(models.QuerySet["Draft"]):
    def keep(self, user: Any, key: str, typed: Mapping[str, list[str]], *, now: datetime) -> None:
        """Put away what was typed into the form ``key``, sealed to this person."""
        kept = {name: values for name, values in typed.items() if name not in Draft.NEVER_KEPT}
        sealed = sealing.seal(json.dumps(kept), bound_to=Draft.binding(user.pk, key))
        self.update_or_create(user=user, key=key[:200], defaults={"sealed": sealed, "saved_at": now})

    def take(self, user: Any, key: str) -> dict[str, list[str]] | None:
        """What this person had typed into the form ``key``; none if nothing, or if it can no longer be opened."""
        draft = self.filter(user=user, key=key[:200]).first()
        if draft is None:
            return None
        try:
            return json.loads(sealing.unseal(draft.sealed, bound_to=Draft.binding(user.pk, key)))
        except sealing.Unsealable:
            return None

    def discard(self, user: Any, key: str) -> None:
        self.filter(user=user, key=key[:200]).delete()

    def stale(self, now: datetime) -> DraftQuerySet:
        return self.filter(saved_at__lt=now - timedelta(days=30))


class Draft(models.Model):
    """What somebody was typing, on the server and sealed: it survives time-out, log-out, another device, a dead browser."""

    NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "password", "token"})

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=200, help_text="The path of the form.")
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("user", "key", name="draft_once_a_form")]

    def __str__(self) -> str:
        return self.key

    @staticmethod
    def binding(user_id: int, key: str) -> str:
        return f"draft:{user_id}:{key}"
