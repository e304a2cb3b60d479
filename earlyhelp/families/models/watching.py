"""What is watched over: who read what, who may know a secret address, and which two records are of one person."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.families import access
from earlyhelp.families.enums import MatchStatus, OddReason, OddStatus
from earlyhelp.families.models.record import Address, Family, Person
from earlyhelp.workflow.models import Versioned


@tracked()
class Confidant(models.Model):
    """Somebody who was named: they may have a secret address shown to them, for a reason that they give each time (P2)."""

    address = models.ForeignKey(Address, models.PROTECT, related_name="confidants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("address", "user", name="confidant_once", condition=Q(until_at=None))]

    def __str__(self) -> str:
        return f"{self.user} may know address {self.address_id}"


class OddReadQuerySet(ScopedQuerySet["OddRead"]):
    rules = access.ODD_READ_RULES

    def open(self) -> OddReadQuerySet:
        return self.filter(status=OddStatus.OPEN)


@tracked()
class OddRead(Versioned):
    """What somebody read of a family on one day, and why it wants a look: the governance lead says what it was (promise P5)."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="odd_reads")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()
    reasons = ArrayField(models.CharField(max_length=20, choices=OddReason))
    found_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=OddStatus, default=OddStatus.OPEN, editable=False)
    note = models.TextField("what it was", blank=True)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    looked_at = models.DateTimeField(null=True, blank=True)

    objects = OddReadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("family", "reader", "on", name="odd_read_once_a_day"),
            models.CheckConstraint(
                name="odd_read_says_what_it_was",
                condition=Q(status="open", looked_at=None)
                | ~Q(status="open") & Q(looked_at__isnull=False) & ~Q(note=""),
            ),
        ]
        indexes = [models.Index("family", "on", name="odd_read_open", condition=Q(status="open"))]

    def __str__(self) -> str:
        return f"Reads of {self.family_id} on {self.on}"

    def get_absolute_url(self) -> str:
        return reverse("families:looked")

    @property
    def why(self) -> list[str]:
        return [OddReason(each).label for each in self.reasons]


class Pair(models.Model):
    """Two records that may be of one, and what was said of them. Said once, it is remembered: no pass offers it again."""

    found_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=MatchStatus, default=MatchStatus.OPEN, editable=False)
    note = models.TextField("how this is known", blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField(null=True, blank=True)

    # The field that names the older record: a pair is one row, whichever of the two one comes from.
    OLDER: ClassVar[str]

    class Meta:
        abstract = True

    @classmethod
    def names(cls, one: Any, other: Any) -> dict[str, int]:
        return {f"{cls.OLDER}_id": min(one.pk, other.pk), "other_id": max(one.pk, other.pk)}


P = TypeVar("P", bound=Pair)


class PairQuerySet(ScopedQuerySet[P]):
    def open(self) -> Self:
        return self.filter(status=MatchStatus.OPEN)

    def of(self, one: Any, other: Any) -> Self:
        return self.filter(**self.model.names(one, other))


class Joining(models.Model):
    """All that belonged to one record, ``merged``, went to another, ``kept``. Both stay: it can be undone.

    ``moved`` names the rows that went, by kind and field; ``changed`` what else was altered, and what stood there before.
    """

    moved = models.JSONField(default=list, editable=False)
    changed = models.JSONField(default=list, editable=False, encoder=DjangoJSONEncoder)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_why = models.TextField(blank=True)

    class Meta:
        abstract = True


UNDONE_SAYS_WHY = Q(undone_at=None, undone_by=None, undone_why="") | Q(
    undone_at__isnull=False, undone_by__isnull=False
) & ~Q(undone_why="")


class MatchQuerySet(PairQuerySet["PossibleDuplicate"]):
    rules = access.MATCH_RULES


@tracked()
class PossibleDuplicate(Pair):
    """Two records that may be of one person: ``person`` is the older."""

    OLDER = "person"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    score = models.FloatField(default=0)
    why = models.CharField("why it is here", max_length=200, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-score", "id"], name="match_open", condition=Q(status="open"))]
        constraints = [
            models.UniqueConstraint("person", "other", name="match_once"),
            models.CheckConstraint(name="match_older_first", condition=Q(person__lt=F("other"))),
            models.CheckConstraint(
                name="match_says_who_said_it", condition=Q(status="open") | Q(said_at__isnull=False) & ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"Match {self.pk}"  # never of whom: this string reaches logs


class MergeQuerySet(ScopedQuerySet["Merge"]):
    rules = access.MERGE_RULES


@tracked()
class Merge(Joining):
    """Two records were found to be of one person."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField("how it is known that they are one person")

    objects = MergeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kept", "-at"], name="merge_kept")]
        constraints = [
            models.UniqueConstraint("merged", name="merged_once", condition=Q(undone_at=None)),
            models.CheckConstraint(name="merge_undone_says_why", condition=UNDONE_SAYS_WHY),
        ]

    def __str__(self) -> str:
        return f"Merge {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("families:merge", args=[self.pk])


class FamilyPairQuerySet(PairQuerySet["FamilyPair"]):
    rules = access.FAMILY_PAIR_RULES


@tracked()
class FamilyPair(Pair):
    """Two records that may be of one family: ``family`` is the older."""

    OLDER = "family"

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    other = models.ForeignKey(Family, models.PROTECT, related_name="+")
    why = models.CharField("why it is here", max_length=200, blank=True)

    objects = FamilyPairQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-found_at", "id"], name="family_pair_open", condition=Q(status="open"))]
        constraints = [
            models.UniqueConstraint("family", "other", name="family_pair_once"),
            models.CheckConstraint(name="family_pair_older_first", condition=Q(family__lt=F("other"))),
            models.CheckConstraint(
                name="family_pair_says_who_said_it", condition=Q(status="open") | Q(said_at__isnull=False) & ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"Pair of families {self.pk}"  # never of whom: this string reaches logs


class FamilyMergeQuerySet(ScopedQuerySet["FamilyMerge"]):
    rules = access.FAMILY_MERGE_RULES


@tracked()
class FamilyMerge(Joining):
    """Two records were found to be of one family."""

    kept = models.ForeignKey(Family, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Family, models.PROTECT, related_name="+")
    reason = models.TextField("how it is known that they are one family")

    objects = FamilyMergeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kept", "-at"], name="family_merge_kept")]
        constraints = [
            models.UniqueConstraint("merged", name="family_merged_once", condition=Q(undone_at=None)),
            models.CheckConstraint(name="family_merge_undone_says_why", condition=UNDONE_SAYS_WHY),
        ]

    def __str__(self) -> str:
        return f"Merge of families {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("families:joined", args=[self.pk])
