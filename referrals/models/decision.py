from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.audit.models import append_only
from earlyhelp.cases.enums import Tier
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.directory.models import Service
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.families.models import Person
from referrals.enums import DECIDED, Status
from referrals.models.handover import SocialCareHandover
from referrals.models.referral import Referral


class DecisionQuerySet(ScopedQuerySet["TriageDecision"]):
    rules = Through("referral")


class TriageDecision(models.Model):
    """What EH Access decided, why, and what the referrer was told. Never altered: another follows it (domain.md 1)."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=30, choices=[(status.value, status.label) for status in DECIDED])
    reason = models.TextField()
    message = models.TextField("message to the referrer", blank=True)
    level_of_need = models.PositiveSmallIntegerField(choices=LevelOfNeed, null=True)
    proposed_tier = models.PositiveSmallIntegerField(choices=Tier, null=True)
    urgent = models.BooleanField(default=False)
    advice = models.TextField(blank=True)
    route = models.CharField("the way on", max_length=40, blank=True, help_text="Of those that apps have lodged.")
    went_to = models.CharField("where they were directed", max_length=200, blank=True)
    went_reference = models.CharField(max_length=40, blank=True)
    went = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="who was directed")
    agreement = models.CharField("who agreed to it, and how", max_length=255, blank=True)
    services = models.ManyToManyField(Service, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    handover = models.ForeignKey(SocialCareHandover, models.PROTECT, null=True, related_name="+")
    needs_second_look = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_advice_says_what", condition=~Q(kind=Status.ADVICE_GIVEN) | ~Q(advice="")
            ),
            models.CheckConstraint(
                name="decision_directed_says_where_and_who_agreed",
                condition=~Q(kind=Status.DIRECTED)
                | ~Q(route="") & ~Q(went_to="") & ~Q(agreement="") & Q(went__isnull=False),
            ),
            models.CheckConstraint(name="decision_has_reason", condition=~Q(reason="")),
        ]
        indexes = [models.Index(fields=["referral", "-at"], name="decision_referral")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.referral}: {self.get_kind_display()}"
