"""People introduced to a Local Area Coordinator: their own vision first, and what came of it (domain.md 12.3)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.directory.models import Service
from earlyhelp.families.access import is_restricted
from earlyhelp.families.models import Person
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.models import Versioned
from lac import access
from lac.enums import ALONGSIDE, PRESENT, ConnectionKind, ContributionKind, Source, Status


class IntroductionQuerySet(ScopedQuerySet["Introduction"]):
    rules = access.RULES

    def alongside(self) -> IntroductionQuerySet:
        return self.filter(status__in=ALONGSIDE)

    def present(self) -> IntroductionQuerySet:
        """Waiting to be met, in touch, or alongside."""
        return self.filter(status__in=PRESENT)

    def with_person_rights(self, user: Any) -> IntroductionQuerySet:
        """Bring with each whether this reader may see the person’s own record: an introduction alone does not open it."""
        seen = Through("person")["view"](self, user)
        return self.annotate(may_see_person=ExpressionWrapper(seen, output_field=models.BooleanField()))

    def matching(self, text: str) -> IntroductionQuerySet:
        """By reference, or by the beginning of either name."""
        named = Q(person__first_name__istartswith=text) | Q(person__last_name__istartswith=text)
        return self.filter(named | Q(reference__iexact=text))


@tracked()
class Introduction(Versioned):
    """How a person came to a coordinator, and where they are now. Whoever moves on may come back without a new one."""

    reference = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="introductions")
    area = models.ForeignKey(Area, models.PROTECT, related_name="introductions")
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="people_alongside"
    )
    status = models.CharField(max_length=20, choices=Status, default=Status.RECEIVED, editable=False)
    source = models.CharField("introduced by", max_length=20, choices=Source)
    introduced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="introductions_made")
    hopes = models.TextField(
        "what they hope for", max_length=600, help_text="Three sentences; no diagnosis, no eligibility."
    )
    how_to_reach = models.CharField("how they would like to be reached", max_length=200)
    agreed = models.BooleanField("agrees to be contacted")
    received_at = models.DateTimeField()
    since_on = models.DateField("since", null=True, blank=True, help_text="Where they are now, since this day.")

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="introduction_is_agreed", condition=Q(agreed=True)),
            models.UniqueConstraint("person", name="introduction_one_present", condition=Q(status__in=PRESENT)),
            models.CheckConstraint(
                name="introduction_met_by_somebody", condition=~Q(status__in=ALONGSIDE) | Q(coordinator__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["area", "status", "-received_at", "-id"], name="introduction_area"),
            models.Index("coordinator", "status", name="introduction_coordinator", condition=Q(status__in=ALONGSIDE)),
            models.Index(fields=["introduced_by", "-received_at"], name="introduction_made_by"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("lac:person", args=[self.reference])

    @property
    def told_to_introducer(self) -> str:
        """All that whoever introduced them may know."""
        return "Received" if self.status in (Status.RECEIVED, Status.UNABLE_TO_CONTACT) else "In touch"


class OfIntroduction(models.Model):
    """Something that belongs to one person's time with a coordinator, and is seen by whoever sees that."""

    introduction: models.ForeignKey
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True


class OwnQuerySet(ScopedQuerySet[Any]):
    rules = Through("introduction")


@tracked()
class GoodLifeVision(OfIntroduction):
    """A person's own plan, in their own words. Written again it is a new version: what they said before stays said."""

    introduction = models.ForeignKey(Introduction, models.PROTECT, related_name="visions")
    version = models.PositiveSmallIntegerField()
    vision = models.TextField("my vision for a good life")
    strengths = models.TextField("my strengths, interests and gifts", blank=True)
    people = models.TextField("the people in my life", blank=True)
    matters = models.TextField("what matters to me", blank=True)
    helps = models.TextField("what would help", blank=True)
    next_steps = models.TextField("my next small steps", blank=True)

    objects = OwnQuerySet.as_manager()

    WORDS = ("vision", "strengths", "people", "matters", "helps", "next_steps")

    class Meta:
        constraints = [models.UniqueConstraint("introduction", "version", name="vision_version_once")]

    def __str__(self) -> str:
        return f"{self.introduction}, version {self.version}"

    def said(self) -> list[tuple[str, str]]:
        """(heading, words) for everything said, and no empty headings."""
        labels = {field.name: str(field.verbose_name) for field in self._meta.fields}
        return [
            (labels[name][0].upper() + labels[name][1:], text) for name in self.WORDS if (text := getattr(self, name))
        ]


@tracked()
class Conversation(OfIntroduction):
    introduction = models.ForeignKey(Introduction, models.PROTECT, related_name="conversations")
    on = models.DateField("day")
    where = models.CharField(max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField()
    next_step = models.CharField("next small step", max_length=200, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["introduction", "-on", "-id"], name="conversation_newest")]

    def __str__(self) -> str:
        return f"Conversation {self.pk}"


@tracked()
class Connection(OfIntroduction):
    """To a person, a group, a place, an activity, an employer; to a service last."""

    introduction = models.ForeignKey(Introduction, models.PROTECT, related_name="connections")
    on = models.DateField("since")
    kind = models.CharField(max_length=20, choices=ConnectionKind)
    name = models.CharField("who or what", max_length=120)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    accompanied = models.BooleanField("the coordinator went along")
    still_going = models.BooleanField(null=True, blank=True, help_text="Empty: not asked yet.")
    note = models.CharField(max_length=200, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["introduction", "-on", "-id"], name="connection_newest")]
        constraints = [
            models.CheckConstraint(name="connection_service_last", condition=Q(service=None) | Q(kind="service"))
        ]

    def __str__(self) -> str:
        return f"Connection {self.pk}"


@tracked()
class CommunityContribution(OfIntroduction):
    """What the person gives: as important as what they are given."""

    introduction = models.ForeignKey(Introduction, models.PROTECT, related_name="contributions")
    on = models.DateField("since")
    kind = models.CharField(max_length=20, choices=ContributionKind)
    text = models.CharField("what they give", max_length=200)

    objects = OwnQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Contribution {self.pk}"


@tracked()
class AvoidedDemand(OfIntroduction):
    """A service that would otherwise have been used, and how one knows (domain.md 17, Gwen)."""

    introduction = models.ForeignKey(Introduction, models.PROTECT, related_name="avoided")
    service = models.CharField("what would otherwise have been used", max_length=120)
    basis = models.TextField("how you know")

    objects = OwnQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Avoided demand {self.pk}"


class IntroductionDeadlineQuerySet(DeadlineQuerySet["IntroductionDeadline"]):
    rules = Through("owner")


class IntroductionDeadline(Deadline):
    ESCALATES_TO = (Role.LAC_LEAD, Role.SERVICE_MANAGER)

    RESTRICTED = is_restricted("owner__person")

    owner = models.ForeignKey(Introduction, models.PROTECT, related_name="deadlines")

    objects = IntroductionDeadlineQuerySet.as_manager()
