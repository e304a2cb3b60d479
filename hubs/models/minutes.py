"""What was found wrong in the minutes of a meeting."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from earlyhelp.audit.models import append_only
from hubs.models.agenda import HubDecision
from hubs.models.meeting import HubMeeting


class MinutesCorrectionQuerySet(models.QuerySet["MinutesCorrection"]):
    def told_to(self, user: Any) -> MinutesCorrectionQuerySet:
        """Less those of a decision about a family of which this person may not hear."""
        heard = HubDecision.objects.for_user(user).values("pk")
        return self.filter(Q(decision=None) | Q(decision__in=heard))


class MinutesCorrection(models.Model):
    """Said at a later meeting, and never altered. It stands beside the minutes, which stay as the decisions wrote them."""

    minutes_of = models.ForeignKey(HubMeeting, models.PROTECT, related_name="corrections")
    said_at = models.ForeignKey(
        HubMeeting, models.PROTECT, related_name="+", help_text="The meeting that found it wrong."
    )
    decision = models.ForeignKey(HubDecision, models.PROTECT, null=True, blank=True, related_name="corrections")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = MinutesCorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="minutes_correction_says_what", condition=~Q(text="")),
            models.CheckConstraint(name="minutes_corrected_later", condition=~Q(minutes_of=F("said_at"))),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Correction {self.pk}"
