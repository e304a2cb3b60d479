"""The early help assessment: one growing record of the whole family, in versions that are never rewritten (domain.md 6.6)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.access import OF_THE_CASE
from assessments.enums import STANDING, WRITABLE, AssessmentStatus, HasCopy, Reading
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.directory.models import Need
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.workflow.models import Versioned


class AssessmentQuerySet(ScopedQuerySet["Assessment"]):
    rules = OF_THE_CASE

    def being_written(self) -> AssessmentQuerySet:
        return self.filter(status__in=WRITABLE)

    def standing(self) -> AssessmentQuerySet:
        """The one that counts now: completed, and not replaced."""
        return self.filter(status__in=STANDING)

    def newest_first(self) -> AssessmentQuerySet:
        return self.order_by("-version_number")


@tracked()
class Assessment(Versioned):
    """What is going well, what the worries are and what needs to change, written with the family."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    version_number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, choices=AssessmentStatus, default=AssessmentStatus.DRAFT, editable=False)
    household_listed = models.BooleanField("everybody in the household is listed", null=True, blank=True)
    going_well = models.TextField("what is going well", blank=True)
    worried_about = models.TextField("what we are worried about", blank=True)
    needs_to_change = models.TextField("what needs to change", blank=True)
    parents_views = models.TextField("what the parents or carers say", blank=True)
    level_of_need = models.PositiveSmallIntegerField(choices=LevelOfNeed, null=True, blank=True)
    level_reason = models.TextField("why this level of need", blank=True)
    family_has_copy = models.CharField("the family has a copy", max_length=10, choices=HasCopy, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "version_number", name="assessment_version_once"),
            models.UniqueConstraint("case", name="assessment_one_open", condition=Q(status__in=WRITABLE)),
            models.UniqueConstraint("case", name="assessment_one_standing", condition=Q(status__in=STANDING)),
            models.CheckConstraint(
                name="assessment_completed_is_whole",
                condition=~Q(status__in=STANDING)
                | Q(completed_at__isnull=False, level_of_need__isnull=False)
                & ~Q(level_reason="")
                & ~Q(family_has_copy=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Assessment {self.version_number} of {self.case}"

    @property
    def is_being_written(self) -> bool:
        return self.status in WRITABLE


class HeadingNoteQuerySet(ScopedQuerySet["HeadingNote"]):
    def needs(self) -> HeadingNoteQuerySet:
        return self.filter(is_need=True)


@tracked()
class HeadingNote(Versioned):
    """One heading of an assessment. Either it is a need, said in full, or it was looked at and is none."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="notes")
    heading = models.CharField(max_length=20, choices=Need)
    strengths = models.TextField("what is going well", blank=True)
    worries = models.TextField("what we are worried about", blank=True)
    needs_to_change = models.TextField("what needs to change", blank=True)
    is_need = models.BooleanField(null=True, blank=True, help_text="Empty: not decided. No: no need identified.")
    reading = models.PositiveSmallIntegerField(choices=Reading, null=True, blank=True)

    objects = HeadingNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("assessment", "heading", name="heading_note_once"),
            models.CheckConstraint(name="heading_reading_0_to_4", condition=Q(reading=None) | Q(reading__range=(0, 4))),
        ]

    def __str__(self) -> str:
        return f"{self.get_heading_display()}, {self.assessment}"

    @property
    def is_complete(self) -> bool:
        said = self.strengths and self.worries and self.needs_to_change and self.reading is not None
        return self.is_need is False or bool(self.is_need and said)

    @property
    def is_begun(self) -> bool:
        return self.is_need is not None or bool(self.strengths or self.worries or self.needs_to_change)


@tracked()
class ProgrammeEnrolment(models.Model):
    """The family may count for the Supporting Families programme or its successor: a flag, never money (domain.md 10)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="programme")
    flagged_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case} in the programme"
