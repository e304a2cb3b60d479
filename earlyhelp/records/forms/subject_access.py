from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateField,
    FilterForm,
    Form,
    IntegerField,
    ModelChoiceField,
    OnceForm,
    TextField,
)
from earlyhelp.partnership.models import User
from earlyhelp.records.enums import Asker, Code, Decision

GIVEN = [(value, label) for value, label in Decision.choices if value != Decision.UNDECIDED]


class BeginRequest(OnceForm):
    first_name = CharField(label="First name of the person it is about", max_length=80)
    last_name = CharField(label="Last name", max_length=80)
    born_on = DateField(label="Date of birth")
    reference = CharField(
        label="Reference of their family",
        hint="If you know it: such as FAM-000123.",
        max_length=20,
        width=20,
        required=False,
    )
    received_on = DateField(label="When was the request received?", hint="The month is counted from this day.")
    asker = ChoiceField(label="Who asks?", choices=Asker.choices)
    asker_name = CharField(
        label="Name of whoever asks", hint="If it is not the person themselves.", max_length=160, required=False
    )


class Identity(OnceForm):
    identity = TextField(
        label="How was it checked?",
        hint="What you saw, and when. For a parent, or somebody with authority: also by what they may ask for it. Write no "
        "number of a document.",
        max_length=1000,
        rows=3,
    )


class Extend(OnceForm):
    months = IntegerField(label="By how many months?", hint="One or two.", min_value=1, max_value=2)
    reason = TextField(label="Why, as you have told them?", max_length=1000, rows=3)


class Because(OnceForm):
    reason = TextField(label="Why?", hint="As they are told.", max_length=1000, rows=3)


class SendBack(OnceForm):
    reason = TextField(
        label="What should be decided otherwise?", hint="Whoever asked you reads it.", max_length=1000, rows=3
    )


class AskSecond(OnceForm):
    second = ModelChoiceField(label="Who reads and approves it?", queryset=User.objects.none())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"].queryset = people


class Approve(Form):
    digest = django_forms.CharField(widget=django_forms.HiddenInput)


class Decide(OnceForm):
    own_place = ("strikes",)  # a secret is struck out by being named

    decision = ChoiceField(label="What is done with it?", choices=GIVEN)
    strikes = TextField(
        label="Words to strike out",
        hint="For words struck out: each passage on a line of its own, exactly as it stands above.",
        rows=4,
        required=False,
    )
    code = ChoiceField(
        label="By which code?", hint="For what is struck out or kept back.", choices=Code.choices, required=False
    )
    note = TextField(
        label="What did you weigh?",
        hint="For the second person, and if somebody complains. The person does not read it here.",
        max_length=1000,
        rows=3,
        required=False,
    )

    def clean_strikes(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["strikes"].splitlines())
        return [line for line in lines if line]


class Statement(OnceForm):
    statement = TextField(label="What do they say, in their own words?", rows=5, max_length=5000)


class ItemFilter(FilterForm):
    decision = ChoiceField(label="Decision", choices=[("", "Any"), *Decision.choices], widget=django_forms.Select)
    code = ChoiceField(
        label="Code", choices=[("", "Any"), *((code, code) for code in Code.values)], widget=django_forms.Select
    )
