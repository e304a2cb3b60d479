"""How long a record lives: the rules in versions, the holds that stop them, and each disposal from due to destroyed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from earlyhelp.audit.models import append_only
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.families.models import Family
from earlyhelp.partnership.models import Area
from earlyhelp.records import access
from earlyhelp.records.enums import OPEN, RecordClass, Status
from earlyhelp.workflow.models import Versioned
from referrals.models import Contact

WHO = settings.AUTH_USER_MODEL


class RetentionRule(models.Model):
    """For how long a class of records is kept. The newest of a class is in force; none is ever altered."""

    record_class = models.CharField("class of records", max_length=10, choices=RecordClass)
    years = models.PositiveSmallIntegerField("years after it ended")
    until_age = models.PositiveSmallIntegerField("or until the youngest child is this old", null=True, blank=True)
    source = models.CharField("who decided it, and where that is written", max_length=200)
    made_by = models.ForeignKey(WHO, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        triggers = append_only()
        constraints = [models.CheckConstraint(name="rule_of_a_year_at_least", condition=Q(years__gte=1))]

    def __str__(self) -> str:
        return f"{self.get_record_class_display()}: {self.years} years"


class HoldQuerySet(ScopedQuerySet["Hold"]):
    rules = access.HOLD_RULES

    def live(self) -> HoldQuerySet:
        return self.filter(lifted_at=None)


@tracked()
class Hold(Versioned):
    """A family's record is not destroyed, whatever the rules say: an inquiry, a court, a request that is under way."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="holds")
    reason = models.TextField()
    placed_by = models.ForeignKey(WHO, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(WHO, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField(blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hold_lifted_says_who_and_why",
                condition=Q(lifted_at=None, lifted_by=None, lifted_because="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
            )
        ]

    def __str__(self) -> str:
        return f"Hold {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("records:holds")


class DisposalQuerySet(ScopedQuerySet["Disposal"]):
    rules = access.DISPOSAL_RULES

    def open(self) -> DisposalQuerySet:
        return self.filter(status__in=OPEN)


class Disposal(Versioned):
    """A record whose time is over: found by the sweep, reviewed by one person, decided by another. It outlives the record.

    It has no history of its own: each step is an event in the trail. It holds no word of what was destroyed.
    """

    reference = models.CharField(max_length=20, help_text="Of the family, or of the contact.")
    family = models.ForeignKey(Family, models.SET_NULL, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    restricted = models.BooleanField(default=False)
    record_class = models.CharField(max_length=10, choices=RecordClass)
    ended_on = models.DateField(help_text="When the last work with them ended.")
    due_on = models.DateField(help_text="Until when the rule has it kept.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DUE, editable=False)
    found_at = models.DateTimeField()
    proposed_by = models.ForeignKey(WHO, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(WHO, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    kept_until = models.DateField(null=True, blank=True, help_text="None: the reason says for how long.")
    destroyed = models.JSONField(
        default=dict, blank=True, help_text="Of which kind how many rows: numbers, and nothing else."
    )

    objects = DisposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("reference", name="disposal_one_open", condition=Q(status__in=OPEN)),
            models.CheckConstraint(
                name="disposal_takes_two",
                condition=~Q(status="disposed")
                | Q(proposed_by__isnull=False, decided_by__isnull=False) & ~Q(proposed_by=models.F("decided_by")),
            ),
            models.CheckConstraint(
                name="disposal_leaves_nothing", condition=~Q(status="disposed") | Q(family=None, contact=None)
            ),
            models.CheckConstraint(name="disposal_kept_says_why", condition=~Q(status="kept") | ~Q(reason="")),
        ]
        indexes = [models.Index("area", "status", "due_on", name="disposal_of_area")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("records:disposals")


class PastEpisode(models.Model):
    """What may be counted of an episode whose record is gone: no name, no reference, nobody."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    level_of_need = models.PositiveSmallIntegerField(null=True, blank=True)
    end_reason = models.CharField(max_length=30, blank=True)

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.opened_on} to {self.closed_on}"
