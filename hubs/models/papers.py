"""What members read before a meeting, and what each of them wrote beside it for themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from earlyhelp.audit.models import append_only
from earlyhelp.core import sealing
from hubs.models.agenda import AgendaItem
from hubs.models.meeting import HubMeeting


class PackPage(models.Model):
    """What the papers of a meeting say of one family: as it was when they went out, and never altered."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="pages")
    meeting = models.ForeignKey(HubMeeting, models.PROTECT, related_name="pages")
    said = models.JSONField(help_text="The briefs, in their order: see ``queries.papers``.")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="None: the system, by itself."
    )
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("item", "meeting", name="pack_page_once_a_meeting")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.meeting}, {self.item}"


class PackNoteQuerySet(models.QuerySet["PackNote"]):
    def of(self, user: Any, item: AgendaItem) -> str:
        """What this person wrote for themselves beside a family's page; nothing if they wrote none."""
        note = self.filter(user=user, item=item).first()
        return note.text if note else ""


class PackNote(models.Model):
    """Somebody's own note beside a page. Sealed to them, in no minutes and no history, and destroyed with the right to read."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="notes")
    meeting = models.ForeignKey(HubMeeting, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sealed = sealing.SealedField()
    written_at = models.DateTimeField()

    objects = PackNoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("item", "user", name="pack_note_one_each")]

    def __str__(self) -> str:
        return f"note {self.pk}"

    @property
    def text(self) -> str:
        return sealing.unseal(self.sealed, bound_to=self.binding)

    @property
    def binding(self) -> str:
        return f"pack note:{self.user_id}:{self.item_id}"
