"""A promise with a date is a row (design.md 5). Lateness is computed from it and never stored."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.calendar import Unit
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area

D = TypeVar("D", bound="Deadline")


class ServiceStandard(models.Model):
    """How long something may take here: configuration (domain.md 7). A change reaches future deadlines only."""

    code = models.CharField(max_length=30)
    tier = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: every tier.")
    label = models.CharField(max_length=120)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20, choices=[(unit.value, unit.value.replace("_", " ")) for unit in Unit])
    amber_percent = models.PositiveSmallIntegerField(
        default=75, help_text="The share of the time after which the holder is reminded."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint("code", "tier", name="standard_once_a_tier", nulls_distinct=False),
            models.CheckConstraint(name="standard_amber_is_a_share", condition=Q(amber_percent__range=(1, 100))),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount} {self.unit}"


class DeadlineQuerySet(ScopedQuerySet[D]):
    def open(self) -> Self:
        return self.filter(met_at=None, void_at=None)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(due_at__lt=now)

    def soonest_first(self) -> Self:
        return self.order_by("due_at", "pk")


class Deadline(models.Model):
    """One promise. Made by ``services.promise``, ended by ``keep`` or ``release``, moved only by ``move`` with a reason.

    Each app that makes promises has a concrete table of its own, so that ``owner``, its foreign key, is real.
    """

    # Who hears when it is five working days late, and who else at ten (domain.md 7). A kind of promise that is made
    # elsewhere than on the way through a hub names its own.
    ESCALATES_TO: ClassVar[tuple[Role, Role]] = (Role.HUB_COORDINATOR, Role.SERVICE_MANAGER)
    # Which of them are about a restricted record: of those only its holder and whoever keeps such records safe may hear
    # (domain.md 5 d). Each kind says it over its own owner, and none is without.
    RESTRICTED: ClassVar[Q]

    code = models.CharField(max_length=30)
    label = models.CharField(max_length=120)
    reference = models.CharField(max_length=40)
    url = models.CharField(max_length=200)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    holder_role = models.CharField(
        max_length=30, blank=True, choices=Role, help_text="Who holds it when nobody by name does."
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    rungs = ArrayField(
        models.DateTimeField(), help_text="When it rings: amber, due, then 1, 5 and 10 working days after."
    )
    rings_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True, help_text="No longer owed, and not met: the matter ended.")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint("owner", "code", name="%(class)s_one_open", condition=Q(met_at=None, void_at=None)),
            models.CheckConstraint(name="%(class)s_has_holder", condition=Q(holder__isnull=False) | ~Q(holder_role="")),
            models.CheckConstraint(
                name="%(class)s_ended_is_silent", condition=Q(met_at=None, void_at=None) | Q(rings_at=None)
            ),
        ]
        indexes = [
            models.Index("rings_at", "id", name="%(class)s_rings", condition=Q(met_at=None, void_at=None)),
            models.Index("holder", "due_at", name="%(class)s_holder", condition=Q(met_at=None, void_at=None)),
            models.Index("owner", "due_at", name="%(class)s_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.reference}"

    def is_overdue(self, now: datetime) -> bool:
        return self.met_at is None and self.void_at is None and self.due_at < now
