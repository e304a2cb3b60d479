"""The outbox. A notice on the page *is* the row; its e-mail is a second stage that can wait for a broker or a mail server.

No notice carries a name, a reason or a fact of a case: a few words, a reference and a link (domain.md 7).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.partnership.scope import scope_part


class Kind(models.TextChoices):
    REMINDER = "reminder", "Reminder"
    REQUEST = "request", "Something is asked of you"
    DECISION = "decision", "A decision was made"
    HANDOVER = "handover", "Hand-over to social care"
    NEWS = "news", "For your information"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def to_email(self, now) -> NoticeQuerySet:
        """Owed by e-mail, and not read on the page meanwhile."""
        return self.unread().filter(emailed_at=None, email_after__lte=now, to__is_active=True).exclude(to__email="")


class Notice(models.Model):
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=120)
    reference = models.CharField(max_length=40, blank=True)
    url = models.CharField(max_length=200)
    key = models.CharField(max_length=120, help_text="What this tells of: told to each person once.")
    urgent = models.BooleanField(default=False, help_text="E-mailed at once instead of in the daily digest.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    email_after = models.DateTimeField()
    emailed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("key", "to", name="notice_once")]
        indexes = [
            models.Index("email_after", "id", name="notice_to_email", condition=Q(emailed_at=None, read_at=None)),
            models.Index(fields=["to", "-created_at", "-id"], name="notice_of_person"),
            models.Index("to", name="notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.reference}".strip()


class Heartbeat(models.Model):
    """When scheduled work last ran. If the machinery stops, it is seen here and people are told (promise P9)."""

    SCHEDULER = "scheduler"

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


@scope_part("unread")
def _unread() -> models.Subquery:
    mine = Notice.objects.unread().filter(to=models.OuterRef("pk")).order_by().values("to")
    return models.Subquery(mine.annotate(n=models.Count("pk")).values("n"))
