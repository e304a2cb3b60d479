"""The standing multi-agency group of one area (domain.md 9.1)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Now, TruncDate

from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.calendar import LONDON, add_working_days
from earlyhelp.core.history import tracked
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Area, Post
from earlyhelp.partnership.scope import scope_part
from hubs import access
from hubs.enums import Weekday, WhichWeek


class HubQuerySet(ScopedQuerySet["Hub"]):
    rules = access.HUB_RULES

    def active(self) -> HubQuerySet:
        return self.filter(is_active=True)


class Hub(models.Model):
    """Its chair, deputy and coordinator are those who hold these posts in its area: said once, and ended with the post."""

    name = models.CharField(max_length=80, unique=True)
    area = models.OneToOneField(Area, models.PROTECT, related_name="hub")
    quorum = models.PositiveSmallIntegerField(default=3, help_text="Agencies that must be here beside the chair.")
    week = models.PositiveSmallIntegerField(choices=WhichWeek, default=WhichWeek.THIRD)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.TUESDAY)
    starts = models.TimeField(default=time(14))
    place = models.CharField(max_length=200, blank=True)
    minutes_an_item = models.PositiveSmallIntegerField(default=10)
    is_active = models.BooleanField(default=True)

    objects = HubQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="hub_week_of_month", condition=Q(week__range=(1, 4))),
            models.CheckConstraint(name="hub_meets_on_a_weekday", condition=Q(weekday__range=(0, 4))),
        ]

    def __str__(self) -> str:
        return self.name

    def meets_in(self, month: date) -> datetime:
        """When it meets in that month: its day, or the next working day where that one is a holiday."""
        first = month.replace(day=1)
        ahead = (self.weekday - first.weekday()) % 7 + 7 * (self.week - 1)
        return datetime.combine(add_working_days(first + timedelta(days=ahead), 0), self.starts, LONDON)


class HubMemberQuerySet(models.QuerySet["HubMember"]):
    def current(self, on: date | None = None) -> HubMemberQuerySet:
        day = TruncDate(Now()) if on is None else on  # a day, not a moment: the last one counts until midnight here
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day)


@tracked()
class HubMember(models.Model):
    """Somebody who sits at the hub for an agency, from a day and until a day."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="hub_seats")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = HubMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("hub", "user", name="hub_member_once", condition=Q(until_on=None)),
            models.CheckConstraint(
                name="hub_member_ends_after_it_begins", condition=Q(until_on=None) | Q(until_on__gte=F("from_on"))
            ),
        ]
        indexes = [models.Index("user", "hub", name="hub_member_user")]

    def __str__(self) -> str:
        return f"{self.user}, {self.agency}"


def seats_of(user: Any) -> models.QuerySet[Hub]:
    """The hubs at which a person sits: by name, or by a member's post in the hub's area."""
    seats = HubMember.objects.current().filter(user=user).values("hub")
    posts = Post.objects.current().filter(user=user, role=Role.HUB_MEMBER).values("area")
    return Hub.objects.filter(Q(pk__in=seats) | Q(area__in=posts))


@scope_part("hub_seats")
def _hub_seats() -> Any:
    return ArraySubquery(seats_of(OuterRef(OuterRef("pk"))).values("pk"))
