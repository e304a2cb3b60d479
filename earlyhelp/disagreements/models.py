"""A disagreement between professionals about what is decided for a family, and the stages by which it is settled."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.urls import reverse

from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.disagreements import access
from earlyhelp.disagreements.enums import COLOURS, About, Stage, Status
from earlyhelp.families.models import Family
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Area, Post
from earlyhelp.partnership.scope import scope_part
from earlyhelp.workflow.models import Versioned


class DisagreementQuerySet(ScopedQuerySet["Disagreement"]):
    rules = access.RULES

    def open(self) -> DisagreementQuerySet:
        return self.filter(status=Status.OPEN)


@tracked()
class Disagreement(Versioned):
    """Somebody who works with a family does not agree with a tier, a step or a hand-over (domain.md 8.5).

    Until it is settled the safest option applies; what that is, is said here.
    """

    reference = models.CharField(max_length=20, unique=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.OPEN, editable=False)
    stage = models.PositiveSmallIntegerField(choices=Stage, default=Stage.WORKERS, editable=False)
    about = models.CharField("what you disagree with", max_length=20, choices=About)
    record = models.CharField(max_length=20, help_text="The reference of what was decided: a case or a hand-over.")
    record_url = models.CharField(max_length=200)
    family = models.ForeignKey(Family, models.PROTECT, null=True, blank=True, related_name="disagreements")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="disagreements")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    decision = models.TextField("what was decided, and by whom")
    why = models.TextField("why you disagree")
    meanwhile = models.TextField("the safest option, which applies meanwhile")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="disagreements")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField()
    other = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who decided, or speaks for those who did: the other worker of the first stage.",
    )
    outcome = models.TextField("how it was settled", blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = DisagreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="disagreement_settled_says_how",
                condition=Q(status="open", resolved_at=None, outcome="")
                | Q(status="resolved", resolved_at__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(name="disagreement_names_the_safest_option", condition=~Q(meanwhile="")),
            models.CheckConstraint(name="disagreement_has_four_stages", condition=Q(stage__range=(1, 4))),
            models.CheckConstraint(
                name="disagreement_on_a_tier_has_a_case", condition=Q(about="handover") | Q(case__isnull=False)
            ),
            models.UniqueConstraint(
                "raised_by", "record", "about", name="disagreement_open_once", condition=Q(status="open")
            ),
        ]
        indexes = [
            models.Index("case", name="disagreement_case", condition=Q(status="open")),
            models.Index("record", name="disagreement_record"),
            models.Index("area", "stage", name="disagreement_area", condition=Q(status="open")),
            models.Index(fields=["raised_by", "-raised_at"], name="disagreement_raised"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("disagreements:disagreement", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def state(self) -> str:
        """In a few words, as it stands on a tag."""
        return self.get_stage_display() if self.is_open else Status.RESOLVED.label

    @property
    def colour(self) -> str:
        return COLOURS[Status(self.status)]


class StageQuerySet(ScopedQuerySet["DisagreementStage"]):
    rules = Through("disagreement")


@tracked()
class DisagreementStage(models.Model):
    """One stage: from when until when, and what came of it. The next begins in the moment in which one ends without agreement."""

    disagreement = models.ForeignKey(Disagreement, models.PROTECT, related_name="stages")
    stage = models.PositiveSmallIntegerField(choices=Stage)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    spoke_with = models.CharField("who spoke with whom", max_length=200, blank=True)
    outcome = models.TextField("what came of it", blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("disagreement", "stage", name="disagreement_stage_once"),
            models.UniqueConstraint("disagreement", name="disagreement_one_stage_open", condition=Q(until_at=None)),
            models.CheckConstraint(
                name="disagreement_stage_ended_says_what",
                condition=Q(until_at=None, outcome="", ended_by=None)
                | Q(until_at__isnull=False, ended_by__isnull=False) & ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disagreement}: {self.get_stage_display()}"


class DisagreementDeadlineQuerySet(DeadlineQuerySet["DisagreementDeadline"]):
    rules = Through("owner")


class DisagreementDeadline(Deadline):
    ESCALATES_TO: ClassVar[tuple[Role, Role]] = (Role.HUB_CHAIR, Role.SERVICE_MANAGER)

    RESTRICTED = Q(owner__family__restricted=True)

    owner = models.ForeignKey(Disagreement, models.PROTECT, related_name="deadlines")

    objects = DisagreementDeadlineQuerySet.as_manager()


@scope_part("disagreements")
def _concern_me() -> Any:
    """Open ones that this person raised, decided, or may be asked to settle: most have none, and no more is read for them."""
    posts = Post.objects.current().filter(user=OuterRef(OuterRef("pk")))
    teams = posts.filter(role=Role.TEAM_MANAGER).values("team")
    managers = (
        _where(posts, Role.TEAM_MANAGER, Role.IG_LEAD) | Q(raised_by__team__in=teams) | Q(case__lead__team__in=teams)
    )
    leaders = _where(posts, Role.HUB_CHAIR, Role.SERVICE_MANAGER)
    settles = managers & Q(stage__gte=Stage.MANAGERS) | leaders & Q(stage__gte=Stage.LEADERS)
    mine = Q(raised_by=OuterRef("pk")) | Q(other=OuterRef("pk")) | settles
    return ArraySubquery(Disagreement.objects.open().filter(mine).values("pk")[:50])


def _where(posts: Any, *roles: Role) -> Q:
    """In an area in which they hold one of these roles."""
    return Q(area__lineage__overlap=ArraySubquery(posts.filter(role__in=roles).values("area")))
