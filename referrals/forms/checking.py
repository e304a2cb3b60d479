"""Self-checks: their questions as a form, and what is asked of whoever wants to be contacted."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError

from earlyhelp.core.forms import CharField, ChoiceField, EmailField, Form, PhoneField, TextField
from earlyhelp.partnership.models import Area
from referrals.models import QuestionSet

UNKNOWN = "unknown"


class Sending(Form):
    """Which look at the questions is sent: the same one sent again counts once (promise P11)."""

    sending = forms.UUIDField(required=False)

    @property
    def number(self) -> UUID:
        return (self.cleaned_data.get("sending") if self.is_valid() else None) or uuid4()


class Answers(Form):
    """One question each, none of which must be answered; see ``questions_of``."""

    quiet_optional = True

    def clean(self) -> dict[str, Any]:
        given = {name: value for name, value in (super().clean() or {}).items() if value}
        if not given and not self.errors:
            raise ValidationError("Answer at least one question. You may leave out the others.")
        return given


def questions_of(row: QuestionSet) -> type[Answers]:
    """The form of this version. No answer is chosen beforehand."""
    fields = {
        question.code: ChoiceField(label=question.text, hint=question.help, choices=question.possible, required=False)
        for question in row.questions.all()
    }
    return type("Answers", (Answers,), fields)


class ContactMe(Form):
    """As little as is needed to reach somebody."""

    quiet_optional = True

    caller_name = CharField(label="Your name", max_length=120, width=20, autocomplete="name")
    caller_phone = PhoneField(label="Your phone number", required=False)
    caller_email = EmailField(label="Your email", required=False)
    reach = TextField(
        label="How and when is it safe to reach you?",
        hint="Such as: only by text, only in the morning, do not leave a message.",
        max_length=1_000,
        rows=3,
        required=False,
    )
    lives_in = ChoiceField(label="Where do you live?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts = Area.objects.filter(kind="district").exclude(parent=None)
        self.fields["lives_in"].choices = [
            *((str(area.pk), area.name) for area in districts),
            (UNKNOWN, "I do not know, or somewhere else"),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        ways = {"caller_phone", "caller_email"}
        if not any(given.get(way) for way in ways) and not ways & set(self.errors):
            self.add_error("caller_phone", "Enter your phone number or your email, so that somebody can reach you")
        lives_in = given.pop("lives_in", UNKNOWN)
        return given | {"area": None if lives_in == UNKNOWN else Area.objects.filter(pk=lives_in).first()}
