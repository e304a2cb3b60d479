"""Somebody asks for what is kept about them: the request, each item with its decision, and what they say of it themselves."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from assessments.models import Assessment
from earlyhelp.audit.models import append_only
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.sealing import SealedField
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.families.models import Family, Person, SignificantEvent
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area
from earlyhelp.records import access
from earlyhelp.records.enums import (
    ACCESS_COLOURS,
    DECISION_COLOURS,
    LIVE,
    AccessStatus,
    Asker,
    Code,
    Decision,
)
from earlyhelp.workflow.models import Versioned

WHO = settings.AUTH_USER_MODEL
FROZEN = (  # columns; but for whose it is, when two records are found to be of one person
    "reference",
    "received_on",
    "asker",
    "asker_name",
    "identity",
    "asked_by_id",
    "approved_by_id",
    "approved_at",
    "digest",
    "sealed",
    "handed_at",
    "handed_by_id",
    "status",
    "version",
)


class AccessRequestQuerySet(ScopedQuerySet["AccessRequest"]):
    rules = access.REQUEST_RULES

    def live(self) -> AccessRequestQuerySet:
        return self.filter(status__in=LIVE)


class AccessRequest(Versioned):
    """One subject access request. What is collected is read anew until a second person approves it, and is then sealed.

    It has no history of its own: each step and each decision is an event in the trail.
    """

    reference = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="access_requests")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    restricted = models.BooleanField(default=False)
    account = models.ForeignKey(
        WHO, models.PROTECT, null=True, blank=True, related_name="+", help_text="The person’s own: they decide nothing."
    )
    received_on = models.DateField()
    due_on = models.DateField()
    asker = models.CharField("who asks", max_length=10, choices=Asker)
    asker_name = models.CharField("name of whoever asks", max_length=160)
    identity = models.TextField("how it was checked who they are", blank=True)
    extended_by_months = models.PositiveSmallIntegerField(default=0)
    extended_because = models.TextField("why it takes longer", blank=True)
    status = models.CharField(max_length=12, choices=AccessStatus, default=AccessStatus.RECEIVED, editable=False)
    kept_by = models.ForeignKey(WHO, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    asked_by = models.ForeignKey(WHO, models.PROTECT, null=True, blank=True, related_name="+")
    second = models.ForeignKey(WHO, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(WHO, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    sealed = SealedField(null=True, blank=True)
    handed_by = models.ForeignKey(WHO, models.PROTECT, null=True, blank=True, related_name="+")
    handed_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField("why nothing is handed over", blank=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "person", name="access_one_live", condition=Q(status__in=[each.value for each in LIVE])
            ),
            models.CheckConstraint(name="access_approved_by_a_second", condition=~Q(approved_by=F("asked_by"))),
            models.CheckConstraint(
                name="access_approved_is_sealed",
                condition=Q(
                    status__in=["approved", "handed_over"],
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    asked_by__isnull=False,
                    sealed__isnull=False,
                )
                & ~Q(digest="")
                | ~Q(status__in=["approved", "handed_over"])
                & Q(approved_by=None, approved_at=None, sealed=None, digest=""),
            ),
            models.CheckConstraint(
                name="access_handed_to_somebody_known",
                condition=Q(status="handed_over", handed_by__isnull=False, handed_at__isnull=False) & ~Q(identity="")
                | ~Q(status="handed_over") & Q(handed_by=None, handed_at=None),
            ),
            models.CheckConstraint(
                name="access_longer_says_why",
                condition=Q(extended_by_months=0, extended_because="")
                | Q(extended_by_months__in=[1, 2]) & ~Q(extended_because=""),
            ),
            models.CheckConstraint(
                name="access_ended_says_why", condition=~Q(status__in=["refused", "withdrawn"]) | ~Q(ended_because="")
            ),
        ]
        indexes = [models.Index("area", "status", "due_on", name="access_of_area")]
        triggers = [
            pgtrigger.Protect(
                name="handed_is_frozen",
                operation=pgtrigger.UpdateOf(*FROZEN),
                condition=pgtrigger.Q(old__status="handed_over"),
            ),
            pgtrigger.Protect(
                name="handed_is_kept", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__status="handed_over")
            ),
        ]

    def __str__(self) -> str:
        return self.reference  # never of whom: this string reaches logs

    def get_absolute_url(self) -> str:
        return reverse("records:access_request", args=[self.reference])

    @property
    def binding(self) -> str:
        return f"records.accessrequest:{self.pk}"

    @property
    def colour(self) -> str:
        return ACCESS_COLOURS[AccessStatus(self.status)]

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def purpose(self) -> str:
        """What the access log says of every read for its sake."""
        return f"Subject access request {self.reference}"


class AccessDeadlineQuerySet(DeadlineQuerySet["AccessDeadline"]):
    rules = Through("owner")


class AccessDeadline(Deadline):
    ESCALATES_TO = (Role.IG_LEAD, Role.SERVICE_MANAGER)
    RESTRICTED = Q(owner__restricted=True)

    owner = models.ForeignKey(AccessRequest, models.PROTECT, related_name="deadlines")

    objects = AccessDeadlineQuerySet.as_manager()


class AccessItem(models.Model):
    """One thing that is kept about them, as it reads now, and what was decided on it.

    Its words stand here only while the request is under way: no copy of a family’s record outlives what it was made for.
    """

    request = models.ForeignKey(AccessRequest, models.PROTECT, related_name="items")
    source = models.CharField(max_length=60, help_text="The kind of record it stands in.")
    source_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    on = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)
    others = ArrayField(models.CharField(max_length=200), default=list, blank=True, help_text="Whom else it speaks of.")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.UNDECIDED)
    strikes = ArrayField(models.TextField(), default=list, blank=True)
    code = models.CharField("why", max_length=10, choices=Code, blank=True)
    note = models.TextField("what it was weighed by", blank=True)
    decided_by = models.ForeignKey(WHO, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("request", "source", "source_id", name="access_item_once"),
            models.CheckConstraint(
                name="access_item_left_out_says_why",
                condition=Q(decision__in=["redact", "withhold"], decided_by__isnull=False) & ~Q(code="") & ~Q(note="")
                | Q(decision__in=["undecided", "disclose"], code=""),
            ),
        ]
        indexes = [models.Index("request", "decision", "on", "id", name="access_item_order")]

    def __str__(self) -> str:
        return f"Item {self.pk}"

    @property
    def colour(self) -> str:
        return DECISION_COLOURS[Decision(self.decision)]


class AddendumQuerySet(ScopedQuerySet["Addendum"]):
    rules = Through("family")


class Addendum(models.Model):
    """What a person says themselves of something that is written about them. It stands beside it, and alters nothing."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    event = models.ForeignKey(SignificantEvent, models.PROTECT, null=True, blank=True, related_name="+")
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField(help_text="Of what it stands beside.")
    statement = models.TextField()
    recorded_by = models.ForeignKey(WHO, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = AddendumQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "addenda"
        constraints = [
            models.CheckConstraint(
                name="addendum_beside_one_thing",
                condition=Q(event__isnull=False, assessment=None) | Q(event=None, assessment__isnull=False),
            )
        ]
        triggers = append_only(but=["person"])

    def __str__(self) -> str:
        return f"Addendum {self.pk}"  # never of whom, nor what: this string reaches logs

    @property
    def about(self) -> tuple[str, int]:
        """(kind, key) of what it stands beside."""
        kind = SignificantEvent if self.event_id else Assessment
        return kind._meta.label_lower, self.event_id or self.assessment_id or 0
