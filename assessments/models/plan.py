"""One plan a family: what they want to be different, in their words, and who does what by when (domain.md 10)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.access import ACTION_RULES, OF_THE_CASE
from assessments.enums import UNFINISHED, ActionStatus, PlanStatus
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.directory.models import Need
from earlyhelp.families.models import Person
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.models import Versioned


class PlanQuerySet(ScopedQuerySet["Plan"]):
    rules = OF_THE_CASE


@tracked()
class Plan(Versioned):
    case = models.OneToOneField(Case, models.PROTECT, related_name="plan")
    status = models.CharField(max_length=20, choices=PlanStatus, default=PlanStatus.DRAFT, editable=False)
    contingency = models.TextField("what if it gets hard again", blank=True)
    agreed_on = models.DateField(null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="plan_agreed_says_when", condition=~Q(status=PlanStatus.AGREED) | Q(agreed_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Plan of {self.case}"


@tracked()
class PlanAgreement(models.Model):
    """One person of the family agreed to the plan, and what they said. Each speaks for themselves; none is ever altered."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="agreements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    words = models.TextField("what they said")
    agreed_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # none: agreed before each person's own answer was kept
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="plan_agreement_has_words", condition=~Q(words=""))]
        indexes = [models.Index(fields=["plan", "-agreed_on"], name="plan_agreement_latest")]

    def __str__(self) -> str:
        return f"Agreement {self.pk} to {self.plan}"


@tracked()
class Goal(Versioned):
    """What the family wants to be different, in the family's words. A child may have one of their own."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals")
    words = models.TextField("what we want to be different")
    heading = models.CharField(max_length=20, choices=Need, blank=True, help_text="The need that it answers.")
    whose = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.words[:80]


class PlanActionQuerySet(ScopedQuerySet["PlanAction"]):
    rules = ACTION_RULES

    def unfinished(self) -> PlanActionQuerySet:
        return self.filter(status__in=UNFINISHED)

    def not_handed_on(self) -> PlanActionQuerySet:
        return self.filter(handed_to="")

    def overdue(self, today: date) -> PlanActionQuerySet:
        return self.unfinished().not_handed_on().filter(due_on__lt=today)

    def soonest_first(self) -> PlanActionQuerySet:
        return self.order_by("due_on", "pk")


@tracked()
class PlanAction(Versioned):
    """Who does what by when, and how we will know. No action without an owner and a date."""

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="actions"
    )  # the goal's own, here for lists over all cases
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="actions")
    what = models.CharField(max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="plan_actions"
    )
    owner_name = models.CharField(
        max_length=120, blank=True, help_text="Of a family member, or somebody without an account."
    )
    due_on = models.DateField()
    how_we_will_know = models.CharField(max_length=300)
    status = models.CharField(max_length=20, choices=ActionStatus, default=ActionStatus.OPEN, editable=False)
    came_of_it = models.TextField("what came of it", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    handed_to = models.CharField("who carries it on", max_length=200, blank=True)
    handed_on_at = models.DateTimeField(null=True, blank=True)

    objects = PlanActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="action_has_one_owner",
                condition=Q(owner__isnull=False, owner_name="") | Q(owner=None) & ~Q(owner_name=""),
            ),
            models.CheckConstraint(
                name="action_ended_says_when",
                condition=Q(status__in=UNFINISHED, ended_at=None)
                | ~Q(status__in=UNFINISHED) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="action_given_up_says_why", condition=~Q(status__in=("not_done", "cancelled")) | ~Q(came_of_it="")
            ),
            models.CheckConstraint(
                name="action_handed_on_says_when",
                condition=Q(handed_to="", handed_on_at=None) | ~Q(handed_to="") & Q(handed_on_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index("owner", "due_on", name="action_of_owner", condition=Q(status__in=UNFINISHED)),
            models.Index("case", "due_on", name="action_of_case"),
        ]

    def __str__(self) -> str:
        return f"Action {self.pk} of {self.case}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}plan/"

    @property
    def whose(self) -> str:
        return str(self.owner or self.owner_name)

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def awaits(self) -> bool:
        """Somebody here still owes it: neither finished nor handed on."""
        return self.is_unfinished and not self.handed_to

    # What a promise asks of its owner, through the case.

    @property
    def reference(self) -> str:
        return self.case.reference

    @property
    def area(self) -> Area:
        return self.case.area

    @property
    def area_id(self) -> int:
        return self.case.area_id


class PlanActionDeadlineQuerySet(DeadlineQuerySet["PlanActionDeadline"]):
    rules = Through("owner")


class PlanActionDeadline(Deadline):
    RESTRICTED = Q(owner__case__restricted=True)

    owner = models.ForeignKey(PlanAction, models.PROTECT, related_name="deadlines")

    objects = PlanActionDeadlineQuerySet.as_manager()
