"""Services that help, named as Open Referral UK names them. Open to every practitioner: there are no people in it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from earlyhelp.directory.enums import Need
from earlyhelp.partnership.models import Agency, Area


class Organisation(models.Model):
    name = models.CharField(max_length=120, unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="organisations")

    def __str__(self) -> str:
        return self.name


class ServiceQuerySet(models.QuerySet["Service"]):
    def live(self) -> ServiceQuerySet:
        return self.filter(is_active=True)

    def serving(self, area: Area) -> ServiceQuerySet:
        """Those of this area, of one around it, of one inside it, or of the whole county."""
        near = Q(lineage__contains=[area.pk]) | Q(pk__in=area.lineage)
        of_it = Service.areas.through.objects.filter(area__in=Area.objects.filter(near)).values("service")
        anywhere = ~Exists(Service.areas.through.objects.filter(service=OuterRef("pk")))
        return self.filter(Q(pk__in=of_it) | anywhere)


class Service(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    needs = ArrayField(models.CharField(max_length=20, choices=Need), default=list)
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
    is_active = models.BooleanField(default=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("organisation", "name", name="service_name_once")]
        indexes = [GinIndex(fields=["needs"], name="service_needs")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:service", args=[self.pk])

    @property
    def ages(self) -> str:
        """For whom, in words."""
        if self.min_age is None and self.max_age is None:
            return "Any age"
        if self.max_age is None:
            return f"{self.min_age} and over"
        return f"Up to {self.max_age}" if not self.min_age else f"{self.min_age} to {self.max_age}"
