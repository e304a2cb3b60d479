"""What each person answers to early help, and whose voice it was."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.families.enums import DECIDES_FROM, AgreementStatus, AskedHow, GivenBy
from earlyhelp.families.models.record import Family, Person


class AgreementQuerySet(ScopedQuerySet["Agreement"]):
    rules = Through("family")


@tracked()
class Agreement(models.Model):
    """A person's yes or no to early help. Agreeing to be helped is not the law that lets us hold data (domain.md 16).

    ``given_by`` says whose voice it was: nobody's where they were not asked, and of old answers it was not written down.
    """

    family = models.ForeignKey(Family, models.PROTECT, related_name="agreements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="agreements")
    status = models.CharField(max_length=20, choices=AgreementStatus)
    why_not = models.TextField("why not, or why not asked", blank=True)
    given_by = models.CharField("who answered", max_length=10, choices=GivenBy, blank=True)
    parent = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", help_text="Which parent answered."
    )
    capacity_note = models.TextField("how it was found whether they can decide this, and who may", blank=True)
    years = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How old the person was; empty: unknown.")
    how = models.CharField("how they were asked", max_length=20, choices=AskedHow, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: the family wrote it themselves, on the public form.",
    )
    recorded_at = models.DateTimeField()

    objects = AgreementQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["family", "-recorded_at"], name="agreement_family")]
        constraints = [
            models.CheckConstraint(
                name="agreement_not_asked_says_why", condition=~Q(status="not_asked") | ~Q(why_not="")
            ),
            models.CheckConstraint(
                name="agreement_not_asked_no_voice", condition=~Q(status="not_asked") | Q(given_by="", how="")
            ),
            models.CheckConstraint(
                name="agreement_names_the_parent",
                condition=Q(given_by=GivenBy.PARENT, parent__isnull=False)
                | ~Q(given_by=GivenBy.PARENT) & Q(parent=None),
            ),
            models.CheckConstraint(
                name="agreement_from_16_their_own",
                condition=~Q(given_by=GivenBy.PARENT)
                | Q(years=None)
                | Q(years__lt=DECIDES_FROM)
                | ~Q(capacity_note=""),
            ),
            models.CheckConstraint(
                name="agreement_decider_says_why", condition=~Q(given_by=GivenBy.DECIDER) | ~Q(capacity_note="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_status_display()}"

    @property
    def voice(self) -> str:
        """Who answered, in words: nothing more of somebody who answered for themselves."""
        if self.parent:
            return f"{self.parent.name}, a parent"
        return GivenBy(self.given_by).label if self.given_by == GivenBy.DECIDER else ""
