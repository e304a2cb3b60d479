from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from earlyhelp.audit.models import append_only
from earlyhelp.cases.models import Case
from earlyhelp.core.access import Rule, ScopedQuerySet, Through
from earlyhelp.letters.enums import Reader
from earlyhelp.letters.models import Letter
from referrals.models.decision import TriageDecision
from referrals.models.referral import Referral

OWNER, CASE = Through("owner"), Through("case")


def read(letters: Any, user: Any) -> Q:
    """Those who weigh the referral read every letter about it; whoever wrote it, the one that was written to them.

    What was written about the case is read by those who see the case too: its lead takes the family’s along.
    """
    theirs = Q(reader=Reader.REFERRER) & OWNER["own"](letters, user)
    return OWNER["weigh"](letters, user) | theirs | CASE["view"](letters, user)


LETTER_RULES: dict[str, Rule] = {"view": read, "weigh": OWNER["weigh"], "triage": OWNER["triage"]}


class ReferralLetterQuerySet(ScopedQuerySet["ReferralLetter"]):
    rules = LETTER_RULES


class ReferralLetter(Letter):
    """What the referrer, or the family, was written about a decision of EH Access, or about the case that came of it."""

    owner = models.ForeignKey(Referral, models.PROTECT, related_name="letters")
    decision = models.ForeignKey(TriageDecision, models.PROTECT, null=True, related_name="letters")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="letters")

    objects = ReferralLetterQuerySet.as_manager()

    class Meta(Letter.Meta):
        constraints = [
            *Letter.Meta.constraints,
            models.UniqueConstraint("decision", "reader", name="referral_letter_once_a_reader"),
            models.CheckConstraint(
                name="referral_letter_about_one_thing",
                condition=Q(decision__isnull=False, case__isnull=True) | Q(decision__isnull=True, case__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["owner", "-at", "-id"], name="referral_letter_newest")]
        triggers = append_only()

    def get_absolute_url(self) -> str:
        return reverse("referrals:letter", args=[self.pk])
