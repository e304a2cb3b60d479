from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q
from django.urls import reverse

from earlyhelp.audit.models import append_only
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.directory.enums import AskedHow, GivenBy
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.families.access import is_restricted
from earlyhelp.families.models import Person
from earlyhelp.partnership.models import Area
from earlyhelp.partnership.waiting import waiting_part
from earlyhelp.workflow.models import Versioned
from referrals import access
from referrals.enums import (
    CHECKLIST_COLOURS,
    PAGES,
    SUGGESTION_COLOURS,
    AskedAbout,
    ChecklistStatus,
    Outcome,
    SuggestionStatus,
    Voice,
)
from referrals.models.contact import Contact
from referrals.models.handover import SocialCareHandover
from referrals.models.questions import Question, QuestionSet, Rule
from referrals.models.referral import Referral


class ChecklistQuerySet(ScopedQuerySet["ChecklistResponse"]):
    rules = access.CHECKLIST_RULES


@tracked()
class ChecklistResponse(Versioned):
    """One checklist asked of one person, with their permission. It keeps the version that was asked (domain.md R31)."""

    reference = models.CharField(max_length=20, unique=True)
    status = models.CharField(max_length=20, choices=ChecklistStatus, default=ChecklistStatus.ASKING, editable=False)
    set = models.ForeignKey(QuestionSet, models.PROTECT, related_name="responses")
    person = models.ForeignKey(Person, models.PROTECT, related_name="checklists")
    about = models.CharField("whom it is about", max_length=10, choices=AskedAbout)
    age = models.PositiveSmallIntegerField(
        "their age, as they say it", null=True, blank=True, help_text="In years; where nobody knows the date of birth."
    )
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="checklists")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, blank=True, related_name="checklists")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    agreed_by = models.CharField("who agreed to be asked", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.TextField(blank=True)
    handover = models.ForeignKey(SocialCareHandover, models.PROTECT, null=True, blank=True, related_name="checklists")

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="checklist_with_permission", condition=~Q(agreed_by="")),
            models.CheckConstraint(name="checklist_of_one_record", condition=Q(contact=None) | Q(referral=None)),
            models.CheckConstraint(
                name="checklist_ended_says_when",
                condition=Q(status="asking", ended_at=None) | ~Q(status="asking") & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="checklist_stopped_says_why",
                condition=Q(status="stopped") & ~Q(stopped_why="") | ~Q(status="stopped") & Q(stopped_why=""),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="checklist_person"),
            models.Index("contact", name="checklist_contact", condition=Q(contact__isnull=False)),
            models.Index("referral", name="checklist_referral", condition=Q(referral__isnull=False)),
            models.Index(fields=["set", "-at"], name="checklist_set"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("referrals:checklist", args=[self.reference])

    @property
    def colour(self) -> str:
        return CHECKLIST_COLOURS[ChecklistStatus(self.status)]

    @property
    def pages(self) -> dict[Voice, tuple[Voice, ...]]:
        """Its pages, in order, and the voices of the questions on each."""
        return PAGES[AskedAbout(self.about)]

    @property
    def is_asking(self) -> bool:
        return self.status == ChecklistStatus.ASKING


class ChecklistDeadlineQuerySet(DeadlineQuerySet["ChecklistDeadline"]):
    rules = Through("owner")


class ChecklistDeadline(Deadline):
    RESTRICTED = is_restricted("owner__person")

    owner = models.ForeignKey(ChecklistResponse, models.PROTECT, related_name="deadlines")

    objects = ChecklistDeadlineQuerySet.as_manager()


@waiting_part("checklist_owed")
def _checklist_owed() -> Any:
    """Those of which this person owes something: few have any, and the home page of nobody else asks for them."""
    return ArraySubquery(ChecklistDeadline.objects.open().filter(holder=OuterRef("pk")).values("owner"))


class OfChecklistQuerySet(ScopedQuerySet[Any]):
    rules = Through("response")


class ChecklistAnswer(models.Model):
    """What was answered. Never altered: who thinks again is asked again."""

    response = models.ForeignKey(ChecklistResponse, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    value = models.CharField(max_length=30)
    comment = models.CharField(max_length=500, blank=True)

    objects = OfChecklistQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("response", "question", name="checklist_answer_once"),
            models.CheckConstraint(name="checklist_answer_says_something", condition=~Q(value="")),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Answer {self.pk}"  # never what was answered: this string reaches logs


class SuggestionQuerySet(ScopedQuerySet["Suggestion"]):
    rules = Through("response")

    def open(self) -> SuggestionQuerySet:
        return self.filter(status=SuggestionStatus.OPEN)

    def agreed_of(self, contact: Contact) -> SuggestionQuerySet:
        """What they said yes to when the checklists of this contact were talked over."""
        agreed = self.filter(response__contact=contact, status=SuggestionStatus.YES)
        return agreed.select_related("rule", "onward__service").order_by("response", "place")


@tracked()
class Suggestion(Versioned):
    """What the answers suggest, in the words of that day, and what the person said to it: each by itself (domain.md 11)."""

    response = models.ForeignKey(ChecklistResponse, models.PROTECT, related_name="suggestions")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    title = models.CharField(max_length=120)
    explanation = models.TextField()
    because = ArrayField(models.CharField(max_length=30), help_text="The codes of the questions that led to it.")
    unchecked = ArrayField(models.CharField(max_length=10), default=list, blank=True)

    status = models.CharField(max_length=20, choices=SuggestionStatus, default=SuggestionStatus.OPEN, editable=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField("what they said", blank=True)
    given_by = models.CharField("who said yes", max_length=20, choices=GivenBy, blank=True)
    given_how = models.CharField("how they were asked", max_length=20, choices=AskedHow, blank=True)
    limits = models.TextField("what they do not want passed on, or done", blank=True)
    onward = models.OneToOneField(OnwardReferral, models.PROTECT, null=True, blank=True, related_name="suggested_by")
    went_to = models.CharField("where they were sent", max_length=200, blank=True)
    went_reference = models.CharField(max_length=40, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True)
    offer_again_on = models.DateField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint("response", "rule", name="suggestion_once"),
            models.CheckConstraint(
                name="suggestion_answered_says_who",
                condition=Q(status="open", answered_at=None, answered_by=None)
                | ~Q(status="open") & Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestion_yes_with_permission",
                condition=~Q(status="yes") | Q(outcome="advice") | ~Q(given_by="") & ~Q(given_how=""),
            ),
            models.CheckConstraint(
                name="suggestion_of_harm_is_no_offer",
                condition=Q(outcome="urgent", status__in=("open", "dealt_with"))
                | ~Q(outcome="urgent") & ~Q(status="dealt_with"),
            ),
        ]
        indexes = [models.Index("rule", name="suggestion_rule")]

    def __str__(self) -> str:
        return f"Suggestion {self.pk}"  # never what: this string reaches logs

    def get_absolute_url(self) -> str:
        return self.response.get_absolute_url()

    @property
    def colour(self) -> str:
        return SUGGESTION_COLOURS[SuggestionStatus(self.status)]

    @property
    def is_urgent(self) -> bool:
        return self.outcome == Outcome.URGENT

    @property
    def to_do_elsewhere(self) -> bool:
        """They said yes, and nobody has written down yet that it was done."""
        return self.status == SuggestionStatus.YES and self.taken_up_at is None
