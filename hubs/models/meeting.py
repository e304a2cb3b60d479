"""A meeting of the hub, who came, and who must not hear of which family."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Min, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.cases.access import closed_through
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.calendar import LONDON, add_working_days, closing
from earlyhelp.core.history import tracked
from earlyhelp.partnership.models import Agency
from earlyhelp.partnership.scope import scope_part
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import HIDES, TO_COME, ConflictStatus, MeetingStatus, Presence
from hubs.models.hub import Hub

PAPERS_CLOSE, AGENDA_OUT, MEMBERS_READ = 5, 3, 10  # working days before, before, and after the meeting (domain.md 5, 7)


OPENED = "The papers of a hub meeting"  # why a meeting was opened, where its papers were


class MeetingQuerySet(ScopedQuerySet["HubMeeting"]):
    rules = access.MEETING_RULES

    def to_come(self) -> MeetingQuerySet:
        return self.filter(status__in=TO_COME).order_by("starts_at")

    def with_openings(self) -> Any:
        """Bring with each who has opened its papers since they went out, and when first: from the access log."""
        opened = Access.objects.filter(
            subject="hubs.hubmeeting",
            subject_id=OuterRef("pk"),
            purpose=OPENED,
            at__gte=OuterRef("published_at"),
        )
        first = opened.order_by().values("actor").annotate(first=Min("at"))
        return self.annotate(openings=ArraySubquery(first.values(found=JSONObject(actor="actor", at="first"))))

    def unconfirmed_before(self, *, hub: Any, starts_at: Any) -> MeetingQuerySet:
        """Of one hub, those that took place before then and whose minutes nobody has confirmed, the last first."""
        held = self.filter(hub=hub, status=MeetingStatus.CLOSED, opened_at__isnull=False)
        return held.filter(minutes_confirmed_at=None, starts_at__lt=starts_at).order_by("-starts_at")

    def soonest_first(self) -> MeetingQuerySet:
        return self.order_by("starts_at", "pk")


@tracked()
class HubMeeting(Versioned):
    hub = models.ForeignKey(Hub, models.PROTECT, related_name="meetings")
    slot = models.DateField(
        null=True,
        blank=True,
        help_text="The first day of the month or the week that it is the regular meeting of; none for an extra one.",
    )
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    remote = models.BooleanField(default=False)
    status = models.CharField(max_length=20, choices=MeetingStatus, default=MeetingStatus.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_despite = models.TextField(
        blank=True, help_text="Why the papers went out although something was missing in them."
    )
    members_until = models.DateField(
        null=True, blank=True, help_text="The last day on which members may read its papers."
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    chaired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    quorum = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Agencies that must be here beside the chair, as the hub asked when it began; none: as the hub asks now.",
    )
    minutes_confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("hub", "slot", name="meeting_once_a_slot"),
            models.UniqueConstraint("hub", "starts_at", name="meeting_once_a_time"),
            models.UniqueConstraint("hub", name="meeting_one_at_a_time", condition=Q(status="in_meeting")),
            models.CheckConstraint(
                name="meeting_published_says_until",
                condition=Q(status="draft") | Q(published_at__isnull=False, members_until__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_closed_says_when", condition=~Q(status="closed") | Q(closed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="meeting_minutes_after_close", condition=Q(minutes_confirmed_at=None) | Q(status="closed")
            ),
        ]
        indexes = [models.Index("hub", "status", "starts_at", name="meeting_hub")]

    def __str__(self) -> str:
        return f"{self.hub}, {timezone.localtime(self.starts_at):%-d %B %Y}"

    @property
    def reference(self) -> str:
        return f"{timezone.localtime(self.starts_at):%-d %B %Y}"

    @property
    def is_extra(self) -> bool:
        """Called between two regular ones, and perhaps so near that the day on which papers close was past."""
        return self.slot is None

    @property
    def in_session(self) -> bool:
        return self.status == MeetingStatus.IN_MEETING

    @property
    def is_over(self) -> bool:
        return self.status == MeetingStatus.CLOSED

    @property
    def asks(self) -> int:
        """Its quorum: what the hub asked for as it began, whatever the hub asks for since."""
        return self.hub.quorum if self.quorum is None else self.quorum

    @property
    def quorum_in_words(self) -> str:
        return f"The chair and {self.asks} other agenc{'y' if self.asks == 1 else 'ies'}"

    @property
    def day_has_come(self) -> bool:
        return self.day_has_come_by(timezone.now())

    def day_has_come_by(self, now: datetime) -> bool:
        """It starts on its day and not before; one that is still to come can only be called off."""
        return timezone.localdate(self.starts_at) <= timezone.localdate(now)

    @property
    def papers_close_at(self) -> datetime:
        """After this an item is late, and needs the chair's reason (``D_PAPERS``)."""
        return closing(self._days_from(-PAPERS_CLOSE))

    @property
    def agenda_due_at(self) -> datetime:
        return closing(self._days_from(-AGENDA_OUT))

    def working_days_to_papers(self, today: date) -> int:
        """How many are left until an item is late; nought on the last of them, less once it is over."""
        close, days = self.papers_close_at.date(), 0
        while today < close:
            today, days = add_working_days(today, 1), days + 1
        return days

    @property
    def opened_by(self) -> dict[int, datetime]:
        """Of one read ``with_openings``: who opened the papers, and when first."""
        found: Any = getattr(self, "openings", [])
        return {each["actor"]: datetime.fromisoformat(each["at"]) for each in found}

    def last_day_for_members(self) -> date:
        return self._days_from(MEMBERS_READ)

    def _days_from(self, days: int) -> date:
        return add_working_days(self.starts_at.astimezone(LONDON).date(), days)

    def get_absolute_url(self) -> str:
        return reverse("hubs:meeting", args=[self.pk])


