"""A lead professional's request for more, or for less (domain.md 6.7, 8)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from earlyhelp.cases.enums import Tier
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import DOUBTS, LIVE_STEP, Agreement, StepStatus


class StepQuerySet(ScopedQuerySet["StepRequest"]):
    rules = access.STEP_RULES

    def live(self) -> StepQuerySet:
        return self.filter(status__in=LIVE_STEP)


@tracked()
class StepRequest(Versioned):
    case = models.ForeignKey(Case, models.PROTECT, related_name="step_requests")
    from_tier = models.PositiveSmallIntegerField(choices=Tier)
    to_tier = models.PositiveSmallIntegerField(choices=Tier)
    what_changed = models.TextField("what has changed since the last review")
    tried = models.TextField("what has been tried, and the readings")
    views = models.TextField("what the children and the parents say")
    agreement = models.CharField("does the family agree", max_length=20, choices=Agreement)
    agreement_note = models.TextField("what they said, or why they were not asked")
    risk_if_nothing = models.TextField("the risk if nothing changes")
    wanted = models.TextField("what exactly is wanted")
    receiving = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    handover_note = models.TextField("what whoever leads next needs to know first", blank=True)
    joint_visit = models.CharField("when both visit together, or why not", max_length=200, blank=True)
    taker = models.TextField("who carries on each remaining action", blank=True)
    contingency = models.TextField("what the family does if it gets hard again", blank=True)
    status = models.CharField(max_length=20, choices=StepStatus, default=StepStatus.SUBMITTED, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    new_lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    enacted_at = models.DateTimeField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "case", name="step_one_undecided", condition=Q(status__in=("submitted", "with_hub"))
            ),
            models.CheckConstraint(name="step_goes_somewhere", condition=~Q(from_tier=F("to_tier"))),
            models.CheckConstraint(
                name="step_below_2_names_taker", condition=Q(to_tier__gte=2) | (~Q(taker="") & ~Q(contingency=""))
            ),
            models.CheckConstraint(
                name="step_decided_says_when",
                condition=~Q(status__in=("approved", "enacted", "declined")) | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="step_enacted_says_when", condition=~Q(status="enacted") | Q(enacted_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index("case", "status", name="step_case"),
            models.Index("decided_at", name="step_approved", condition=Q(status="approved")),
        ]

    def __str__(self) -> str:
        return f"Step request {self.pk}"

    @property
    def is_up(self) -> bool:
        return self.to_tier > self.from_tier

    @property
    def doubt(self) -> str:
        """What the hub hears before anything else, where the family did not say yes (domain.md 8.2)."""
        return DOUBTS.get(Agreement(self.agreement), "")

    @property
    def closes(self) -> bool:
        """A step below tier 2 is enacted by closing the case (domain.md T1)."""
        return self.to_tier < Tier.TARGETED
