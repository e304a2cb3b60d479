"""What may go wrong for somebody, and what is done about it; and what they can do themselves (domain.md 4, system 17)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case as When
from django.db.models import OuterRef, Q, Subquery
from django.db.models import When as If

from assessments.access import RISK_RULES
from assessments.enums import AtHome, RiskKind, RiskLevel, RiskResponse, RiskStatus
from earlyhelp.audit.models import append_only
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.families.models import Person
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.models import Versioned

WORST_FIRST = When(If(level=RiskLevel.HIGH, then=0), If(level=RiskLevel.MEDIUM, then=1), default=2)


class RiskNoteQuerySet(ScopedQuerySet["RiskNote"]):
    rules = RISK_RULES

    def open(self) -> RiskNoteQuerySet:
        return self.filter(status=RiskStatus.OPEN)

    def high(self) -> RiskNoteQuerySet:
        return self.open().filter(level=RiskLevel.HIGH)

    def with_due(self) -> RiskNoteQuerySet:
        """Bring with each the day by which it is looked at again."""
        owed = RiskNoteDeadline.objects.open().filter(owner=OuterRef("pk")).order_by("due_at")
        return self.annotate(due_at=Subquery(owed.values("due_at")[:1]))

    def worst_first(self) -> RiskNoteQuerySet:
        """Those open first, the highest of them first, and of these the one that was looked at longest ago."""
        over = When(If(status=RiskStatus.OPEN, then=0), default=1)
        return self.order_by(over, WORST_FIRST, "looked_at", "pk")


@tracked()
class RiskNote(Versioned):
    """One thing that may happen. ``level``, ``response`` and ``doing`` are the newest look's, here for lists over cases."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="risks")
    about = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )  # none: all of the family
    kind = models.CharField(max_length=20, choices=RiskKind)
    what = models.TextField("what may happen", max_length=2000)
    level = models.CharField(max_length=10, choices=RiskLevel)
    response = models.CharField("what is decided", max_length=10, choices=RiskResponse)
    doing = models.TextField("what is done about it", max_length=2000)
    looked_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=RiskStatus, default=RiskStatus.OPEN, editable=False)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField("why it is over, or who keeps an eye on it now", blank=True, max_length=2000)

    objects = RiskNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="risk_says_what_and_what_is_done", condition=~Q(what="") & ~Q(doing="")),
            models.CheckConstraint(
                name="risk_ended_says_when_and_why",
                condition=Q(status=RiskStatus.OPEN, ended_at=None, ended_because="")
                | ~Q(status=RiskStatus.OPEN) & Q(ended_at__isnull=False) & ~Q(ended_because=""),
            ),
        ]
        indexes = [
            models.Index("case", name="risk_open_of_case", condition=Q(status=RiskStatus.OPEN)),
            models.Index("level", "looked_at", name="risk_open_by_level", condition=Q(status=RiskStatus.OPEN)),
        ]

    def __str__(self) -> str:
        return f"Risk {self.pk} of {self.case}"  # never what it is: this string reaches logs

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}risks/"

    @property
    def is_open(self) -> bool:
        return self.status == RiskStatus.OPEN

    @property
    def whose(self) -> str:
        return self.about.called if self.about else "All of the family"

    @property
    def level_word(self) -> str:
        return RiskLevel(self.level).word

    # What a promise asks of its owner, through the case.

    @property
    def reference(self) -> str:
        return self.case.reference

    @property
    def area(self) -> Area:
        return self.case.area

    @property
    def area_id(self) -> int:
        return self.case.area_id


@tracked()
class RiskLook(models.Model):
    """Somebody looked at it: what they knew, how high it was, and what they decided. The first is the raising. Never altered."""

    risk = models.ForeignKey(RiskNote, models.PROTECT, related_name="looks")
    level = models.CharField(max_length=10, choices=RiskLevel)
    found = models.TextField("what makes one think so", max_length=2000)
    response = models.CharField("what was decided", max_length=10, choices=RiskResponse)
    doing = models.TextField("what is done about it", max_length=2000)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="risk_look_says_what_was_found", condition=~Q(found="") & ~Q(doing=""))
        ]
        indexes = [models.Index(fields=["risk", "-looked_at", "-id"], name="risk_look_newest")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Look {self.pk} at {self.risk}"

    @property
    def level_word(self) -> str:
        return RiskLevel(self.level).word


class RiskNoteDeadlineQuerySet(DeadlineQuerySet["RiskNoteDeadline"]):
    rules = Through("owner")


class RiskNoteDeadline(Deadline):
    RESTRICTED = Q(owner__case__restricted=True)

    owner = models.ForeignKey(RiskNote, models.PROTECT, related_name="deadlines")

    objects = RiskNoteDeadlineQuerySet.as_manager()


SAFETY_PARTS = {
    "signs": "How I notice that it is getting worse",
    "alone": "What I can do by myself",
    "people": "Whom I can go to or ring",
    "places": "How it is made safer, and where else I can go",
    "children": "What the children know and do",
    "services": "Who helps",
}


class SafetyPlanQuerySet(ScopedQuerySet["SafetyPlan"]):
    rules = RISK_RULES

    def current(self) -> SafetyPlanQuerySet:
        return self.filter(ended_at=None)


@tracked()
class SafetyPlan(Versioned):
    """What one person does when it becomes dangerous for them, in their own words: theirs, and nobody else's copy tells it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="safety_plans")
    whose = models.ForeignKey(Person, models.PROTECT, related_name="+")
    signs = models.TextField("how I notice that it is getting worse", max_length=2000)
    alone = models.TextField("what I can do by myself", max_length=2000)
    people = models.TextField("whom I can go to or ring, day and night", max_length=2000)
    places = models.TextField("how it is made safer at home, and where else I can go", blank=True, max_length=2000)
    children = models.TextField("what the children know and do", blank=True, max_length=2000)
    services = models.TextField("who helps, with their numbers", blank=True, max_length=2000)
    at_home = models.CharField("do they keep a copy", max_length=10, choices=AtHome)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField("why it is not needed any more", blank=True, max_length=2000)

    objects = SafetyPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "whose", name="one_safety_plan_a_person", condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="safety_plan_ended_says_why",
                condition=Q(ended_at=None, ended_because="") | Q(ended_at__isnull=False) & ~Q(ended_because=""),
            ),
            models.CheckConstraint(
                name="safety_plan_says_what_to_do", condition=~Q(signs="") & ~Q(alone="") & ~Q(people="")
            ),
        ]

    def __str__(self) -> str:
        return f"Safety plan {self.pk}"  # never whose: this string reaches logs

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Each question as its owner would ask it, with their answer."""
        return [(label, getattr(self, name)) for name, label in SAFETY_PARTS.items()]

    @property
    def may_be_given(self) -> bool:
        return self.at_home == AtHome.KEEPS
