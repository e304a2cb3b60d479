"""What people say of a service, in their own words, and whether they may be quoted (domain.md 4, system 37, and 17, story 8)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments import access
from assessments.enums import Quoting, SaidBy
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.directory.models import Service
from earlyhelp.workflow.models import Versioned


class FeedbackQuerySet(ScopedQuerySet["Feedback"]):
    rules = access.FEEDBACK_RULES

    def observations(self) -> FeedbackQuerySet:
        """What professionals have noticed: no measure, and never counted among what people say."""
        return self.filter(said_by=SaidBy.PROFESSIONAL)

    def own_words(self) -> FeedbackQuerySet:
        return self.exclude(said_by=SaidBy.PROFESSIONAL)

    def newest_first(self) -> FeedbackQuerySet:
        return self.order_by("-said_on", "-pk")


@tracked()
class Feedback(Versioned):
    """No record of a person or a family stands beside it: who may be named is named as they wish, and nobody else is."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="feedback")
    said_by = models.CharField(max_length=20, choices=SaidBy)
    said_on = models.DateField()
    words = models.TextField(max_length=2000)
    quoting = models.CharField("may they be quoted", max_length=20, choices=Quoting)
    quoted_as = models.CharField("the name that they give", max_length=80, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="feedback_says_something", condition=~Q(words="")),
            models.CheckConstraint(
                name="feedback_named_where_allowed",
                condition=Q(quoting="named") & ~Q(quoted_as="") | ~Q(quoting="named") & Q(quoted_as=""),
            ),
        ]
        indexes = [
            models.Index(fields=["-said_on", "-id"], name="feedback_quotable", condition=~Q(quoting="no")),
            models.Index(fields=["recorded_by", "-said_on", "-id"], name="feedback_of_author"),
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
