from __future__ import annotations

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet
from referrals import access
from referrals.models.referral import Referral

LONGEST = 2_000  # characters: what is longer belongs in the record, or in a call
TAKEN_BACK_WITHIN = timedelta(minutes=15)  # later its author can still mark it, but others may have acted on it


class ReferralMessageQuerySet(ScopedQuerySet["ReferralMessage"]):
    rules = access.MESSAGE_RULES

    def unread(self) -> ReferralMessageQuerySet:
        return self.filter(read_at=None, error_at=None)

    def newest_first(self) -> ReferralMessageQuerySet:
        return self.select_related("by", "read_by").order_by("-at", "-pk")


class ReferralMessage(models.Model):
    """A few words between whoever referred and whoever holds the family now (screens.md B5).

    What was said stays said: the database refuses another text. Its author may mark it as entered in error.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="messages")
    case = models.ForeignKey(
        Case,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrer_messages",
        help_text="The case that was open when it was written: its lead professional reads it as well.",
    )
    from_referrer = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField("message", max_length=LONGEST)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    error_at = models.DateTimeField("when it was marked as entered in error", null=True, blank=True)

    objects = ReferralMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="referral_message_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="referral_message_read_by_somebody",
                condition=Q(read_at=None, read_by=None) | Q(read_at__isnull=False, read_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["referral", "-at", "-id"], name="referral_message_thread"),
            models.Index(
                "from_referrer",
                "referral",
                name="referral_message_unread",
                condition=Q(read_at=None, error_at=None),
            ),
            models.Index("case", name="referral_message_case", condition=Q(case__isnull=False)),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="referral_message_is_not_rewritten", fields=["referral", "from_referrer", "by", "at", "text"]
            ),
            pgtrigger.Protect(name="referral_message_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Message, {self.referral}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:messages", args=[self.referral.reference])

    @property
    def is_unread(self) -> bool:
        return self.read_at is None and self.error_at is None

    @property
    def taken_back(self) -> bool:
        """Marked so soon that nobody is shown what it said."""
        return self.error_at is not None and self.error_at - self.at <= TAKEN_BACK_WITHIN

    @property
    def shown(self) -> str:
        """Its words, as far as anybody is shown them."""
        return "" if self.taken_back else self.text
