"""A plan, an assessment or a chronology leaves only as a copy made for one named recipient (promise P3)."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.core.sealing import SealedField
from earlyhelp.families.models import Family, Person
from earlyhelp.partnership.models import Agency, Post
from earlyhelp.partnership.waiting import waiting_part
from earlyhelp.sharing import access
from earlyhelp.sharing.enums import COPY_COLOURS, OVERRIDES, CopyStatus, Purpose
from earlyhelp.sharing.models.disclosure import Disclosure
from earlyhelp.workflow.models import Versioned


class ConflictQuerySet(ScopedQuerySet["Conflict"]):
    rules = Through("family")


@tracked()
class Conflict(models.Model):
    """Two adults of a family who must not learn of each other: where they live, what they say, what is planned for them."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="conflicts")
    one = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField("why")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField("why it is over", blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="sharing_conflict_of_two_in_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(name="sharing_conflict_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="sharing_conflict_ended_says_why",
                condition=Q(ended_at=None, end_reason="") | Q(ended_at__isnull=False) & ~Q(end_reason=""),
            ),
            models.UniqueConstraint("family", "one", "other", name="sharing_conflict_once", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"Conflict {self.pk}"  # never between whom: this string reaches logs


FROZEN = (  # columns, by the names that the database has for them
    "family_id",
    "document",
    "agency_id",
    "recipient",
    "purpose",
    "reason",
    "family_told",
    "not_told_why",
    "left_out",
    "status",
    "made_by_id",
    "begun_at",
    "approved_by_id",
    "approved_at",
    "approved_digest",
    "in_conflict",
    "made_at",
    "sealed",
    "digest",
    "disclosure_id",
    "version",
)


class CopyQuerySet(ScopedQuerySet["RecipientCopy"]):
    rules = access.COPY_RULES


class RecipientCopy(Versioned):
    """One document, for one person or one worker of an agency, with what they may not have left out.

    What it holds is read anew until it is made, and then sealed and never altered. A second person's approval is of the
    very content whose digest stands beside it: with any other it is worth nothing.
    """

    family = models.ForeignKey(Family, models.PROTECT, related_name="copies")
    document = models.CharField(max_length=20)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    recipient = models.CharField("for whom", max_length=200)
    purpose = models.CharField(max_length=20, choices=Purpose)
    reason = models.TextField("why, where no permission is needed", blank=True)
    family_told = models.BooleanField(null=True, blank=True)
    not_told_why = models.TextField("why the family is not told", blank=True)
    left_out = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    status = models.CharField(max_length=10, choices=CopyStatus, default=CopyStatus.DRAFT, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    in_conflict = models.BooleanField("adults of the family were in conflict", default=False)
    made_at = models.DateTimeField(null=True, blank=True)
    sealed = SealedField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    disclosure = models.OneToOneField(Disclosure, models.PROTECT, null=True, blank=True, related_name="copy")

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "recipient copies"
        constraints = [
            models.CheckConstraint(
                name="copy_has_one_recipient",
                condition=Q(person__isnull=False, agency=None) | Q(person=None, agency__isnull=False),
            ),
            models.CheckConstraint(
                name="copy_approval_is_whole",
                condition=Q(approved_by=None, approved_at=None, approved_digest="")
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_digest=""),
            ),
            models.CheckConstraint(name="copy_approved_by_a_second", condition=~Q(approved_by=F("made_by"))),
            models.CheckConstraint(
                name="copy_made_is_whole",
                condition=Q(status="made", made_at__isnull=False, sealed__isnull=False, disclosure__isnull=False)
                & ~Q(digest="")
                | ~Q(status="made") & Q(made_at=None, sealed=None, disclosure=None, digest=""),
            ),
            models.CheckConstraint(
                name="copy_in_conflict_is_as_approved",
                condition=~Q(status="made", in_conflict=True) | Q(approved_digest=F("digest")),
            ),
            models.CheckConstraint(
                name="copy_override_says_why",
                condition=~Q(purpose__in=[each.value for each in OVERRIDES]) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["family", "-begun_at"], name="copy_family"),
            models.Index(fields=["family"], name="copy_asked", condition=Q(status="asked")),
        ]
        triggers = [
            pgtrigger.Protect(  # but for whose it is, when two records are found to be of one person
                name="made_is_frozen",
                operation=pgtrigger.UpdateOf(*FROZEN),
                condition=pgtrigger.Q(old__status="made"),
            ),
            pgtrigger.Protect(
                name="made_is_kept", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__status="made")
            ),
        ]

    def __str__(self) -> str:
        return f"Copy {self.pk}"  # never of what, nor for whom: this string reaches logs

    def get_absolute_url(self) -> str:
        return reverse("sharing:copy", args=[self.family.reference, self.pk])

    @property
    def binding(self) -> str:
        return f"sharing.recipientcopy:{self.pk}"

    @property
    def colour(self) -> str:
        return COPY_COLOURS[CopyStatus(self.status)]

    @property
    def is_override(self) -> bool:
        return self.purpose in OVERRIDES


@waiting_part("copies_asked")
def _copies_asked() -> Any:
    """Those that wait for a second person where this person may be one: most have none, and no more is read for them."""
    posts = Post.objects.current().filter(user=OuterRef(OuterRef("pk")), role__in=access.SECONDS)
    here = Q(family__area__lineage__overlap=ArraySubquery(posts.values("area")))
    return ArraySubquery(RecipientCopy.objects.filter(here, status=CopyStatus.ASKED).values("pk")[:50])
