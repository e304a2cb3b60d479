"""What a person wishes an agency to be told of them: neither their agreement to be helped nor the law that lets us hold data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from earlyhelp.audit.models import append_only
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.words import within
from earlyhelp.families.models import Person
from earlyhelp.partnership.enums import AgencyKind
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing.enums import DECIDES_FROM, NO, WISH_COLOURS, YES, AskedHow, GivenBy, Whom, Wish


class PermissionQuerySet(ScopedQuerySet["Permission"]):
    rules = Through("person")

    def latest_first(self) -> PermissionQuerySet:
        return self.order_by("-at", "-pk")

    def standing_no(self) -> PermissionQuerySet:
        """Nos, and yeses taken back, that no later yes of the same voice, of the same reach, has followed."""
        same = {name: OuterRef(name) for name in ("person", "whom", "given_by", "kind")}
        later = Permission.objects.filter(wish__in=YES, at__gt=OuterRef("at"), **same)
        of_agency = Q(agency=OuterRef("agency")) | Q(agency=None)  # none where the reach is wider, and then of both
        of_parent = Q(parent=OuterRef("parent")) | Q(parent=None)
        return self.filter(~Exists(later.filter(of_agency, of_parent)), wish__in=NO)


class Permission(models.Model):
    """One answer, of one person, about one agency, one kind of agency or the whole team (domain.md 16).

    It is never edited: the next answer follows it, and ``deciding`` says which of them counts. A referral to a service has a
    yes of its own, to that one service, which is kept with the referral and not here: ``grounds`` reads it where it counts.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="permissions")
    whom = models.CharField("who may be told", max_length=10, choices=Whom)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("kind of agency", max_length=20, choices=AgencyKind, blank=True)
    wish = models.CharField("what they say", max_length=10, choices=Wish)
    limits = models.TextField("what they do not want told, in their own words", blank=True)
    given_by = models.CharField("who said so", max_length=10, choices=GivenBy)
    parent = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", help_text="Which parent answered."
    )
    capacity_note = models.TextField("how it was found that they cannot decide this, and who may", blank=True)
    years = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How old the person was; empty: unknown.")
    how = models.CharField("how they were asked", max_length=20, choices=AskedHow)
    at = models.DateTimeField()
    until_on = models.DateField("until when it holds", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PermissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="permission_names_whom",
                condition=Q(whom=Whom.AGENCY, agency__isnull=False, kind="")
                | Q(whom=Whom.KIND, agency=None) & ~Q(kind="")
                | Q(whom=Whom.TEAM, agency=None, kind=""),
            ),
            models.CheckConstraint(
                name="permission_limits_are_said",
                condition=Q(wish=Wish.LIMITED) & ~Q(limits="") | ~Q(wish=Wish.LIMITED) & Q(limits=""),
            ),
            models.CheckConstraint(
                name="permission_names_the_parent",
                condition=Q(given_by=GivenBy.PARENT, parent__isnull=False)
                | ~Q(given_by=GivenBy.PARENT) & Q(parent=None),
            ),
            models.CheckConstraint(
                name="permission_from_16_their_own",
                condition=~Q(given_by=GivenBy.PARENT)
                | Q(years=None)
                | Q(years__lt=DECIDES_FROM)
                | ~Q(capacity_note=""),
            ),
            models.CheckConstraint(
                name="permission_decider_says_why", condition=~Q(given_by=GivenBy.DECIDER) | ~Q(capacity_note="")
            ),
        ]
        indexes = [models.Index(fields=["person", "-at", "-id"], name="permission_person")]
        triggers = append_only(but=["person", "parent"])

    def __str__(self) -> str:
        return f"Permission {self.pk}"  # never whose, nor what: this string reaches logs

    @property
    def says_no(self) -> bool:
        return self.wish in NO

    @property
    def colour(self) -> str:
        return WISH_COLOURS[Wish(self.wish)]

    @property
    def about(self) -> str:
        """Who may be told, in words."""
        if self.whom == Whom.AGENCY:
            return str(self.agency)
        return (
            f"Every agency of this kind: {within(self.get_kind_display())}"
            if self.whom == Whom.KIND
            else Whom.TEAM.label
        )

    @property
    def voice(self) -> str:
        """Who said so, in words."""
        return f"{self.parent.name}, a parent" if self.parent else GivenBy(self.given_by).label
