"""The way into a new account, the agency’s own sign-on, and what somebody says of themselves for one use alone."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from earlyhelp.core.sealing import SealedField, seal, unseal


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> InvitationQuerySet:
        return self.filter(used_at=None, ends_at__gt=now, user__is_active=True)


class Invitation(models.Model):
    """Lets one person choose a password. Of its link only a digest is kept: whoever reads this table opens nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("user", name="invitation_one_open_each", condition=Q(used_at=None)),
            models.CheckConstraint(name="invitation_ends_after_it_begins", condition=Q(ends_at__gt=F("made_at"))),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def letter_key(self) -> str:
        return f"invitation-{self.pk}"


class SignOn(models.Model):
    """Somebody's identity at their agency's own sign-on, bound once: from then on it counts, and no e-mail address does."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ons")
    provider = models.CharField(max_length=40)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("provider", "subject", name="sign_on_of_one_person"),
            models.UniqueConstraint("user", "provider", name="sign_on_once_each"),
        ]

    def __str__(self) -> str:
        return f"{self.user} by {self.provider}"


class Home(models.Model):
    """The street in which somebody lives, if they like to say so: for the look at their reads by night, and nothing else (P5).

    Sealed, shown to nobody but them, in no list and without a history: what they take back is gone.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    sealed = SealedField(editable=False)

    def __str__(self) -> str:
        return f"home {self.pk}"  # never where: this string reaches logs

    @property
    def place(self) -> dict[str, str]:
        """``street``, which may be empty, and ``postcode``."""
        return json.loads(unseal(self.sealed, bound_to=self.binding))

    def seal(self, *, street: str, postcode: str) -> None:
        """Whoever calls this saves it."""
        self.sealed = seal(json.dumps({"street": street, "postcode": postcode}), bound_to=self.binding)

    @property
    def binding(self) -> str:
        return f"{self._meta.label_lower}:{self.pk}"
