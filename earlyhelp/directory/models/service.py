"""Services that help, named as Open Referral UK names them. Open to every practitioner: there are no people in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.directory import access
from earlyhelp.directory.enums import CorrectionStatus, Need, ServiceStatus
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.models import Versioned


class Organisation(models.Model):
    name = models.CharField(max_length=120, unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="organisations")

    def __str__(self) -> str:
        return self.name


class ServiceQuerySet(ScopedQuerySet["Service"]):
    rules = access.SERVICE_RULES

    def live(self) -> ServiceQuerySet:
        return self.filter(status=ServiceStatus.ACTIVE)

    def checked_before(self, day: date) -> ServiceQuerySet:
        """Those that nobody has looked at since, or ever."""
        return self.filter(Q(assured_on=None) | Q(assured_on__lt=day))

    def serving(self, area: Area) -> ServiceQuerySet:
        """Those of this area, of one around it, of one inside it, or of the whole county."""
        near = Q(lineage__contains=[area.pk]) | Q(pk__in=area.lineage)
        of_it = Service.areas.through.objects.filter(area__in=Area.objects.filter(near)).values("service")
        anywhere = ~Exists(Service.areas.through.objects.filter(service=OuterRef("pk")))
        return self.filter(Q(pk__in=of_it) | anywhere)

    def nearest_first(self, area: Area) -> ServiceQuerySet:
        """Those of this area and inside it, then those of each area around it, then the whole county’s.

        No place here has coordinates, so that near goes by area and not by miles.
        """
        near = Q(area__lineage__contains=[area.pk]) | Q(area__in=area.lineage)
        of_it: Any = Service.areas.through.objects.filter(near, service=OuterRef("pk")).order_by().values("service")
        deepest = Subquery(of_it.annotate(deepest=Max("area__lineage__len")).values("deepest"))
        shared = Least(Coalesce(deepest, Value(1)), Value(len(area.lineage)))  # how much of the way to it they share
        return self.annotate(shared=shared).order_by("-shared", "name", "pk")


@tracked()
class Service(Versioned):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    needs = ArrayField(models.CharField(max_length=20, choices=Need), default=list, blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="services", help_text="None: the whole county.")
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(
        blank=True, help_text="Where the links of referrals to it are sent. Empty: referrals are made by telephone."
    )
    where = models.CharField(max_length=200, blank=True)
    when = models.CharField(max_length=200, blank=True)
    cost = models.CharField(max_length=120, default="Free")
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    specialist = models.BooleanField(default=False, help_text="May be named beside an intensive worker at tier 3.")
    assured_on = models.DateField(null=True, blank=True, help_text="When somebody last checked that this is true.")
    status = models.CharField(max_length=20, choices=ServiceStatus, default=ServiceStatus.ACTIVE, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("organisation", "name", name="service_name_once"),
            models.CheckConstraint(
                name="service_withdrawn_says_when_and_why",
                condition=Q(status="active", withdrawn_at=None, withdrawn_because="")
                | Q(status="defunct", withdrawn_at__isnull=False) & ~Q(withdrawn_because=""),
            ),
        ]
        indexes = [GinIndex(fields=["needs"], name="service_needs")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:service", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.status == ServiceStatus.ACTIVE

    @property
    def ages(self) -> str:
        """For whom, in words."""
        if self.min_age is None and self.max_age is None:
            return "Any age"
        if self.max_age is None:
            return f"{self.min_age} and over"
        return f"Up to {self.max_age}" if not self.min_age else f"{self.min_age} to {self.max_age}"


class CorrectionQuerySet(ScopedQuerySet["ServiceCorrection"]):
    rules = access.CORRECTION_RULES

    def open(self) -> CorrectionQuerySet:
        return self.filter(status=CorrectionStatus.OPEN)


class ServiceCorrection(Versioned):
    """Somebody says that the directory is wrong about a service; those who keep it look, and answer."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="corrections")
    status = models.CharField(max_length=10, choices=CorrectionStatus, default=CorrectionStatus.OPEN, editable=False)
    text = models.TextField("what is wrong, and what is right")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="correction_answered_says_who",
                condition=Q(status="open", answered_by=None, answered_at=None)
                | ~Q(status="open") & Q(answered_by__isnull=False, answered_at__isnull=False),
            )
        ]
        indexes = [models.Index("service", name="correction_open", condition=Q(status="open"))]

    def __str__(self) -> str:
        return f"Correction {self.pk}"

    def get_absolute_url(self) -> str:
        return self.service.get_absolute_url()
