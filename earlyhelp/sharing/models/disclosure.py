"""The ledger: one row for each time that something about somebody left, whatever the way (domain.md 16, screens.md 4)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from earlyhelp.audit.models import append_only
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.families.models import Family, Person
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing.enums import OVERRIDES, Basis, Data, Purpose, Way
from earlyhelp.sharing.models.permission import Permission


class DisclosureQuerySet(ScopedQuerySet["Disclosure"]):
    rules = Through("family")

    def latest_first(self) -> DisclosureQuerySet:
        return self.order_by("-at", "-pk")


class Disclosure(models.Model):
    """What was told about whom, to whom, what for, and what allowed it. Rows are added, and never altered."""

    at = models.DateTimeField()
    told_on = models.DateField("the day on which it was told, if it was written down later", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # none: the system
    family = models.ForeignKey(Family, models.PROTECT, null=True, blank=True, related_name="disclosures")
    people = models.ManyToManyField(Person, through="Disclosed", related_name="disclosures")
    way = models.CharField(max_length=20, choices=Way)
    content = ArrayField(models.CharField(max_length=20, choices=Data))
    what = models.TextField("what was told")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    recipient = models.CharField("who was told", max_length=200)
    purpose = models.CharField(max_length=20, choices=Purpose)
    basis = models.CharField(max_length=20, choices=Basis)
    record = models.CharField(max_length=40, blank=True, help_text="The reference of what it left with.")
    reason = models.TextField("why it was told without a permission", blank=True)
    family_told = models.BooleanField(null=True, blank=True)
    not_told_why = models.TextField("why the family was not told", blank=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="disclosure_told_before_it_is_written", condition=Q(told_on=None) | Q(told_on__lt=F("at"))
            ),
            models.CheckConstraint(name="disclosure_says_what_to_whom", condition=~Q(what="") & ~Q(recipient="")),
            models.CheckConstraint(
                name="disclosure_override_says_why",
                condition=~Q(basis=Basis.OVERRIDE)
                | Q(purpose__in=[each.value for each in OVERRIDES], family_told__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="disclosure_not_told_says_why",
                condition=Q(family_told=False) & ~Q(not_told_why="")
                | (Q(family_told=True) | Q(family_told=None)) & Q(not_told_why=""),
            ),
        ]
        indexes = [models.Index(fields=["family", "-at", "-id"], name="disclosure_family")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Disclosure {self.pk}"  # never of whom: this string reaches logs

    @property
    def content_in_words(self) -> list[str]:
        return [Data(each).label for each in self.content]


class Disclosed(models.Model):
    """Whom a disclosure was about, and on which answer of theirs it rested, if on one."""

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="about")
    person = models.ForeignKey(Person, models.PROTECT, related_name="told")
    permission = models.ForeignKey(Permission, models.PROTECT, null=True, blank=True, related_name="disclosed")

    class Meta:
        constraints = [models.UniqueConstraint("disclosure", "person", name="disclosed_once")]
        triggers = append_only(but=["person"])

    def __str__(self) -> str:
        return f"Disclosure {self.disclosure_id}, person {self.person_id}"
