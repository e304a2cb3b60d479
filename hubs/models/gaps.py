"""A need that nobody here can meet: named by a decision, a blockage or a local forum, and counted with the others."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from earlyhelp.cases.enums import Tier
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.partnership.models import Area
from hubs import access
from hubs.enums import GAP_NEEDS
from hubs.models.agenda import HubDecision
from hubs.models.blockages import Blockage
from hubs.models.collaboratives import TrendReport


class GapQuerySet(ScopedQuerySet["ServiceGap"]):
    rules = access.GAP_RULES


class ServiceGap(models.Model):
    """A need that cannot be met here (domain.md 3.4, 15.4). Names nobody: what it came from says of whom it was found.

    A decision gives more than the level of need, because something else is missing; a blockage is that a service is; a
    collaborative reports it.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="service_gaps")
    need = models.CharField(max_length=20, choices=GAP_NEEDS)
    note = models.TextField("what is missing")
    tier = models.PositiveSmallIntegerField(choices=Tier, null=True, blank=True)
    level_of_need = models.PositiveSmallIntegerField(choices=LevelOfNeed, null=True, blank=True)
    decision = models.ForeignKey(HubDecision, models.PROTECT, null=True, blank=True, related_name="gaps")
    blockage = models.ForeignKey(Blockage, models.PROTECT, null=True, blank=True, related_name="gaps")
    report = models.ForeignKey(TrendReport, models.PROTECT, null=True, blank=True, related_name="gaps")
    raised_at = models.DateTimeField()

    objects = GapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="gap_comes_from_one",
                condition=Q(decision__isnull=False, blockage=None, report=None)
                | Q(decision=None, blockage__isnull=False, report=None)
                | Q(decision=None, blockage=None, report__isnull=False),
            ),
        ]
        indexes = [models.Index("area", "need", "raised_at", name="gap_area_need")]

    def __str__(self) -> str:
        return f"{self.get_need_display()}, {self.area}"
