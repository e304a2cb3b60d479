"""A restricted family: why, since when, until when, and who was named for it (domain.md 5 d, promise P4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from earlyhelp.core.access import EVERYTHING, ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.families.enums import RestrictionKind
from earlyhelp.families.models.record import Family
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.scope import scope_part
from earlyhelp.workflow.models import Versioned


class RestrictionQuerySet(ScopedQuerySet["Restriction"]):
    rules = Through("family")

    def standing(self) -> RestrictionQuerySet:
        return self.filter(lifted_at=None)


@tracked()
class Restriction(Versioned):
    """From a moment, for a reason, until a moment. ``Family.restricted`` is what the rules read; ``restricting`` sets both."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="restrictions")
    kind = models.CharField("why", max_length=10, choices=RestrictionKind)
    reason = models.TextField()
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    review_on = models.DateField("when it is looked at again")
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField(blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("family", name="restriction_one_standing", condition=Q(lifted_at=None)),
            models.CheckConstraint(name="restriction_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="restriction_lifted_says_why",
                condition=Q(lifted_at=None, lifted_by=None, lifted_because="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Restriction {self.pk}"  # never of whom: this string reaches logs

    @property
    def reference(self) -> str:
        return self.family.reference

    @property
    def area_id(self) -> int:
        return self.family.area_id

    def get_absolute_url(self) -> str:
        return reverse("families:restriction", args=[self.family.reference])


class RestrictionDeadlineQuerySet(DeadlineQuerySet["RestrictionDeadline"]):
    rules = Through("owner")


class RestrictionDeadline(Deadline):
    """When whoever keeps such records looks at it again: what was right a year ago may shut a family off for nothing."""

    ESCALATES_TO = (Role.IG_LEAD, Role.IG_LEAD)
    RESTRICTED = EVERYTHING

    owner = models.ForeignKey(Restriction, models.PROTECT, related_name="deadlines")

    objects = RestrictionDeadlineQuerySet.as_manager()


NOT_EXPIRED = Q(expires_at=None) | Q(expires_at__gt=Now())  # over grants


class FamilyUserObjectPermission(UserObjectPermissionBase):
    """Somebody by name who sees a restricted family, though no work with it lets them: with a reason, and until a day."""

    content_object = models.ForeignKey(Family, models.CASCADE, related_name="grants")
    reason = models.TextField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    @property
    def last_day(self) -> date | None:
        """On which they still see it: it ends as that day does."""
        return timezone.localdate(self.expires_at - timedelta(seconds=1)) if self.expires_at else None


@scope_part("family_named")
def _family_named() -> Any:
    live = FamilyUserObjectPermission.objects.filter(NOT_EXPIRED, user=OuterRef("pk"))
    return ArraySubquery(live.filter(permission__codename="view_family").values("content_object"))
