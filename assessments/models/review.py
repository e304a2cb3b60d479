"""A review of the plan, with a decision. Written once and never altered (domain.md 6.8)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.access import OF_THE_CASE
from assessments.enums import ReviewDecision, Risk
from assessments.models.plan import PlanAction
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked


class ReviewQuerySet(ScopedQuerySet["Review"]):
    rules = OF_THE_CASE

    def newest_first(self) -> ReviewQuerySet:
        return self.order_by("-held_on", "-pk")


@tracked()
class Review(models.Model):
    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    held_on = models.DateField()
    risk = models.CharField(max_length=20, choices=Risk)
    decision = models.CharField(max_length=20, choices=ReviewDecision)
    summary = models.TextField()
    no_reading_reason = models.TextField("why no reading was taken", blank=True)
    continue_reason = models.TextField("why to carry on when nothing has moved", blank=True)
    blockage = models.TextField("what stops the plan, raised as a blockage", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="review_says_what_was_found", condition=~Q(summary=""))]
        indexes = [models.Index(fields=["case", "-held_on", "-id"], name="review_of_case")]

    def __str__(self) -> str:
        return f"Review of {self.case}, {self.held_on:%-d %B %Y}"


@tracked()
class ActionProgress(models.Model):
    """How one action stood at one review."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="progress")
    action = models.ForeignKey(PlanAction, models.PROTECT, related_name="progress")
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint("review", "action", name="progress_once_a_review")]

    def __str__(self) -> str:
        return f"Progress {self.pk}"
