"""The early help episode of one family: who holds it, at which tier, in which state, and what is promised."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.urls import reverse
from guardian.models import UserObjectPermissionBase

from earlyhelp.cases import access
from earlyhelp.cases.enums import (
    EPISODE_OVER,
    HANDED_ON,
    LEADING,
    LED,
    LIVE,
    OPEN,
    AllocationEnd,
    AllocationStatus,
    CaseKind,
    EmergencyStatus,
    EndReason,
    FollowUpResult,
    NotOpenedReason,
    Preference,
    Status,
    TeamRole,
    Tier,
)
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.directory.models import Service
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.families.models import NOT_EXPIRED, Family
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Area, Cover, Post, User
from earlyhelp.partnership.scope import covered_by, scope_part
from earlyhelp.workflow.models import Versioned

_ended = Q(status__in=EPISODE_OVER)
_carried = ["tier", "restricted", "family"]  # what somebody carries is summed from the index alone, and no row read


def inside(area: Any) -> Q:
    """Over cases: of this area, by its identity, and all inside it."""
    here = Func(area, template="ARRAY[%(expressions)s]", output_field=ArrayField(models.BigIntegerField()))
    return Q(area__in=Area.objects.filter(lineage__contains=here))


class CaseQuerySet(ScopedQuerySet["Case"]):
    rules = access.RULES

    def live(self) -> CaseQuerySet:
        """Waiting for the hub, or open."""
        return self.filter(status__in=LIVE)

    def open(self) -> CaseQuerySet:
        return self.filter(status__in=OPEN)

    def led(self) -> CaseQuerySet:
        return self.filter(status__in=LED)

    def awaiting_decision(self) -> CaseQuerySet:
        return self.filter(status=Status.AWAITING_DECISION)

    def within(self, area: Any) -> CaseQuerySet:
        """Of this area, by its identity, and all inside it."""
        return self.filter(inside(area))

    def matching(self, text: str, user: Any) -> CaseQuerySet:
        """By reference, or by the beginning of the family's name where the person may read it: else it could be spelled out."""
        named = Q(family__name__istartswith=text) & access.view(self, user)
        return self.filter(Q(reference__iexact=text) | named)

    def review_overdue(self, today: date) -> CaseQuerySet:
        return self.filter(next_review_on__lt=today)

    def review_due(self, today: date, days: int = 14) -> CaseQuerySet:
        return self.filter(next_review_on__range=(today, today + timedelta(days=days)))

    def by_next_review(self) -> CaseQuerySet:
        return self.order_by(F("next_review_on").asc(nulls_last=True), "pk")


