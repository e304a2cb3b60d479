"""What is taken at an assessment and again at each review: the children's own voices, and readings of how it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.access import OF_THE_CASE
from assessments.enums import Reading, VoiceHow
from assessments.models.assessment import Assessment
from assessments.models.review import Review
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.directory.models import Need
from earlyhelp.families.models import Person
from earlyhelp.workflow.models import Versioned

AT_ONE = Q(assessment__isnull=False, review=None) | Q(assessment=None, review__isnull=False)


@tracked()
class Voice(Versioned):
    """What one child says, as the child says it; or why the child could not be heard (rule 3 of domain.md 1)."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="voices")
    review = models.ForeignKey(Review, models.PROTECT, null=True, blank=True, related_name="voices")
    child = models.ForeignKey(Person, models.PROTECT, related_name="voices")
    how = models.CharField(max_length=20, choices=VoiceHow, blank=True)
    words = models.TextField(blank=True)
    why_not = models.TextField("why the child was not heard", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="voice_at_one", condition=AT_ONE),
            models.CheckConstraint(
                name="voice_or_why_not",
                condition=Q(how="", words="") & ~Q(why_not="") | ~Q(how="") & ~Q(words="") & Q(why_not=""),
                violation_error_message="Write down what the child said or showed, or why the child was not heard.",
            ),
            models.UniqueConstraint("assessment", "child", name="voice_once_an_assessment"),
            models.UniqueConstraint("review", "child", name="voice_once_a_review"),
        ]

    def __str__(self) -> str:
        return f"Voice {self.pk}"  # never the child's name: this string reaches logs


class OutcomeReadingQuerySet(ScopedQuerySet["OutcomeReading"]):
    rules = OF_THE_CASE

    def in_order(self) -> OutcomeReadingQuerySet:
        return self.order_by("taken_on", "pk")


@tracked()
class OutcomeReading(models.Model):
    """How it is under one heading on one day, 0 to 4. Counted by heading and never averaged (domain.md 10)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="readings")
    heading = models.CharField(max_length=20, choices=Need)
    value = models.PositiveSmallIntegerField(choices=Reading)
    taken_on = models.DateField()
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="readings")
    review = models.ForeignKey(Review, models.PROTECT, null=True, blank=True, related_name="readings")

    objects = OutcomeReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="reading_0_to_4", condition=Q(value__range=(0, 4))),
            models.CheckConstraint(name="reading_at_one", condition=AT_ONE),
            models.UniqueConstraint("assessment", "heading", name="reading_once_an_assessment"),
            models.UniqueConstraint("review", "heading", name="reading_once_a_review"),
        ]
        indexes = [models.Index("case", "taken_on", "id", name="reading_of_case")]

    def __str__(self) -> str:
        return f"{self.get_heading_display()}: {self.value} on {self.taken_on}"
