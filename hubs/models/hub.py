"""The standing multi-agency group of one area (domain.md 9.1)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Now, TruncDate
from django.urls import reverse

from earlyhelp.audit.models import append_only
from earlyhelp.core import dates
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.calendar import LONDON, add_months, add_working_days
from earlyhelp.core.history import tracked
from earlyhelp.core.standin import Today
from earlyhelp.core.words import within
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Area, Post
from earlyhelp.partnership.scope import scope_part
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import Cadence, Weekday, WhichWeek


class HubQuerySet(ScopedQuerySet["Hub"]):
    rules = access.HUB_RULES

    def active(self) -> HubQuerySet:
        return self.filter(is_active=True)


@tracked()
class Hub(Versioned):
    """Its chair, deputy and coordinator are those who hold these posts in its area: said once, and ended with the post."""

    name = models.CharField(max_length=80, unique=True)
    area = models.OneToOneField(Area, models.PROTECT, related_name="hub")
    quorum = models.PositiveSmallIntegerField(default=3, help_text="Agencies that must be here beside the chair.")
    cadence = models.CharField(max_length=20, choices=Cadence, default=Cadence.MONTHLY)
    week = models.PositiveSmallIntegerField(
        choices=WhichWeek, default=WhichWeek.THIRD, help_text="Of the month, for a hub that meets every month."
    )
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.TUESDAY)
    counted_from = models.DateField(
        null=True, blank=True, help_text="A day of a week in which it meets, for a hub that meets every two weeks."
    )
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
            models.CheckConstraint(
                name="hub_fortnights_are_counted", condition=~Q(cadence="fortnightly") | Q(counted_from__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("hubs:hub", args=[self.pk])

    @property
    def meets(self) -> str:
        """How often, in words: «Every month, on the third Tuesday, at 2pm»."""
        day = Weekday(self.weekday).label
        if self.cadence == Cadence.MONTHLY:
            day = f"the {within(WhichWeek(self.week).label)} {day}"
        return f"{Cadence(self.cadence).label}, on {'a ' * (self.cadence != Cadence.MONTHLY)}{day}, at {_clock(self.starts)}"

    def regular(self, first: date, last: date) -> list[tuple[date, datetime]]:
        """Its regular meetings in the months or weeks that begin between two days: which one each is of, and when it begins."""
        if self.cadence == Cadence.MONTHLY:
            months = (add_months(first.replace(day=1), n) for n in range((last.year - first.year) * 12 + 13))
            return [(month, self.meets_in(month)) for month in months if month <= last]
        monday, step = _monday(first), 7
        if self.cadence == Cadence.FORTNIGHTLY and self.counted_from:
            step = 14
            monday += timedelta(days=(_monday(self.counted_from) - monday).days % 14)
        weeks = (monday + timedelta(days=n) for n in range(0, (last - monday).days + 1, step))
        return [(week, self._on(week + timedelta(days=self.weekday))) for week in weeks]

    def meets_in(self, month: date) -> datetime:
        """When it meets in that month: its day, or the next working day where that one is a holiday."""
        first = month.replace(day=1)
        ahead = (self.weekday - first.weekday()) % 7 + 7 * (self.week - 1)
        return self._on(first + timedelta(days=ahead))

    def _on(self, day: date) -> datetime:
        return datetime.combine(add_working_days(day, 0), self.starts, LONDON)


def _clock(hour: time) -> str:
    return dates.clock(datetime.combine(date.min, hour))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class HubTerms(models.Model):
    """What the hub agreed to be for, and how it works. Never edited: another version follows it."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField("version")
    text = models.TextField()
    agreed_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "hub terms"
        constraints = [models.UniqueConstraint("hub", "number", name="hub_terms_numbered_once")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.hub}, terms of reference, version {self.number}"


class HubMemberQuerySet(models.QuerySet["HubMember"]):
    def current(self, on: date | Today | None = None) -> HubMemberQuerySet:
        day = TruncDate(Now()) if on is None else on  # a day, not a moment: the last one counts until midnight here
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day)


@tracked()
class HubMember(models.Model):
    """Somebody who sits at the hub for an agency, from a day and until a day."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="hub_seats")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    role = models.CharField("what they do there", max_length=80, blank=True)
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