@tracked()
class Case(Versioned):
    """One early help episode. It waits here for the hub's decision; the episode itself begins when the hub allocates."""

    reference = models.CharField(max_length=20, unique=True)
    family = models.ForeignKey(Family, models.PROTECT, related_name="cases")
    area = models.ForeignKey(Area, models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=10, choices=CaseKind, default=CaseKind.FAMILY)
    status = models.CharField(max_length=20, choices=Status, default=Status.AWAITING_DECISION, editable=False)
    tier = models.PositiveSmallIntegerField(choices=Tier, null=True, blank=True)
    proposed_tier = models.PositiveSmallIntegerField(choices=Tier, null=True, blank=True)
    level_of_need = models.PositiveSmallIntegerField(choices=LevelOfNeed)
    request = models.TextField(
        "what is asked", help_text="In the referrer’s words: why now, and what the family wants."
    )
    urgent = models.BooleanField(default=False)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cases_led")
    accepted_at = models.DateTimeField(help_text="When EH Access accepted it for early help.")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=30, choices=EndReason, blank=True)
    not_opened_reason = models.CharField(max_length=20, choices=NotOpenedReason, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    timebox_ends_on = models.DateField(
        null=True, blank=True, help_text="The day on which a time-limited programme ends; empty if there is none."
    )
    closure_summary = models.TextField(blank=True)
    closure_approved = models.BooleanField(
        default=False, help_text="A step down below tier 2 was approved: closing enacts it."
    )
    follow_up_agreed = models.BooleanField(null=True, blank=True)
    follow_up_result = models.CharField(max_length=20, choices=FollowUpResult, blank=True)
    follow_up_note = models.TextField(blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    restricted = models.BooleanField(default=False)
    named_chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The one chair who decides on a restricted record.",
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="case_tier_0_to_3", condition=Q(tier=None) | Q(tier__range=(0, 3))),
            models.CheckConstraint(name="case_open_at_tier_2_or_3", condition=~Q(status__in=OPEN) | Q(tier__in=(2, 3))),
            models.CheckConstraint(name="case_led_has_lead", condition=~Q(status__in=LED) | Q(lead__isnull=False)),
            models.CheckConstraint(
                name="case_episode_has_begun",
                condition=Q(status__in=("awaiting_decision", "not_opened")) | Q(opened_on__isnull=False),
            ),
            models.CheckConstraint(
                name="case_closed_says_when_and_why",
                condition=(_ended & Q(closed_on__isnull=False) & ~Q(end_reason=""))
                | (~_ended & Q(closed_on=None, end_reason="")),
            ),
            models.CheckConstraint(
                name="case_not_opened_says_why",
                condition=(Q(status="not_opened") & ~Q(not_opened_reason=""))
                | (~Q(status="not_opened") & Q(not_opened_reason="")),
            ),
            models.CheckConstraint(
                name="case_ends_after_it_begins", condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on"))
            ),
            models.UniqueConstraint("family", name="case_one_live_a_family", condition=Q(status__in=LIVE)),
            models.CheckConstraint(
                name="case_timebox_while_open", condition=Q(timebox_ends_on=None) | Q(status__in=OPEN)
            ),
            models.CheckConstraint(
                name="case_step_out_is_closing", condition=Q(closure_approved=False) | Q(status="closing") | _ended
            ),
        ]
        indexes = [
            models.Index("area", "tier", "next_review_on", "id", name="case_area_tier", condition=Q(status__in=LIVE)),
            models.Index("area", "next_review_on", "id", name="case_area_review", condition=Q(status__in=LIVE)),
            models.Index("next_review_on", "id", name="case_review", condition=Q(status__in=LIVE)),
            models.Index("lead", "status", name="case_lead", condition=Q(status__in=LIVE), include=_carried),
            models.Index("status", "area", "accepted_at", name="case_status"),
            models.Index(
                "lead", name="case_follow_up", condition=Q(follow_up_agreed=True, status__in=("closed", "follow_up"))
            ),
            models.Index("family", "id", name="case_restricted", condition=Q(restricted=True)),
            models.Index("named_chair", name="case_chaired", condition=Q(restricted=True, named_chair__isnull=False)),
            models.Index(
                "accepted_by", name="case_entrusted", condition=Q(restricted=True, status__in=access.HELD_BY_ACCESS)
            ),
            models.Index(
                "area",
                "status",
                "tier",
                "lead",
                "next_review_on",
                "opened_on",
                "restricted",
                name="case_dashboard",
                condition=Q(status__in=LIVE),
                include=["family"],  # asked of each row by the wall (ADR 13): without it the rows themselves are read
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.reference])

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_led(self) -> bool:
        return self.status in LED

    @property
    def holder(self) -> str:
        """Who answers for the family now: a lead professional, or until one has accepted EH Access (rule 2 of domain.md 1)."""
        if self.status in LED and self.lead is not None:
            return str(self.lead)
        return Role.EH_ACCESS.label if self.status in LIVE else ""


class AllocationQuerySet(ScopedQuerySet["Allocation"]):
    rules = Through("case")


