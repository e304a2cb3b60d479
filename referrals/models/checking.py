from __future__ import annotations

from django.db import models
from django.db.models import Q

from earlyhelp.core.access import ScopedQuerySet, Through
from referrals import access
from referrals.enums import CheckResult, SetKind
from referrals.models.contact import Contact
from referrals.models.questions import QuestionSet


class SelfCheckCountQuerySet(ScopedQuerySet["SelfCheckCount"]):
    rules = access.SELF_CHECK_RULES


class SelfCheckCount(models.Model):
    """How many did a self-check on one day, and what it ended with: all that is kept of somebody who stays unknown."""

    kind = models.CharField(max_length=20, choices=SetKind)
    day = models.DateField()
    result = models.CharField(max_length=20, choices=CheckResult)
    number = models.PositiveIntegerField(default=0)

    objects = SelfCheckCountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("kind", "day", "result", name="self_check_count_once")]
        indexes = [models.Index(fields=["day"], name="self_check_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.day}: {self.number}"


class SelfCheckRequestQuerySet(ScopedQuerySet["SelfCheckRequest"]):
    rules = Through("contact")


class SelfCheckRequest(models.Model):
    """Somebody asked to be contacted after a self-check: what they answered, in which version. One sending makes one."""

    contact = models.OneToOneField(Contact, models.PROTECT, related_name="self_check")
    set = models.ForeignKey(QuestionSet, models.PROTECT, related_name="+")
    answers = models.JSONField()
    token = models.UUIDField(unique=True)

    objects = SelfCheckRequestQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="self_check_answers_something", condition=~Q(answers={}))]

    def __str__(self) -> str:
        return f"Self-check, {self.contact}"
