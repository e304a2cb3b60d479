"""The pages of a referral that is being written: each fact is asked once, and what is known is not asked (screens.md B2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError

from earlyhelp.core.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    FilterForm,
    Form,
    MultipleChoiceField,
    OnceForm,
    PhoneField,
    TextField,
    VersionedForm,
    YesNoField,
)
from earlyhelp.directory.models import Need
from earlyhelp.families.access import may_search
from earlyhelp.families.enums import AgreementStatus, LevelOfNeed
from earlyhelp.families.models import Agreement, Family, FamilyMembership
from referrals.enums import WORRYING, Safeguarding, SourceKind
from referrals.family_copy import PASSAGES
from referrals.models import Referral

HEADLINE_NEEDS = [(need.value, need.label) for need in Need if need != Need.CONNECTION]
LEVELS = [(str(value), label) for value, label in LevelOfNeed.choices]
ANSWERS = [
    (AgreementStatus.GIVEN.value, "Yes, they agree"),
    (AgreementStatus.REFUSED.value, "No, they do not agree"),
    (AgreementStatus.NOT_ASKED.value, "They have not been asked"),
]


class WhoseReferrals(FilterForm):
    whose = ChoiceField(label="Whose", choices=[("", "Mine"), ("team", "My team’s")])


class WhichFamily(FilterForm):
    """Which family the address speaks of. Whoever may search may refer; one that is kept restricted is found by nobody here."""

    family = CharField(label="Family", max_length=20)

    def chosen(self, user: Any) -> Family | None:
        if not may_search(user):  # a referral names the people: a number guessed must not tell what a search would not
            return None
        reference = self.cleaned()["family"]
        found = Family.objects.under(reference or "").select_related("area").first()
        if found is None or not found.restricted:
            return found
        return Family.objects.for_user(user).filter(pk=found.pk).first()


class Start(OnceForm):
    """Nothing is asked: the search chose the family."""


class Submit(OnceForm):
    """Nothing more is asked: the answers have been checked."""


class Discard(Form):
    """Nothing is asked."""


class LeaveOut(FilterForm):
    """What whoever prints a referral for the family thinks better left out."""

    without = MultipleChoiceField(
        label="Leave out", hint="Whatever one of them would not want the others to read.", choices=[*PASSAGES.items()]
    )


class WhoIsInIt(VersionedForm):
    people_note = TextField(
        label="Who is missing, and what is wrong?",
        hint="A new baby, a partner, a grandmother who helps.",
        required=False,
        rows=3,
    )
    people_checked = BooleanField(label="I have checked who is in the family")


class WhyNow(VersionedForm):
    why_now = TextField(
        label="Why now?", hint="What has changed, or what you saw. Write so that the family could read it."
    )
    tried = TextField(label="What have you tried, and what came of it?", hint="By you, by others, by the family.")


class Closing(VersionedForm):
    closing_summary = TextField(
        label="What did social care do, and what has changed?",
        hint="Your closing summary: why you were involved, since when, and why it is safe to step down.",
        rows=8,
    )
    plan_ahead = TextField(
        label="What is still to be done, and by whom?",
        hint="The plan that you hand over. Name what would make you worried again, and on which day you would like to close.",
        rows=6,
    )


class Wants(VersionedForm):
    wants = TextField(
        label="What does the family want to be different?",
        hint="In their own words. What each child says, and whom the family would like to work with.",
    )


class Needs(VersionedForm):
    needs = MultipleChoiceField(label="Where is help needed?", choices=HEADLINE_NEEDS, required=False)
    strengths = TextField(
        label="What is going well?",
        hint="People who help, routines that work, what the family is proud of.",
        required=False,
        rows=4,
    )
    worries = TextField(
        label="What are you worried about?", hint="What might happen if nothing changes.", required=False, rows=4
    )


class Safety(VersionedForm):
    quiet_optional = True  # what must be said depends on the answer before it

    safeguarding = ChoiceField(label="May anybody be at risk of serious harm?", choices=Safeguarding.choices)
    safeguarding_detail = TextField(
        label="What makes you think so?", hint="If you answered yes, or are not sure.", required=False, rows=3
    )
    urgent = YesNoField(
        label="Is it urgent?", hint="A date that will not wait: a hearing, an eviction.", reveals={"yes": "urgent_why"}
    )
    urgent_why = CharField(label="What makes it urgent, and by when?")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("safeguarding") in WORRYING and not given.get("safeguarding_detail"):
            self.add_error("safeguarding_detail", "Say what makes you think that somebody may be at risk")
        return given


class You(VersionedForm):
    source_kind = ChoiceField(
        label="Who is referring?", choices=[("", "Choose one"), *SourceKind.choices], widget=django_forms.Select
    )
    contact_phone = PhoneField(label="Your telephone number", hint="EH Access may ring you about this referral.")
    proposed_level = ChoiceField(label="Which level of need do you think it is?", choices=LEVELS, required=False)

    def clean_proposed_level(self) -> int | None:
        return int(self.cleaned_data["proposed_level"]) if self.cleaned_data["proposed_level"] else None


class YouInSocialCare(VersionedForm):
    contact_phone = PhoneField(
        label="Your telephone number", hint="The lead professional rings you for the hand-over meeting."
    )


class WhoAgrees(OnceForm):
    """One question for each person old enough to be asked, or one reason why nobody was: see ``who_agrees``."""

    asked: list[FamilyMembership] = []
    quiet_optional = True  # an answer is wanted of each, or one reason below for them all

    def clean(self) -> dict[str, Any]:
        """What is asked of the domain: each person’s answer, of those given, and the reason why there is none."""
        given = super().clean() or {}
        reason = given.get("no_agreement_reason", "")
        if not self.asked and not reason:
            raise ValidationError("Say why nobody could be asked: nobody of 13 or over is in the family yet")
        for person in (member.person for member in self.asked if not reason):
            if not given.get(f"answer_{person.pk}"):
                fault = f"Select what {person.called} says, or say below why nobody was asked"
                self.add_error(f"answer_{person.pk}", fault)
        answered = [member.person for member in self.asked if given.get(f"answer_{member.person_id}")]
        answers = [(person, given[f"answer_{person.pk}"], given.get(f"why_{person.pk}") or "") for person in answered]
        return {"token": given.get("token"), "answers": answers, "no_agreement_reason": reason}


def who_agrees(asked: list[FamilyMembership], answers: dict[int, Agreement], reason: str = "") -> type[WhoAgrees]:
    """The form for these people, showing what each has answered already."""
    fields: dict[str, Any] = {}
    for person in (member.person for member in asked):
        before = answers.get(person.pk)
        fields[f"answer_{person.pk}"] = ChoiceField(
            label=f"Does {person.called} agree to early help?",
            choices=ANSWERS,
            required=False,
            reveals={AgreementStatus.NOT_ASKED.value: f"why_{person.pk}"},
            initial=before.status if before else None,
        )
        why = before.why_not if before else ""
        fields[f"why_{person.pk}"] = CharField(label=f"Why has {person.called} not been asked?", initial=why)
    fields["no_agreement_reason"] = TextField(
        label="If nobody could be asked: why?",
        hint="It was not safe to ask, or nobody could be reached.",
        required=False,
        rows=3,
        initial=reason,
    )
    return type("WhoAgrees", (WhoAgrees,), fields | {"asked": asked})


@dataclass(frozen=True)
class Question:
    """One page of the form."""

    title: str
    form: type[Form]
    intro: str = ""
    warning: str = ""
    template: str = "pages/form.html"


RING_FIRST = "If somebody may be in danger now, do not send a form: ring. This referral does not reach social care."
QUESTIONS = {
    "family": Question("Who is in the family", WhoIsInIt, template="referrals/task_family.html"),
    "why": Question("Why now, and what you have tried", WhyNow),
    "wants": Question("What the family wants", Wants),
    "needs": Question("Strengths and worries", Needs, template="referrals/task_needs.html"),
    "safety": Question("Safety and urgency", Safety, warning=RING_FIRST, template="referrals/task_safety.html"),
    "you": Question("You and your agency", You),
}


OF_A_STEP_DOWN = {
    "closing": Question(
        "What social care did, and what is still to be done",
        Closing,
        "EH Access does not weigh again whether early help is needed. It asks agencies what they know, and the hub allocates.",
    ),
    "you": Question("How to reach you", YouInSocialCare),
}


def questions_of(referral: Referral) -> dict[str, Question]:
    """The pages of this referral's form: of a step-down, two of them ask something else."""
    if not referral.step_down:
        return QUESTIONS
    return {slug: each for slug, each in QUESTIONS.items() if slug != "why"} | OF_A_STEP_DOWN


def age_words(born_on: date | None) -> str:
    """As much as is shown of a birth date before anybody works with the family."""
    return f"born {born_on.year}" if born_on else "year of birth not known"
