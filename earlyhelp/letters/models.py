"""A letter is written from a template, and kept as it was sent.

Neither is ever altered. A template that is written anew is a new version, and each letter says from which it came.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from earlyhelp.audit.models import append_only
from earlyhelp.core.words import within
from earlyhelp.letters.enums import How, Kind, Reader


class LetterTemplate(models.Model):
    """One version of what is written to one kind of reader about one decision. The newest is in force."""

    kind = models.CharField(max_length=40, choices=Kind)
    reader = models.CharField(max_length=20, choices=Reader)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=120)
    body = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: the text that came with the product.",
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", "reader", "version", name="letter_template_version_once"),
            models.CheckConstraint(name="letter_template_says_something", condition=~Q(subject="") & ~Q(body="")),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, to {within(self.get_reader_display())}, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("letters:template", args=[self.kind, self.reader])


class Letter(models.Model):
    """The words as they were sent. Each app that writes letters has a table of its own, so that ``owner`` is a real key."""

    reader = models.CharField(max_length=20, choices=Reader)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField("how it is sent", max_length=20, choices=How)
    subject = models.CharField(max_length=120)
    body = models.TextField()
    template = models.ForeignKey(LetterTemplate, models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Nobody: it was written by itself, in the moment in which what it tells of was done.",
    )
    at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_says_something", condition=~Q(subject="") & ~Q(body="")),
            models.CheckConstraint(
                name="%(class)s_read_here_by_somebody", condition=~Q(how=How.STATUS_PAGE) | Q(to__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Letter {self.pk}"  # never what it says: this string reaches logs