@tracked()
class Allocation(models.Model):
    """An offer of a family to a worker, and what became of it. Who holds the case is never overwritten, only succeeded."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="allocations")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="allocations")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in LEADING])
    status = models.CharField(max_length=20, choices=AllocationStatus, default=AllocationStatus.OFFERED)
    preference = models.CharField(max_length=20, choices=Preference)
    preference_note = models.TextField(help_text="What the family said, or why they were not asked.")
    over_limit_reason = models.TextField(blank=True)
    because = models.CharField(
        "why another is to lead",
        max_length=20,
        choices=AllocationEnd,
        blank=True,
        help_text="Of a family that has a lead: kept as the end of theirs once this is accepted.",
    )
    handover_note = models.TextField(
        blank=True, help_text="Of a family that has a lead: what the next one needs to know first."
    )
    joint_visit = models.TextField(blank=True, help_text="When both visit the family together, or why they do not.")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=120, choices=AllocationEnd, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("case", name="allocation_one_offer", condition=Q(status="offered")),
            models.UniqueConstraint("case", name="allocation_one_accepted", condition=Q(status="accepted")),
            models.CheckConstraint(
                name="allocation_declined_says_why", condition=~Q(status="declined") | ~Q(decline_reason="")
            ),
            models.CheckConstraint(
                name="allocation_ended_says_when_and_why",
                condition=Q(status="ended", ended_at__isnull=False, end_reason__in=AllocationEnd.values)
                | ~Q(status="ended") & Q(ended_at=None, end_reason=""),
            ),
            models.CheckConstraint(
                name="allocation_handed_on_because", condition=Q(because__in=["", *(each.value for each in HANDED_ON)])
            ),
        ]
        indexes = [models.Index("worker", "status", "offered_at", name="allocation_worker")]

    def __str__(self) -> str:
        return f"{self.case} to {self.worker}: {self.get_status_display()}"


class TeamMemberQuerySet(ScopedQuerySet["TeamMember"]):
    rules = Through("case")

    def current(self) -> TeamMemberQuerySet:
        return self.filter(until_at=None)


@tracked()
class TeamMember(models.Model):
    """Somebody of the Team Around the Family, from a moment and until one. The single truth for who works with a family."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    name = models.CharField(
        max_length=120, blank=True, help_text="Of somebody without an account: a grandmother, a volunteer."
    )
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=20, choices=TeamRole)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    all_the_same = models.TextField("why they joined though somebody has not said yes to their agency", blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "user", name="team_member_once", condition=Q(until_at=None)),
            models.UniqueConstraint("case", name="team_one_lead", condition=Q(until_at=None, role__in=LEADING)),
            models.CheckConstraint(
                name="team_member_is_somebody", condition=Q(user__isnull=False) | ~Q(name="") | Q(service__isnull=False)
            ),
        ]
        indexes = [models.Index("user", "case", name="team_user", condition=Q(until_at=None))]

    def __str__(self) -> str:
        return str(self.user or self.name or self.service)


@tracked()
class TierChange(models.Model):
    """A tier is set or changed only here, by a decision with a name, a reason and a date (domain.md T2)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="tier_changes")
    from_tier = models.PositiveSmallIntegerField(choices=Tier, null=True)
    to_tier = models.PositiveSmallIntegerField(choices=Tier)
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case}: {self.from_tier} to {self.to_tier}"


class CaseUserObjectPermission(UserObjectPermissionBase):
    """A named exception, kept by guardian beside the case: a lent worker, break glass. With a reason and an expiry."""

    content_object = models.ForeignKey(Case, models.CASCADE, related_name="grants")
    reason = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)


class EmergencyAccessQuerySet(ScopedQuerySet["EmergencyAccess"]):
    rules = access.EMERGENCY_RULES

    def open(self) -> EmergencyAccessQuerySet:
        return self.filter(status=EmergencyStatus.OPEN)


@tracked()
class EmergencyAccess(Versioned):
    """Somebody opened a case that was closed to them, for a day, because safeguarding could not wait (domain.md 5 e).

    What opens it is the grant beside the case; this is why, and what whoever weighs it afterwards says of it (promise P6).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="emergencies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=EmergencyStatus, default=EmergencyStatus.OPEN, editable=False)
    note = models.TextField("what whoever weighed it says", blank=True)
    weighed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    weighed_at = models.DateTimeField(null=True, blank=True)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        permissions = [("emergency_access", "May open one case in an emergency, with a reason")]
        constraints = [
            models.CheckConstraint(name="emergency_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="emergency_weighed_says_what",
                condition=Q(status="open", weighed_at=None)
                | ~Q(status="open") & Q(weighed_at__isnull=False) & ~Q(note=""),
            ),
        ]
        indexes = [models.Index(fields=["case", "-opened_at"], name="emergency_case")]

    def __str__(self) -> str:
        return f"{self.case} in an emergency"

    def get_absolute_url(self) -> str:
        return reverse("cases:emergencies")


