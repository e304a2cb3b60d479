"""Words that must not stand in a record any longer: somebody asked, and the governance lead decided (promise P2)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.sealing import SealedField, seal, unseal
from earlyhelp.families.models import Family
from earlyhelp.records import access
from earlyhelp.records.enums import BlankingStatus
from earlyhelp.workflow.models import Versioned

WHO = settings.AUTH_USER_MODEL


class BlankingQuerySet(ScopedQuerySet["Blanking"]):
    rules = access.BLANKING_RULES

    def open(self) -> BlankingQuerySet:
        return self.filter(status=BlankingStatus.ASKED)


class Blanking(Versioned):
    """The words are sealed until it is decided, and kept nowhere afterwards. Each step is an event; none says what they were."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="blankings")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    sealed = SealedField(null=True, editable=False)
    gives_away = models.BooleanField("an address that is kept secret here is among the words", default=False)
    why = models.CharField(max_length=500)
    status = models.CharField(max_length=10, choices=BlankingStatus, default=BlankingStatus.ASKED, editable=False)
    asked_by = models.ForeignKey(WHO, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(WHO, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    places = models.JSONField(default=dict, blank=True, help_text="In which kind of row how often: numbers alone.")
    received = models.JSONField(default=list, blank=True, help_text="Who had been given the words by then.")

    objects = BlankingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="blanking_takes_two",
                condition=Q(status="asked", decided_by=None)
                | ~Q(status="asked") & Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")) & ~Q(note=""),
            ),
            models.CheckConstraint(
                name="blanking_keeps_no_words",
                condition=Q(status="asked", sealed__isnull=False) | ~Q(status="asked") & Q(sealed=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Words to take out {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("records:blankings")

    @property
    def words(self) -> str:
        return unseal(self.sealed or b"", bound_to=self.binding)

    def keep_words(self, words: str) -> None:
        self.sealed = seal(words, bound_to=self.binding)

    @property
    def binding(self) -> str:
        return f"records.blanking:{self.key}"
