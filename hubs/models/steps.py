"""A lead professional's request for more, or for less (domain.md 6.7, 8)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.urls import reverse

from earlyhelp.cases.enums import Tier
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.partnership.scope import scope_part
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import DOUBTS, LIVE_STEP, UNDECIDED_STEP, Agreement, Readiness, StepStatus


class StepQuerySet(ScopedQuerySet["StepRequest"]):
    rules = access.STEP_RULES

    def live(self) -> StepQuerySet:
        return self.filter(status__in=LIVE_STEP)

    def undecided(self) -> StepQuerySet:
        return self.filter(status__in=UNDECIDED_STEP)


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
    urgent_why = models.TextField("why it cannot wait for the meeting", blank=True)
    receiving = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="steps_to_receive"
    )
    receiving_says = models.CharField(max_length=3, choices=Readiness, blank=True, editable=False)
    receiving_said_at = models.DateTimeField(null=True, blank=True, editable=False)
    handover_note = models.TextField("what whoever leads next needs to know first", blank=True)
    joint_visit = models.CharField("when both visit together, or why not", max_length=200, blank=True)
    taker = models.TextField("who carries on each remaining action", blank=True)
    takers_agree = models.BooleanField("each of those who carry on has said yes", default=False)
    contingency = models.TextField("what the family does if it gets hard again", blank=True)
    status = models.CharField(max_length=20, choices=StepStatus, default=StepStatus.SUBMITTED, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    known = models.TextField("what agencies know", blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    new_lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reassess = models.BooleanField("the whole family is assessed again", default=False, editable=False)
    enacted_at = models.DateTimeField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "case", name="step_one_undecided", condition=Q(status__in=("submitted", "with_access", "with_hub"))
            ),
            models.CheckConstraint(name="step_goes_somewhere", condition=~Q(from_tier=F("to_tier"))),
            models.CheckConstraint(
                name="step_below_2_names_taker", condition=Q(to_tier__gte=2) | (~Q(taker="") & ~Q(contingency=""))
            ),
            models.CheckConstraint(
                name="step_carries_its_evidence",
                condition=~Q(what_changed="")
                & ~Q(tried="")
                & ~Q(views="")
                & ~Q(agreement_note="")
                & ~Q(risk_if_nothing="")
                & ~Q(wanted=""),
            ),
            models.CheckConstraint(
                name="step_receiver_says_when",
                condition=Q(receiving_says="", receiving_said_at=None)
                | ~Q(receiving_says="") & Q(receiving__isnull=False, receiving_said_at__isnull=False),
            ),
            models.CheckConstraint(
                name="step_checked_says_who_and_what",
                condition=Q(checked_by=None, checked_at=None, known="")
                | Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(known=""),
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
            models.Index(
                "receiving", name="step_receiving", condition=Q(status__in=("submitted", "with_access", "with_hub"))
            ),
        ]

    def __str__(self) -> str:
        return f"Step request {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("hubs:step", args=[self.pk])

    @property
    def is_up(self) -> bool:
        return self.to_tier > self.from_tier

    @property
    def urgent(self) -> bool:
        return bool(self.urgent_why)

    def waits_for(self, lead: Any = None) -> str:
        """Who of the receiving side has not said yes to a step down, nobody if all have; ``lead``: if another is chosen (8.3)."""
        if self.closes:
            return "" if self.takers_agree else "those who carry on what is left"
        receives = lead or self.receiving
        if receives is None or receives.pk == self.case.lead_id:
            return ""
        said_yes = receives.pk == self.receiving_id and self.receiving_says == Readiness.YES
        return "" if said_yes else str(receives)

    @property
    def doubt(self) -> str:
        """What the hub hears before anything else, where the family did not say yes (domain.md 8.2)."""
        return DOUBTS.get(Agreement(self.agreement), "")

    @property
    def closes(self) -> bool:
        """A step below tier 2 is enacted by closing the case (domain.md T1)."""
        return self.to_tier < Tier.TARGETED


@scope_part("steps_to_receive")
def _to_receive() -> Any:
    """Those after which this person is to lead, while nobody has decided them."""
    return ArraySubquery(StepRequest.objects.undecided().filter(receiving=OuterRef("pk")).values("pk"))
