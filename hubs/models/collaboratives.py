"""Local forums inside an area: who sits there, what they see, and what they do about it themselves (domain.md R12, 9.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Now, TruncDate
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.partnership.models import Agency, Area, Post
from earlyhelp.partnership.scope import scope_part
from earlyhelp.partnership.waiting import waiting_part
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import GAP_NEEDS, ActionStatus, Band, ReportStatus, TrendKind


class CollaborativeQuerySet(ScopedQuerySet["Collaborative"]):
    rules = access.COLLABORATIVE_RULES

    def active(self) -> CollaborativeQuerySet:
        return self.filter(is_active=True)


@tracked()
class Collaborative(Versioned):
    """A local group of universal services. It knows its place, and speaks of no family by name."""

    name = models.CharField(max_length=80, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="collaboratives")
    about = models.CharField("which places it is for", max_length=200, blank=True)
    is_active = models.BooleanField(default=True)

    objects = CollaborativeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("hubs:collaborative", args=[self.pk])


class MemberQuerySet(ScopedQuerySet["CollaborativeMember"]):
    rules = Through("collaborative")

    def current(self, on: date | None = None) -> MemberQuerySet:
        day = TruncDate(Now()) if on is None else on
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day)


@tracked()
class CollaborativeMember(models.Model):
    """Somebody who comes, from a day and until a day; one without an account is named, and whom they come for."""

    collaborative = models.ForeignKey(Collaborative, models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="collaborative_seats"
    )
    name = models.CharField(max_length=120, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    comes_for = models.CharField("whom they come for", max_length=120, blank=True)
    chairs = models.BooleanField(default=False)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("collaborative", "user", name="forum_member_once", condition=Q(until_on=None)),
            models.UniqueConstraint("collaborative", name="forum_one_chair", condition=Q(until_on=None, chairs=True)),
            models.CheckConstraint(
                name="forum_member_is_somebody", condition=Q(user__isnull=False, name="") | Q(user=None) & ~Q(name="")
            ),
            models.CheckConstraint(name="forum_chair_signs_in", condition=Q(chairs=False) | Q(user__isnull=False)),
            models.CheckConstraint(
                name="forum_member_ends_after_it_begins", condition=Q(until_on=None) | Q(until_on__gte=F("from_on"))
            ),
        ]
        indexes = [models.Index("user", "collaborative", name="forum_member_user")]

    def __str__(self) -> str:
        return self.name or str(self.user)

    @property
    def place(self) -> str:
        """Whom they come for, in a few words."""
        return str(self.agency or self.comes_for or "")


class ForumMeetingQuerySet(ScopedQuerySet["CollaborativeMeeting"]):
    rules = Through("collaborative")


@tracked()
class CollaborativeMeeting(Versioned):
    """One meeting of the forum: when, who came, and what was said of the place. Its notes name no family."""

    collaborative = models.ForeignKey(Collaborative, models.PROTECT, related_name="meetings")
    on = models.DateField("when")
    where = models.CharField(max_length=200, blank=True)
    came = models.ManyToManyField(CollaborativeMember, related_name="+", blank=True)
    others = models.CharField("who else came", max_length=255, blank=True)
    notes = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = ForumMeetingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("collaborative", "on", name="forum_meets_once_a_day")]

    def __str__(self) -> str:
        return f"{self.collaborative}, {self.on:%-d %B %Y}"


class ReportQuerySet(ScopedQuerySet["TrendReport"]):
    rules = access.REPORT_RULES

    def unanswered(self) -> ReportQuerySet:
        return self.filter(status=ReportStatus.REPORTED)


@tracked()
class TrendReport(Versioned):
    """What a forum sees coming, or missing, told to the hub without naming anyone (domain.md R12, story 17)."""

    collaborative = models.ForeignKey(Collaborative, models.PROTECT, related_name="reports")
    kind = models.CharField("what it is", max_length=10, choices=TrendKind)
    need = models.CharField("what it is about", max_length=20, choices=GAP_NEEDS)
    area = models.ForeignKey(Area, models.PROTECT, related_name="trend_reports")
    seen = models.TextField("what you see")
    band = models.CharField("how many families", max_length=10, choices=Band)
    since_on = models.DateField("since when")
    evidence = models.TextField("how you know")
    planned = models.TextField("what is planned locally", blank=True)
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.REPORTED, editable=False)
    answer = models.TextField("what the hub does", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="trend_says_what", condition=~Q(seen="") & ~Q(evidence="")),
            models.CheckConstraint(
                name="trend_answered_says_what",
                condition=Q(status="reported", answer="", answered_at=None, answered_by=None)
                | Q(status="answered", answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
            ),
        ]
        indexes = [models.Index("area", "need", "raised_at", name="trend_area_need")]

    def __str__(self) -> str:
        return f"{self.get_need_display()}, {self.area}"

    @property
    def reference(self) -> str:
        return f"Report {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("hubs:report", args=[self.pk])


class LocalActionQuerySet(ScopedQuerySet["LocalAction"]):
    rules = Through("collaborative")

    def open(self) -> LocalActionQuerySet:
        return self.filter(status=ActionStatus.OPEN)


@tracked()
class LocalAction(Versioned):
    """One line of the forum's plan for low-level needs: who does what by when, for a place and not for a family."""

    collaborative = models.ForeignKey(Collaborative, models.PROTECT, related_name="actions")
    need = models.CharField("which need it is for", max_length=20, choices=GAP_NEEDS)
    what = models.CharField(max_length=255)
    owner = models.ForeignKey(CollaborativeMember, models.PROTECT, related_name="actions")
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=ActionStatus, default=ActionStatus.OPEN, editable=False)
    came_of_it = models.TextField("what came of it", blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = LocalActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="local_action_done_says_what",
                condition=Q(status="done", done_at__isnull=False) & ~Q(came_of_it="")
                | Q(status="open", done_at=None, came_of_it=""),
            ),
        ]
        indexes = [models.Index("collaborative", "due_on", name="local_action_open", condition=Q(status="open"))]

    def __str__(self) -> str:
        return f"Local action {self.pk}"

    @property
    def reference(self) -> str:
        return str(self)

    @property
    def area(self) -> Area:
        return self.collaborative.area

    @property
    def area_id(self) -> int:
        return self.collaborative.area_id

    def get_absolute_url(self) -> str:
        return f"{self.collaborative.get_absolute_url()}#plan"


class LocalActionDeadlineQuerySet(DeadlineQuerySet["LocalActionDeadline"]):
    rules = Through("owner")


class LocalActionDeadline(Deadline):
    RESTRICTED = Q(owner__isnull=True)  # none: it is about a place

    owner = models.ForeignKey(LocalAction, models.PROTECT, related_name="deadlines")

    objects = LocalActionDeadlineQuerySet.as_manager()


def _seats(**more: Any) -> Any:
    return ArraySubquery(
        CollaborativeMember.objects.current().filter(user=OuterRef("pk"), **more).values("collaborative")
    )


@scope_part("forum_seats")
def _forum_seats() -> Any:
    return _seats()


@scope_part("forums_chaired")
def _forums_chaired() -> Any:
    return _seats(chairs=True)


@waiting_part("reports_to_answer")
def _to_answer() -> Any:
    """What waits for the answer of a hub that this person runs."""
    runs = Post.objects.current().filter(user=OuterRef(OuterRef("pk")), role__in=access.RUNS).values("area")
    mine = Q(collaborative__area__lineage__overlap=ArraySubquery(runs))
    return ArraySubquery(TrendReport.objects.unanswered().filter(mine).values("pk")[:50])
