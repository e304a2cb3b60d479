"""What agencies agreed with each other before any of their people may sign in, and why the authority may hold data at all."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing import access
from earlyhelp.sharing.enums import Data, EndedBecause, Purpose
from earlyhelp.workflow.models import Versioned


class SharingAgreementQuerySet(ScopedQuerySet["SharingAgreement"]):
    rules = access.AGREEMENT_RULES

    def in_force(self) -> SharingAgreementQuerySet:
        """Neither ended early nor followed by another version; perhaps run out since."""
        return self.filter(ended_at=None, next=None)

    def live(self, on: date) -> SharingAgreementQuerySet:
        return self.in_force().filter(start_on__lte=on, end_on__gte=on)


@tracked()
class SharingAgreement(models.Model):
    """The overarching agreement of major agencies (domain.md R16).

    It is never edited, but for the day on which it is looked at next: a new version follows it.
    """

    title = models.CharField(max_length=120)
    number = models.PositiveSmallIntegerField("version", default=1)
    follows = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    parties = models.ManyToManyField(Agency, related_name="agreements")
    purposes = ArrayField(models.CharField(max_length=20, choices=Purpose))
    content = ArrayField(models.CharField(max_length=20, choices=Data))
    basis = models.TextField("the lawful basis that it names")
    start_on = models.DateField()
    review_on = models.DateField()
    end_on = models.DateField()
    signatories = models.TextField("who signed it, for whom")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_because = models.CharField(max_length=20, choices=EndedBecause, blank=True)
    end_note = models.TextField(blank=True)

    objects = SharingAgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sharing_agreement_days_follow",
                condition=Q(start_on__lt=F("end_on"), review_on__gt=F("start_on"), review_on__lte=F("end_on")),
            ),
            models.CheckConstraint(
                name="sharing_agreement_ended_says_why",
                condition=Q(ended_at=None, ended_because="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_because=""),
            ),
            models.CheckConstraint(
                name="sharing_agreement_first_follows_none",
                condition=Q(number=1, follows=None) | Q(number__gt=1, follows__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("sharing:agreement", args=[self.pk])

    @property
    def purposes_in_words(self) -> list[str]:
        return [Purpose(each).label for each in self.purposes]

    @property
    def content_in_words(self) -> list[str]:
        return [Data(each).label for each in self.content]


@tracked()
class ProcessingActivity(Versioned):
    """Why the authority may do one thing with what it knows: configuration, shown to everybody in the privacy notice.

    Practice differs between authorities (domain.md 16), so that each words its own; it is never a box that a person ticks.
    """

    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    why = models.TextField("what we do, and why")
    basis = models.TextField("the lawful basis")
    special_basis = models.TextField("the basis for what the law protects most, such as health", blank=True)
    kept_for = models.TextField("how long it is kept")

    class Meta:
        ordering = ["place", "pk"]
        verbose_name_plural = "processing activities"

    def __str__(self) -> str:
        return self.title
