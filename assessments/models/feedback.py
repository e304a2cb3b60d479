"""What people say of a service, or of early help itself, in their own words (domain.md 4, system 37, and 17, story 8).

Whether it helped, if they want to say so; whether they may be quoted; and, where something should be better, what was done.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from assessments import access
from assessments.enums import ASKS_FOR_ANSWER, DidItHelp, FeedbackKind, FeedbackStatus, Quoting, SaidBy, SaidWhen
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.directory.models import Service
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.models import Versioned

ASKS = Q(kind__in=[kind.value for kind in ASKS_FOR_ANSWER])


class FeedbackQuerySet(ScopedQuerySet["Feedback"]):
    rules = access.FEEDBACK_RULES

    def observations(self) -> FeedbackQuerySet:
        """What professionals have noticed: no measure, and never counted among what people say."""
        return self.filter(said_by=SaidBy.PROFESSIONAL)

    def own_words(self) -> FeedbackQuerySet:
        return self.exclude(said_by=SaidBy.PROFESSIONAL)

    def asking(self) -> FeedbackQuerySet:
        """Complaints and suggestions."""
        return self.filter(ASKS)

    def waiting(self) -> FeedbackQuerySet:
        return self.filter(status=FeedbackStatus.OPEN)

    def with_due(self) -> FeedbackQuerySet:
        """Bring by when an answer is owed; nothing where none is, or it was given."""
        owed = FeedbackDeadline.objects.open().filter(owner=OuterRef("pk"))
        return self.annotate(due_at=Subquery(owed.values("due_at")[:1]))

    def newest_first(self) -> FeedbackQuerySet:
        return self.order_by("-said_on", "-pk")


@tracked()
class Feedback(Versioned):
    """No record of a person or a family stands beside it: who may be named is named as they wish, and nobody else is."""

    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="feedback", help_text="None: early help itself."
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=20, choices=FeedbackStatus, default=FeedbackStatus.HEARD, editable=False)
    kind = models.CharField("what it is", max_length=20, choices=FeedbackKind, blank=True)
    said_by = models.CharField(max_length=20, choices=SaidBy)
    said_on = models.DateField()
    said_when = models.CharField(max_length=20, choices=SaidWhen, blank=True)
    words = models.TextField(max_length=2000)
    rating = models.PositiveSmallIntegerField("did it help", choices=DidItHelp, null=True, blank=True)
    quoting = models.CharField("may they be quoted", max_length=20, choices=Quoting)
    quoted_as = models.CharField("the name that they give", max_length=80, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    answer = models.TextField("what was done", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="feedback_says_something", condition=~Q(words="")),
            models.CheckConstraint(
                name="feedback_named_where_allowed",
                condition=Q(quoting="named") & ~Q(quoted_as="") | ~Q(quoting="named") & Q(quoted_as=""),
            ),
            models.CheckConstraint(
                name="feedback_observed_is_no_measure", condition=~Q(said_by="professional") | Q(kind="", rating=None)
            ),
            models.CheckConstraint(
                name="feedback_rated_one_to_five", condition=Q(rating=None) | Q(rating__range=(1, 5))
            ),
            models.CheckConstraint(
                name="feedback_answer_is_owed_where_asked",
                condition=ASKS & ~Q(status="heard") & Q(area__isnull=False) | ~ASKS & Q(status="heard"),
            ),
            models.CheckConstraint(
                name="feedback_answered_says_what",
                condition=Q(status="answered", answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")
                | ~Q(status="answered") & Q(answer="", answered_by=None, answered_at=None),
            ),
            models.CheckConstraint(
                name="feedback_of_a_case_is_of_early_help", condition=Q(said_when="") | Q(service=None)
            ),
        ]
        indexes = [
            models.Index(fields=["-said_on", "-id"], name="feedback_quotable", condition=~Q(quoting="no")),
            models.Index(fields=["recorded_by", "-said_on", "-id"], name="feedback_of_author"),
            models.Index(fields=["area", "status"], name="feedback_asking", condition=~Q(status="heard")),
        ]

    def __str__(self) -> str:
        return f"Feedback {self.pk}"  # never who said it: this string reaches logs

    @property
    def is_observation(self) -> bool:
        return self.said_by == SaidBy.PROFESSIONAL

    @property
    def whose(self) -> str:
        """Whose words they are, as far as may be said."""
        return self.quoted_as or self.get_said_by_display()

    @property
    def of(self) -> str:
        """Of what it speaks."""
        return self.service.name if self.service else "Early help"

    # What a promise asks of its owner.

    @property
    def reference(self) -> str:
        return str(self)

    def get_absolute_url(self) -> str:
        return reverse("feedback:answer", args=[self.pk])


class FeedbackDeadlineQuerySet(DeadlineQuerySet["FeedbackDeadline"]):
    rules = Through("owner")


class FeedbackDeadline(Deadline):
    # Nobody of a hub answers for a service: those who manage early help do.
    ESCALATES_TO: ClassVar[tuple[Role, Role]] = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)

    RESTRICTED = Q(owner__isnull=True)  # none: nothing leads from it to a family

    owner = models.ForeignKey(Feedback, models.PROTECT, related_name="deadlines")

    objects = FeedbackDeadlineQuerySet.as_manager()
