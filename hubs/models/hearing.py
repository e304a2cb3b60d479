"""Which family a meeting is hearing, since when, and how long it took."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from hubs.models.agenda import AgendaItem
from hubs.models.meeting import HubMeeting


class Hearing(models.Model):
    """The time a meeting gave to one family: from when it was called until the next one was. One at a time."""

    meeting = models.ForeignKey(HubMeeting, models.PROTECT, related_name="hearings")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="hearings")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("meeting", name="hearing_one_at_a_time", condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="hearing_ends_after_it_begins", condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at"))
            ),
        ]
        indexes = [models.Index("item", "began_at", name="hearing_item")]

    def __str__(self) -> str:
        return f"Hearing of {self.item}"

    def took(self, now: datetime) -> timedelta:
        return (self.ended_at or now) - self.began_at