@tracked()
class StandIn(models.Model):
    """Somebody sits for another at one meeting, and reads its papers as they would (domain.md 9.1)."""

    meeting = models.ForeignKey(HubMeeting, models.PROTECT, related_name="stand_ins")
    away = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="stood_in_at")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("meeting", "away", name="stand_in_one_for_each"),
            models.UniqueConstraint("meeting", "user", name="stand_in_for_one"),
            models.CheckConstraint(name="stand_in_is_another", condition=~Q(away=F("user"))),
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.away}"


@scope_part("hub_stood_in")
def _hub_stood_in() -> Any:
    return ArraySubquery(StandIn.objects.filter(user=OuterRef("pk")).values("meeting"))


@tracked()
class Attendance(models.Model):
    """Who came, for whom; somebody without an account is named."""

    meeting = models.ForeignKey(HubMeeting, models.PROTECT, related_name="attendance")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    presence = models.CharField(max_length=20, choices=Presence)

    class Meta:
        constraints = [
            models.UniqueConstraint("meeting", "user", name="attendance_once"),
            models.CheckConstraint(name="attendance_is_somebody", condition=Q(user__isnull=False) | ~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name or str(self.user)


class InterestQuerySet(ScopedQuerySet["Conflict"]):
    rules = access.CONFLICT_RULES

    def standing(self) -> InterestQuerySet:
        return self.filter(status__in=HIDES)


@tracked()
class Conflict(Versioned):
    """Somebody knows the family otherwise: from now on the hub's sight of it is closed to them (domain.md 9.2).

    One declared by mistake is taken back by two: whoever says so, and whoever runs the hub and confirms it.
    """

    meeting = models.ForeignKey(HubMeeting, models.PROTECT, null=True, blank=True, related_name="conflicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="conflicts")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=ConflictStatus, default=ConflictStatus.STANDING, editable=False)
    doubted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    doubted_at = models.DateTimeField(null=True, blank=True)
    doubted_why = models.TextField(blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "case", name="conflict_once", condition=~Q(status="taken_back")),
            models.CheckConstraint(
                name="conflict_doubted_says_why",
                condition=Q(status="standing", doubted_by=None, doubted_at=None, doubted_why="")
                | ~Q(status="standing") & Q(doubted_by__isnull=False, doubted_at__isnull=False) & ~Q(doubted_why=""),
            ),
            models.CheckConstraint(
                name="conflict_taken_back_by_two",
                condition=~Q(status="taken_back") & Q(confirmed_by=None, taken_back_at=None)
                | Q(status="taken_back", confirmed_by__isnull=False, taken_back_at__isnull=False)
                & ~Q(confirmed_by=F("doubted_by"))
                & ~Q(confirmed_by=F("user")),
            ),
        ]

    def __str__(self) -> str:
        """Of no family: whoever reads it may not hear of that one."""
        return f"The interest of {self.user}"

    @property
    def reference(self) -> str:
        return "An interest declared at the hub"

    def get_absolute_url(self) -> str:
        return reverse("hubs:interests", args=[self.meeting_id]) if self.meeting_id else reverse("hubs:meetings")


closed_through("case_conflict")


@scope_part("case_conflict")
def _case_conflict() -> Any:
    return ArraySubquery(Conflict.objects.standing().filter(user=OuterRef("pk")).values("case"))
