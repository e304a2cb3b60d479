from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.families.models import Family
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.models import Versioned
from referrals import access
from referrals.enums import HANDOVER_COLOURS, UNACKNOWLEDGED, HandoverStatus
from referrals.models.referral import Referral


class HandoverQuerySet(ScopedQuerySet["SocialCareHandover"]):
    rules = access.HANDOVER_RULES

    def unacknowledged(self) -> HandoverQuerySet:
        return self.filter(status__in=UNACKNOWLEDGED)


@tracked()
class SocialCareHandover(Versioned):
    """Somebody may be at risk: the telephone first, this record after. Nothing stands in its way (domain.md 6.9)."""

    reference = models.CharField(max_length=20, unique=True)
    status = models.CharField(max_length=20, choices=HandoverStatus, default=HandoverStatus.SENT, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="handovers")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    about = models.CharField("who is it about", max_length=255)
    family = models.ForeignKey(Family, models.PROTECT, null=True, blank=True, related_name="handovers")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="handovers")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, blank=True, related_name="handovers")
    concern = models.TextField("what has happened, or is feared")
    source = models.TextField("who told you, and when", blank=True)
    family_told = models.BooleanField("has the family been told")
    not_told_why = models.TextField("why the family has not been told", blank=True)
    sent_at = models.DateTimeField()

    spoken_to = models.CharField("who at social care", max_length=120, blank=True)
    their_reference = models.CharField("social care’s reference", max_length=60, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField("what social care will do, or why not", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closing_summary = models.TextField(blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="handover_not_told_says_why", condition=Q(family_told=True) | ~Q(not_told_why="")
            ),
            models.CheckConstraint(
                name="handover_acknowledged_says_by_whom",
                condition=Q(status__in=UNACKNOWLEDGED, acknowledged_at=None)
                | ~Q(status__in=UNACKNOWLEDGED) & Q(acknowledged_at__isnull=False) & ~Q(spoken_to=""),
            ),
            models.CheckConstraint(
                name="handover_answered_says_what",
                condition=~Q(status__in=("accepted", "not_accepted", "returned"))
                | Q(answered_at__isnull=False) & ~Q(answer=""),
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-sent_at", "-id"], name="handover_author"),
            models.Index(fields=["area", "-sent_at", "-id"], name="handover_area"),
            models.Index("status", "sent_at", name="handover_open", condition=Q(status__in=UNACKNOWLEDGED)),
            models.Index("case", name="handover_case", condition=Q(case__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("referrals:handover", args=[self.reference])

    @property
    def colour(self) -> str:
        return HANDOVER_COLOURS[HandoverStatus(self.status)]

    @property
    def is_unacknowledged(self) -> bool:
        return self.status in UNACKNOWLEDGED


@tracked()
class HandoverCall(models.Model):
    """What was said to whom: one conversation with social care about a hand-over, or that nobody answered. Never altered."""

    handover = models.ForeignKey(SocialCareHandover, models.PROTECT, related_name="calls")
    at = models.DateTimeField()
    spoken_to = models.CharField(max_length=120, blank=True, help_text="Empty: nobody answered.")
    said = models.TextField("what was said", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="call_says_something", condition=~Q(spoken_to="") | ~Q(said="")),
        ]
        indexes = [models.Index(fields=["handover", "at", "id"], name="call_of_handover")]

    def __str__(self) -> str:
        return f"Call {self.pk} about {self.handover}"


class HandoverDeadlineQuerySet(DeadlineQuerySet["HandoverDeadline"]):
    rules = Through("owner")


class HandoverDeadline(Deadline):
    RESTRICTED = Q(owner__family__restricted=True)

    owner = models.ForeignKey(SocialCareHandover, models.PROTECT, related_name="deadlines")

    objects = HandoverDeadlineQuerySet.as_manager()
