from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.directory.models import Need
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.families.models import Family
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.models import Versioned
from referrals import access
from referrals.enums import (
    DECIDED,
    LIVE,
    STATUS_COLOURS,
    TRIAGING,
    WITH_A_CASE,
    WORRYING,
    Doubt,
    Safeguarding,
    SourceKind,
    Status,
    WithdrawnBy,
)

WARN_AFTER, DELETE_AFTER = timedelta(days=23), timedelta(days=30)  # of an untouched draft (domain.md 6.3)
PROGRAMME_NEEDS = 3  # headline needs from which the families programme is to be considered (domain.md R13)


class ReferralQuerySet(ScopedQuerySet["Referral"]):
    rules = access.REFERRAL_RULES

    def live(self) -> ReferralQuerySet:
        """Sent, and not decided."""
        return self.filter(status__in=LIVE)

    def drafts(self) -> ReferralQuerySet:
        return self.filter(status=Status.DRAFT)

    def with_decide_by(self) -> ReferralQuerySet:
        """Bring the moment by which it is to be decided; nothing once it is."""
        promised = ReferralDeadline.objects.open().filter(owner=OuterRef("pk"), code="D_TRIAGE").values("due_at")
        return self.annotate(decide_by=Subquery(promised[:1]))


@tracked()
class Referral(Versioned):
    """A request for help for a named family, from the first word of a draft to the decision of EH Access (domain.md 6.3)."""

    reference = models.CharField(max_length=20, unique=True)
    status = models.CharField(max_length=30, choices=Status, default=Status.DRAFT, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        help_text="Nobody: the family asked for help themselves, on the public form.",
    )
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="referrals")
    source_kind = models.CharField("who refers", max_length=20, choices=SourceKind, blank=True)
    contact_phone = models.CharField("how to reach you", max_length=40, blank=True)
    reach_safely = models.TextField("how to reach the family without harm", blank=True)
    doubts = ArrayField(
        models.CharField(max_length=10, choices=Doubt),
        default=list,
        blank=True,
        help_text="Why a program may have sent it. Empty once somebody has looked.",
    )
    family = models.ForeignKey(Family, models.PROTECT, related_name="referrals")
    area = models.ForeignKey(Area, models.PROTECT, related_name="referrals")
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField(
        help_text="When its author last changed it: an untouched draft is deleted in the end."
    )

    step_down = models.BooleanField(default=False, help_text="Social care asks: it ends its own work with the family.")
    closing_summary = models.TextField("what social care did, and what has changed", blank=True)
    plan_ahead = models.TextField("what is still to be done, and by whom", blank=True)
    returned_from = models.ForeignKey(
        "referrals.SocialCareHandover",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="step_downs",
        help_text="The hand-over by which the family came to social care, where it was one of ours.",
    )

    people_checked = models.BooleanField("the list of people is right", default=False)
    people_note = models.TextField("who is missing", blank=True)
    why_now = models.TextField("why now", blank=True)
    tried = models.TextField("what was tried", blank=True)
    wants = models.TextField("what the family wants", blank=True)
    needs = ArrayField(models.CharField(max_length=20, choices=Need), default=list, blank=True)
    strengths = models.TextField(blank=True)
    worries = models.TextField(blank=True)
    safeguarding = models.CharField("may anybody be at risk of harm", max_length=10, choices=Safeguarding, blank=True)
    safeguarding_detail = models.TextField(blank=True)
    urgent = models.BooleanField(null=True, blank=True)
    urgent_why = models.TextField(blank=True)
    no_agreement_reason = models.TextField("why nobody was asked to agree", blank=True)
    proposed_level = models.PositiveSmallIntegerField(
        "level of need proposed", choices=LevelOfNeed, null=True, blank=True
    )

    submitted_at = models.DateTimeField(null=True, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="referrals_held"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    level_of_need = models.PositiveSmallIntegerField(
        "level of need decided", choices=LevelOfNeed, null=True, blank=True
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="referrals")
    returned_at = models.DateTimeField(null=True, blank=True, help_text="When the hub last sent it back.")
    withdrawn_by = models.CharField(max_length=20, choices=WithdrawnBy, blank=True)
    withdrawn_why = models.TextField(blank=True)
    needs_second_look = models.BooleanField(default=False)
    second_look_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_look_at = models.DateTimeField(null=True, blank=True)
    second_look_note = models.TextField(blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "author", "family", name="referral_one_draft_a_family", condition=Q(status="draft")
            ),
            models.CheckConstraint(
                name="referral_by_somebody_or_the_family", condition=Q(author__isnull=False) | Q(source_kind="family")
            ),
            models.CheckConstraint(name="referral_doubted_only_from_outside", condition=Q(author=None) | Q(doubts=[])),
            models.CheckConstraint(
                name="referral_sent_is_answered",
                condition=Q(status="draft", submitted_at=None)
                | Q(submitted_at__isnull=False) & ~Q(safeguarding="") & ~Q(source_kind=""),
            ),
            models.CheckConstraint(
                name="referral_step_down_sent_with_plan",
                condition=Q(step_down=False, closing_summary="", plan_ahead="", returned_from=None)
                | Q(step_down=True, source_kind="social_care")
                & (Q(status="draft") | ~Q(closing_summary="") & ~Q(plan_ahead="")),
            ),
            models.CheckConstraint(
                name="referral_in_triage_is_held", condition=~Q(status__in=TRIAGING) | Q(holder__isnull=False)
            ),
            models.CheckConstraint(
                name="referral_decided_says_when",
                condition=Q(status__in=DECIDED, decided_at__isnull=False) | ~Q(status__in=DECIDED) & Q(decided_at=None),
            ),
            models.CheckConstraint(
                name="referral_case_when_accepted",
                condition=Q(status__in=WITH_A_CASE, case__isnull=False) | ~Q(status__in=WITH_A_CASE) & Q(case=None),
            ),
            models.CheckConstraint(
                name="referral_accepted_at_2_or_3", condition=~Q(status="accepted") | Q(level_of_need__in=(2, 3))
            ),
            models.CheckConstraint(
                name="referral_withdrawn_says_why",
                condition=Q(status="withdrawn") & ~Q(withdrawn_by="") & ~Q(withdrawn_why="") | ~Q(status="withdrawn"),
            ),
            models.CheckConstraint(
                name="referral_second_look_by_somebody",
                condition=Q(second_look_at=None, second_look_by=None)
                | Q(second_look_at__isnull=False, second_look_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-created_at", "-id"], name="referral_author"),
            models.Index("area", "status", "submitted_at", name="referral_area", condition=Q(status__in=LIVE)),
            models.Index("area", "decided_at", name="referral_decided", condition=Q(decided_at__isnull=False)),
            models.Index("family", "status", name="referral_family"),
            models.Index("case", name="referral_case", condition=Q(case__isnull=False)),
            models.Index("touched_at", name="referral_draft", condition=Q(status="draft")),
            models.Index("area", name="referral_second_look", condition=Q(needs_second_look=True, second_look_at=None)),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """One address for everybody: it leads each to what they may see of it."""
        return reverse("referrals:referral", args=[self.reference])

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def colour(self) -> str:
        return STATUS_COLOURS[Status(self.status)]

    @property
    def worrying(self) -> bool:
        """Its author said, or could not rule out, that somebody may be at risk."""
        return self.safeguarding in WORRYING

    @property
    def sender(self) -> str:
        """Who asked, in words."""
        return str(self.author) if self.author else "The family themselves"

    @property
    def place_unknown(self) -> bool:
        """Somebody asked for help who did not know in which district they live: EH Access says where, before it goes on."""
        return self.author_id is None and self.area.parent_id is None

    @property
    def for_programme(self) -> bool:
        """So many headline needs that the families programme is to be considered (domain.md R13)."""
        return len([need for need in self.needs if need != Need.CONNECTION]) >= PROGRAMME_NEEDS

    @property
    def deleted_on(self) -> datetime:
        """When this draft goes if nobody touches it."""
        return self.touched_at + DELETE_AFTER


class ReferralDeadlineQuerySet(DeadlineQuerySet["ReferralDeadline"]):
    rules = Through("owner")


class ReferralDeadline(Deadline):
    RESTRICTED = Q(owner__family__restricted=True)

    owner = models.ForeignKey(Referral, models.PROTECT, related_name="deadlines")

    objects = ReferralDeadlineQuerySet.as_manager()
