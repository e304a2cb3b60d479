"""What stops the progress of a family's case, and who unpicks it (domain.md 4, system 20)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from earlyhelp.cases.enums import LEADING
from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.core.words import within
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.directory.models import Service
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Area, Post
from earlyhelp.partnership.scope import scope_part
from earlyhelp.partnership.waiting import waiting_part
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import BLOCKAGE_COLOURS, OPEN_BLOCKAGE, BlockageStatus, Level


class BlockageQuerySet(ScopedQuerySet["Blockage"]):
    rules = access.BLOCKAGE_RULES

    def open(self) -> BlockageQuerySet:
        return self.filter(status__in=OPEN_BLOCKAGE)

    def before_the_hub(self) -> BlockageQuerySet:
        """Taken to the hub, and not heard there yet."""
        return self.open().filter(level=Level.HUB, heard_at=None)

    def with_due(self) -> Any:
        """Bring with each the day by which something is owed: that somebody takes it, or that it is unpicked."""
        owed = BlockageDeadline.objects.open().filter(owner=OuterRef("pk")).order_by("due_at")
        return self.annotate(due_at=Subquery(owed.values("due_at")[:1]))

    def soonest_first(self) -> Any:
        """Of those read ``with_due``: the open ones, the first to be owed at the top; then the resolved, the newest first."""
        return self.order_by(F("due_at").asc(nulls_last=True), "-raised_at", "-pk")


@tracked()
class Blockage(Versioned):
    """Something stops a case, or an action of its plan: an agency that does not answer, a list that is closed, a missing service.

    ``asked`` is what service managers read of it: they answer for places and open no family (domain.md 5).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="blockages")
    what = models.TextField("what stops progress")
    stops = models.CharField("which action of the plan it stops", max_length=300, blank=True)
    since_on = models.DateField("since when")
    tried = models.TextField("what has been tried")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=BlockageStatus, default=BlockageStatus.RAISED, editable=False)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.TEAM, editable=False)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="blockages_owned"
    )
    act_by = models.DateField("by when", null=True, blank=True)
    asked = models.TextField("what is asked of service managers", blank=True, help_text="Names nobody.")
    escalated_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True, help_text="When the hub heard it, after it was taken there.")
    resolution = models.TextField("what unblocked it", blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = BlockageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="blockage_says_what", condition=~Q(what="") & ~Q(tried="")),
            models.CheckConstraint(
                name="blockage_owned_by_somebody_by_a_day",
                condition=~Q(status="owned") | Q(owner__isnull=False, act_by__isnull=False),
            ),
            models.CheckConstraint(
                name="blockage_owner_has_a_day",
                condition=Q(owner=None, act_by=None) | Q(owner__isnull=False, act_by__isnull=False),
            ),
            models.CheckConstraint(
                name="blockage_taken_further_says_when",
                condition=Q(level=1, escalated_at=None) | Q(level__in=(2, 3), escalated_at__isnull=False),
            ),
            models.CheckConstraint(name="blockage_managers_are_asked", condition=~Q(level=3) | ~Q(asked="")),
            models.CheckConstraint(
                name="blockage_resolved_says_how",
                condition=Q(status="resolved", resolved_at__isnull=False) & ~Q(resolution="")
                | ~Q(status="resolved") & Q(resolved_at=None, resolution=""),
            ),
        ]
        indexes = [
            models.Index("case", name="blockage_case", condition=Q(status__in=OPEN_BLOCKAGE)),
            models.Index("owner", "act_by", name="blockage_owner", condition=Q(status__in=OPEN_BLOCKAGE)),
            models.Index(fields=["case", "-raised_at"], name="blockage_of_case"),
        ]

    def __str__(self) -> str:
        return f"Blockage {self.pk}"

    @property
    def reference(self) -> str:
        return self.case.reference

    @property
    def area(self) -> Area:
        return self.case.area

    @property
    def area_id(self) -> int:
        return self.case.area_id

    def get_absolute_url(self) -> str:
        return reverse("hubs:blockage", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_BLOCKAGE

    @property
    def state(self) -> str:
        """In a few words, as it stands on a tag."""
        if self.status == BlockageStatus.ESCALATED:
            return f"With {within(self.get_level_display())}"
        return self.get_status_display()

    @property
    def colour(self) -> str:
        return BLOCKAGE_COLOURS[BlockageStatus(self.status)]

    @property
    def unblocks(self) -> str:
        """Who could unblock it, in a few words."""
        return str(self.service or self.agency or "")


class BlockageDeadlineQuerySet(DeadlineQuerySet["BlockageDeadline"]):
    rules = Through("owner")


class BlockageDeadline(Deadline):
    RESTRICTED = Q(owner__case__restricted=True)

    owner = models.ForeignKey(Blockage, models.PROTECT, related_name="deadlines")

    objects = BlockageDeadlineQuerySet.as_manager()


def open_on_case() -> ArraySubquery:
    """Over cases: their open blockages, as (pk, level, status): what an overview must not leave out."""
    rows = Blockage.objects.open().filter(case=OuterRef("pk")).order_by("pk")
    return ArraySubquery(rows.values(facts=JSONObject(pk="pk", level="level", status="status")))


@scope_part("blockages_owned")
def _owned() -> Any:
    return ArraySubquery(Blockage.objects.open().filter(owner=OuterRef("pk")).values("pk"))


@waiting_part("blockages_unowned")
def _unowned() -> Any:
    """Those for which this person owes a name: most owe none, and no more is read for them."""
    posts = Post.objects.current().filter(user=OuterRef(OuterRef("pk")))
    led = TeamMember.objects.current().filter(user=OuterRef(OuterRef("pk")), role__in=LEADING).values("case")
    hub = Q(level=Level.HUB, heard_at__isnull=False) & _around(posts, *access.RUNS)
    managers = Q(level=Level.MANAGERS) & _around(posts, Role.SERVICE_MANAGER)
    owed = Q(level=Level.TEAM, case__in=led) | hub | managers
    return ArraySubquery(Blockage.objects.open().filter(owed, owner=None).values("pk")[:50])


def _around(posts: Any, *roles: Role) -> Q:
    return Q(case__area__lineage__overlap=ArraySubquery(posts.filter(role__in=roles).values("area")))
