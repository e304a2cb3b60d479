"""What somebody wrote down by mistake is struck out and kept: nothing is deleted (domain.md 16)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


def error_is_whole(name: str) -> models.CheckConstraint:
    """Entered in error: by whom, when and why, or not at all. The row stays (domain.md 16)."""
    none = Q(error_at=None, error_by=None, error_reason="")
    every = Q(error_at__isnull=False, error_by__isnull=False) & ~Q(error_reason="")
    return models.CheckConstraint(name=name, condition=none | every)


class EnteredInError(models.Model):
    """What somebody wrote down by mistake is kept, with who said so and why; pages leave it out."""

    error_at = models.DateTimeField("when it was marked as entered in error", null=True, blank=True, editable=False)
    error_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    error_reason = models.TextField("why it was entered in error", blank=True, editable=False)

    class Meta:
        abstract = True
