"""What a genogram shows besides people and who they are to each other: who was lost before birth, and how two get on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, ExtractYear

from earlyhelp.core import dates
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.families import access
from earlyhelp.families.enums import BondKind, LossKind, Sex
from earlyhelp.families.mistakes import EnteredInError, error_is_whole
from earlyhelp.families.models.record import Person
from earlyhelp.workflow.models import Versioned


class PregnancyLossQuerySet(ScopedQuerySet["PregnancyLoss"]):
    rules = Through("mother")

    def standing(self) -> PregnancyLossQuerySet:
        """Without what was entered in error; in the order in which they were."""
        day = ExtractYear("ended_on")
        return self.filter(error_at=None).order_by(Coalesce("ended_year", day), "ended_on", "pk")


@tracked()
class PregnancyLoss(Versioned, EnteredInError):
    """A pregnancy that ended: a stillbirth, or one that ended early.

    It is no ``Person``: nobody searches for it, matches it, counts it as a child or asks for its voice. It belongs to the
    record of its mother, of whose health it tells: whoever sees her sees it, and nobody else.
    """

    mother = models.ForeignKey(Person, models.PROTECT, related_name="losses")
    father = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("what it was", max_length=20, choices=LossKind)
    ended_on = models.DateField("the day", null=True, blank=True)
    ended_year = models.PositiveSmallIntegerField("the year, where nobody says the day", null=True, blank=True)
    name = models.CharField("the name that they gave", max_length=80, blank=True)
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.UNKNOWN)
    was = models.ForeignKey(  # the child not born yet, if one was written down
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = PregnancyLossQuerySet.as_manager()

    class Meta:
        verbose_name = "pregnancy that ended"
        verbose_name_plural = "pregnancies that ended"
        constraints = [
            models.UniqueConstraint("was", name="loss_of_a_child_once", condition=Q(error_at=None)),
            models.CheckConstraint(
                name="loss_day_or_year",
                condition=Q(ended_on=None) | Q(ended_year=None),
                violation_error_message="Enter the day or the year, not both.",
            ),
            models.CheckConstraint(
                name="loss_sex_of_a_stillborn",
                condition=Q(kind=LossKind.STILLBIRTH) | Q(sex=Sex.UNKNOWN),
                violation_error_message="Of a pregnancy that ended early no sex is kept.",
            ),
            models.CheckConstraint(name="loss_of_two", condition=Q(father=None) | ~Q(father=F("mother"))),
            error_is_whole("loss_error_is_whole"),
        ]

    def __str__(self) -> str:
        return f"Loss {self.pk}"  # never whose: this string reaches logs

    @property
    def is_stillbirth(self) -> bool:
        return self.kind == LossKind.STILLBIRTH

    @property
    def called(self) -> str:
        return self.name or ("A child" if self.is_stillbirth else "A pregnancy")

    @property
    def told(self) -> str:
        """«Rose, stillborn on 3 March 2019»; «A pregnancy that ended early, in 2018»."""
        when = (
            f" on {dates.day(self.ended_on)}" if self.ended_on else f" in {self.ended_year}" if self.ended_year else ""
        )
        if self.is_stillbirth:
            return f"{self.called}, stillborn{when}"
        return f"{f'{self.name}, a' if self.name else 'A'} pregnancy that ended early{',' if when else ''}{when}"


class BondQuerySet(ScopedQuerySet["Bond"]):
    rules = access.BOND_RULES

    def standing(self) -> BondQuerySet:
        """Without what was entered in error. One that has ended stands: somebody saw it so."""
        return self.filter(error_at=None)

    def live(self) -> BondQuerySet:
        return self.filter(Bond.LIVE)

    def of(self, one: int, other: int) -> BondQuerySet:
        """Between these two, whichever stands first."""
        return self.filter(Q(person=one, other=other) | Q(person=other, other=one))


@tracked()
class Bond(EnteredInError):
    """How two people get on, as somebody saw it on a day: an opinion, not a fact, and so with its author.

    It is never edited: who sees it otherwise says so, and what was said before ends on that day. The two stand in the order of
    their keys, so that the database holds one at a time of any two.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField("how they get on", max_length=20, choices=BondKind)
    said_by = models.ForeignKey(  # none: whoever wrote it down
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="who says so"
    )
    said_on = models.DateField("when it was said")
    ended_on = models.DateField("until when it was so", null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = BondQuerySet.as_manager()

    LIVE = Q(error_at=None, ended_on=None)

    class Meta:
        verbose_name = "view of how two get on"
        verbose_name_plural = "views of how two get on"
        constraints = [
            models.UniqueConstraint(
                "person", "other", name="bond_one_of_two", condition=Q(error_at=None, ended_on=None)
            ),
            models.CheckConstraint(name="bond_of_two", condition=~Q(person=F("other"))),
            models.CheckConstraint(
                name="bond_ends_after_it_was_said", condition=Q(ended_on=None) | Q(ended_on__gte=F("said_on"))
            ),
            error_is_whole("bond_error_is_whole"),
        ]

    def __str__(self) -> str:
        return f"Bond {self.pk}"  # never whose: this string reaches logs

    @property
    def words(self) -> str:
        """Without who says so: «Dana Grant and Robin Grant are close»."""
        verb, until = ("were", f" until {dates.day(self.ended_on)}") if self.ended_on else ("are", "")
        return f"{self.person.name} and {self.other.name} {verb} {self.get_kind_display()}{until}"

    @property
    def sentence(self) -> str:
        """With who says so, and since when: it is how they see it."""
        return self.as_seen_by(self.said_by.name if self.said_by else "")

    def as_seen_by(self, name: str) -> str:
        """``name``: of whoever said so; empty, it is how whoever wrote it down sees it."""
        return f"{self.words}, as {name or self.recorded_by} saw it on {dates.day(self.said_on)}"