@scope_part("emergency")
def _emergency() -> Any:
    """Not empty for those who may open a case in an emergency: named people, not a whole post."""
    may = User.user_permissions.through.objects.filter(user=OuterRef("pk"), permission__codename="emergency_access")
    return ArraySubquery(may.values("permission"))


class CaseDeadlineQuerySet(DeadlineQuerySet["CaseDeadline"]):
    rules = Through("owner")


class CaseDeadline(Deadline):
    RESTRICTED = Q(owner__restricted=True)

    owner = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")

    objects = CaseDeadlineQuerySet.as_manager()


# What a person's scope holds about cases, each an array read with the rest of it.


@scope_part("case_team")
def _case_team() -> Any:
    return ArraySubquery(TeamMember.objects.current().filter(user=OuterRef("pk")).values("case"))


@scope_part("case_led")
def _case_led() -> Any:
    return ArraySubquery(TeamMember.objects.current().filter(user=OuterRef("pk"), role__in=LEADING).values("case"))


@scope_part("case_team_covered")
def _case_team_covered() -> Any:
    """Of those for whom one covers; a restricted record is entrusted to people by name."""
    return ArraySubquery(_covered().values("case"))


@scope_part("case_led_covered")
def _case_led_covered() -> Any:
    return ArraySubquery(_covered().filter(role__in=LEADING).values("case"))


def _covered() -> Any:
    return TeamMember.objects.current().filter(user__in=covered_by(), case__restricted=False)


@scope_part("case_offered")
def _case_offered() -> Any:
    return ArraySubquery(
        Allocation.objects.filter(worker=OuterRef("pk"), status=AllocationStatus.OFFERED).values("case")
    )


@scope_part("case_offered_to_team")
def _case_offered_to_team() -> Any:
    return _offered_to_teams(Q(user=OuterRef(OuterRef("pk"))))


@scope_part("case_offered_to_team_covered")
def _case_offered_to_team_covered() -> Any:
    covers = Cover.objects.current().filter(colleague=OuterRef(OuterRef(OuterRef("pk"))))
    return _offered_to_teams(Q(user__in=covers.values("person")))


def _offered_to_teams(whose: Q) -> Any:
    """What is offered to somebody of the teams that they manage; a restricted record is between its worker and its chair."""
    teams = Post.objects.current().filter(whose, role=Role.TEAM_MANAGER, team__isnull=False).values("team")
    offered = Allocation.objects.filter(worker__team__in=teams, status=AllocationStatus.OFFERED)
    return ArraySubquery(offered.filter(case__restricted=False).values("case"))


@scope_part("case_chaired")
def _case_chaired() -> Any:
    return ArraySubquery(Case.objects.filter(named_chair=OuterRef("pk"), restricted=True).values("pk"))


@scope_part("case_entrusted")
def _case_entrusted() -> Any:
    held = Case.objects.filter(accepted_by=OuterRef("pk"), restricted=True, status__in=access.HELD_BY_ACCESS)
    return ArraySubquery(held.values("pk"))


@scope_part("case_follow_up")
def _case_follow_up() -> Any:
    """Whoever led a case keeps sight of it while its follow-up is theirs to do."""
    due = Case.objects.filter(lead=OuterRef("pk"), follow_up_agreed=True, status__in=(Status.CLOSED, Status.FOLLOW_UP))
    return ArraySubquery(due.values("pk"))


@scope_part("case_granted")
def _case_granted() -> Any:
    live = CaseUserObjectPermission.objects.filter(NOT_EXPIRED, user=OuterRef("pk"))
    return ArraySubquery(live.filter(permission__codename="view_case").values("content_object"))


@scope_part("managed_workers")
def _managed_workers() -> Any:
    teams = (
        Post.objects.current()
        .filter(user=OuterRef(OuterRef("pk")), role=Role.TEAM_MANAGER, team__isnull=False)
        .values("team")
    )
    return ArraySubquery(User.objects.filter(team__in=teams).values("pk"))


@scope_part("managed_workers_covered")
def _managed_workers_covered() -> Any:
    covers = Cover.objects.current().filter(colleague=OuterRef(OuterRef(OuterRef("pk")))).values("person")
    posts = Post.objects.current().filter(user__in=covers, role=Role.TEAM_MANAGER, team__isnull=False)
    return ArraySubquery(User.objects.filter(team__in=posts.values("team")).values("pk"))
