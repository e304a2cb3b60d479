from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.directory.models import Need, Service
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.models import Versioned
from referrals import access
from referrals.conditions import well_formed
from referrals.enums import SET_COLOURS, YES_NO_UNSURE, AnswerKind, Outcome, SetKind, SetStatus, Voice

A_CODE = RegexValidator(r"^[a-z][a-z0-9_]*$", "Use small letters, digits and underscores, beginning with a letter.")
PARTS_FREEZE = """
PERFORM 1 FROM referrals_questionset WHERE id IN (OLD.set_id, NEW.set_id) FOR SHARE;  -- nobody publishes it meanwhile
IF EXISTS (SELECT 1 FROM referrals_questionset WHERE id IN (OLD.set_id, NEW.set_id) AND status <> 'draft') THEN
  RAISE EXCEPTION 'a set of questions that was published is never altered: make the next draft';
END IF;
RETURN COALESCE(NEW, OLD);
"""
SET_FREEZES = """
IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR NEW.status = 'draft'
   OR (OLD.kind, OLD.number, OLD.title, OLD.introduction, OLD.note, OLD.published_at)
      IS DISTINCT FROM (NEW.kind, NEW.number, NEW.title, NEW.introduction, NEW.note, NEW.published_at)) THEN
  RAISE EXCEPTION 'a set of questions that was published is never altered: make the next draft';
END IF;
RETURN COALESCE(NEW, OLD);
"""


def well_formed_condition(value: Any) -> None:
    if not well_formed(value):
        raise ValidationError("This is not a condition.")


def pairs(value: Any) -> None:
    """Answers as ``[[value, label], …]``."""
    if not isinstance(value, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) and text for text in pair)
        for pair in value
    ):
        raise ValidationError("Each answer has a value and a label.")


def frozen_with_its_set() -> list[pgtrigger.Trigger]:
    """The database refuses what would alter a published version, whoever asks."""
    change = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    return [pgtrigger.Trigger(name="frozen_with_its_set", when=pgtrigger.Before, operation=change, func=PARTS_FREEZE)]


class QuestionSetQuerySet(ScopedQuerySet["QuestionSet"]):
    rules = access.QUESTION_SET_RULES

    def published(self, kind: str) -> QuestionSet:
        """The version in use, with its questions and rules. Raises ``DoesNotExist`` where none is in use."""
        return self.prefetch_related("questions", "rules").get(kind=kind, status=SetStatus.PUBLISHED)


class QuestionSet(Versioned):
    """One version of a short list of questions and of what its answers suggest. Once published it never changes (R31)."""

    kind = models.CharField(max_length=20, choices=SetKind)
    number = models.PositiveIntegerField(help_text="Counts up with each version of its kind.")
    status = models.CharField(max_length=20, choices=SetStatus, default=SetStatus.DRAFT, editable=False)
    title = models.CharField(max_length=120)
    introduction = models.TextField(blank=True, help_text="What is read before the first question.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField("what is new in it", blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: it came with Early Help.",
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = QuestionSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", "number", name="question_set_number_once"),
            models.UniqueConstraint("kind", name="question_set_one_published", condition=Q(status="published")),
            models.UniqueConstraint("kind", name="question_set_one_draft", condition=Q(status="draft")),
            models.CheckConstraint(
                name="question_set_says_when_published",
                condition=Q(status="draft", published_at=None) | ~Q(status="draft") & Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="question_set_says_when_retired",
                condition=Q(status="retired", retired_at__isnull=False) | ~Q(status="retired") & Q(retired_at=None),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=SET_FREEZES,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.number}"

    @property
    def colour(self) -> str:
        return SET_COLOURS[SetStatus(self.status)]

    @property
    def is_draft(self) -> bool:
        return self.status == SetStatus.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == SetStatus.PUBLISHED


class OfSetQuerySet(ScopedQuerySet[Any]):
    rules = Through("set")


class Question(models.Model):
    """One item, in one voice. Rules and answers know it by its code, from version to version."""

    set = models.ForeignKey(QuestionSet, models.CASCADE, related_name="questions")
    code = models.CharField(max_length=30, validators=[A_CODE])
    voice = models.CharField(max_length=10, choices=Voice, default=Voice.EVERYONE)
    group = models.CharField("heading", max_length=60, blank=True)
    text = models.CharField(max_length=200)
    help = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("place in the list")
    kind = models.CharField("kind of answer", max_length=20, choices=AnswerKind, default=AnswerKind.YES_NO_UNSURE)
    choices = models.JSONField("answers to choose from", default=list, blank=True, validators=[pairs])

    objects = OfSetQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint("set", "code", name="question_code_once_a_set"),
            models.CheckConstraint(name="question_asks_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="question_choice_has_choices",
                condition=Q(kind="choice") & ~Q(choices=[]) | Q(kind="yes_no_unsure", choices=[]),
            ),
        ]
        triggers = frozen_with_its_set()

    def __str__(self) -> str:
        return self.text

    @property
    def possible(self) -> list[tuple[str, str]]:
        """Each answer that it can have, with its label."""
        if self.kind == AnswerKind.CHOICE:
            return [(value, label) for value, label in self.choices]
        return list(YES_NO_UNSURE)


class Rule(models.Model):
    """Which answers suggest what, and why, in words that can be read to the person (domain.md 11)."""

    set = models.ForeignKey(QuestionSet, models.CASCADE, related_name="rules")
    code = models.CharField(max_length=30, validators=[A_CODE])
    condition = models.JSONField(validators=[well_formed_condition])
    age_from = models.PositiveSmallIntegerField("from age", null=True, blank=True)
    age_to = models.PositiveSmallIntegerField("to age", null=True, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", help_text="None: anywhere.")
    outcome = models.CharField("what it leads to", max_length=10, choices=Outcome)
    title = models.CharField("what is suggested", max_length=120)
    explanation = models.TextField("why, in plain words")
    route = models.CharField(max_length=40, blank=True)
    need = models.CharField("services that help with", max_length=20, choices=Need, blank=True)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(default=50, help_text="The lowest number stands first.")

    objects = OfSetQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "code"]
        constraints = [
            models.UniqueConstraint("set", "code", name="rule_code_once_a_set"),
            models.CheckConstraint(name="rule_says_what_and_why", condition=~Q(title="") & ~Q(explanation="")),
            models.CheckConstraint(
                name="rule_leads_somewhere",
                condition=Q(outcome="route", need="", service=None) & ~Q(route="")
                | Q(outcome="service", route="") & (~Q(need="") | Q(service__isnull=False))
                | Q(outcome__in=("urgent", "advice"), route="", need="", service=None),
            ),
            models.CheckConstraint(
                name="rule_ages_in_order",
                condition=Q(age_from=None) | Q(age_to=None) | Q(age_from__lte=models.F("age_to")),
            ),
        ]
        triggers = frozen_with_its_set()

    def __str__(self) -> str:
        return self.title

    @property
    def is_urgent(self) -> bool:
        return self.outcome == Outcome.URGENT
