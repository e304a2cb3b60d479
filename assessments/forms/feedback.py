"""What is asked of whoever writes down what somebody said of a service, and of whoever answers it."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from assessments.enums import DidItHelp, FeedbackKind, Quoting, SaidBy
from assessments.queries import spoken_of
from earlyhelp.core.forms import CharField, ChoiceField, DateField, FilterForm, Form, OnceForm, TextField, VersionedForm

ANSWERED = "Whoever answers for it is told, reads it, and owes an answer by a day."


class RatingField(ChoiceField):
    """One of the words that stand for one to five; nothing where they would not say."""

    def clean(self, value: Any) -> int | None:
        given = super().clean(value)
        return int(given) if given else None


class _Quoting(Form):
    """Whether they may be quoted, and under which name."""

    quoting = ChoiceField(
        label="Do they agree to be quoted?",
        noun="whether they agree to be quoted",
        choices=Quoting.choices,
        reveals={Quoting.NAMED.value: "quoted_as"},
    )
    quoted_as = CharField(
        label="Which name do they give?",
        noun="the name that they give",
        hint="As they wish to be named: Mrs T, or a first name.",
        max_length=80,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        named = given.get("quoting") == Quoting.NAMED
        return given | {"quoted_as": given.get("quoted_as", "") if named else ""}


class WriteDown(_Quoting, OnceForm):
    words = TextField(
        label="What did they say?",
        hint="Their own words. Leave out names, and whatever tells who a family is.",
        max_length=2000,
        rows=5,
    )
    said_by = ChoiceField(
        label="Who said it?",
        noun="who said it",
        choices=SaidBy.choices,
        hints={SaidBy.PROFESSIONAL: "It is kept as an observation, and counted as no measure."},
    )
    kind = ChoiceField(
        label="What is it?",
        noun="what it is",
        hint="Nothing is asked here of what a professional noticed.",
        choices=FeedbackKind.choices,
        hints={FeedbackKind.SUGGESTION: ANSWERED, FeedbackKind.COMPLAINT: ANSWERED},
    )
    rating = RatingField(
        label="Did it help?", hint="Only if they want to say.", choices=DidItHelp.choices, required=False
    )
    said_on = DateField(label="When?", past=True)

    field_order = ("words", "said_by", "kind", "rating", "said_on", "quoting", "quoted_as")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = self["said_by"].data != SaidBy.PROFESSIONAL

    def clean(self) -> dict[str, Any]:
        """What a professional noticed is no praise and no complaint, and is no measure."""
        given = super().clean()
        observed = given.get("said_by") == SaidBy.PROFESSIONAL
        return given | ({"kind": "", "rating": None} if observed else {})


class SayHowItWas(WriteDown):
    """The same of a case’s family, of early help itself."""

    said_by = ChoiceField(
        label="Who said it?",
        noun="who said it",
        choices=[(SaidBy.PERSON.value, "Somebody of the family"), (SaidBy.FAMILY.value, "A relative who helps them")],
    )
    kind = ChoiceField(
        label="What is it?",
        noun="what it is",
        choices=FeedbackKind.choices,
        hints={FeedbackKind.SUGGESTION: ANSWERED, FeedbackKind.COMPLAINT: ANSWERED},
    )


class Answer(OnceForm):
    answer = TextField(
        label="What was done?",
        hint="In plain words, for whoever said it: what you looked at, what you changed, or why not. Name no other person.",
        max_length=2000,
        rows=5,
    )


class ChangeQuoting(_Quoting, VersionedForm):
    """They think again."""


class SaidFilter(FilterForm):
    show = ChoiceField(
        label="Show",
        choices=[("", "What people say"), ("observations", "What professionals have noticed")],
    )

    of = ChoiceField(label="Of", choices=[("", "Everything")], widget=django_forms.Select)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of: Any = self.fields["of"]
        of.choices = [("", "Everything"), ("us", "Early help itself"), *spoken_of()]

    @property
    def observations(self) -> bool:
        return bool(self.cleaned()["show"])

    def narrow(self, rows: Any) -> Any:
        rows = rows.observations() if self.observations else rows.own_words()
        of = self.cleaned()["of"]
        if not of:
            return rows
        return rows.filter(service=None) if of == "us" else rows.filter(service=int(of))


class AnswerFilter(FilterForm):
    show = ChoiceField(label="Show", choices=[("", "What waits for an answer"), ("answered", "What was answered")])

    def narrow(self, rows: Any) -> Any:
        return rows.exclude(answer="") if self.cleaned()["show"] else rows.waiting()
