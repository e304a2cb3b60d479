"""What is asked about a pregnancy that ended, and about how two people get on. Nothing is asked that a family need not say."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils import timezone

from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateField,
    FilterForm,
    Form,
    IntegerField,
    ModelChoiceField,
    OnceForm,
    VersionedForm,
)
from earlyhelp.families.enums import BondKind, LossKind, Sex
from earlyhelp.families.forms.record import OfFamily, name_of
from earlyhelp.families.models import Person

EARLIEST = 1900


class LossFields(Form):
    kind = ChoiceField(
        label="What happened?",
        hint="A stillbirth is after 24 weeks. Nobody need say more of a pregnancy that ended early than that it did.",
        choices=LossKind.choices,
        noun="what happened",
    )
    ended_on = DateField(
        label="On which day, if they wish to say it?", past=True, required=False, noun="the day it happened"
    )
    ended_year = IntegerField(label="Or in which year?", width=4, min_value=EARLIEST, required=False)
    name = CharField(
        label="The name that they gave, if they did", max_length=80, width=20, required=False, autocomplete="off"
    )
    sex = ChoiceField(label="If the child was stillborn: their sex", choices=Sex.choices, required=False, inline=True)
    father = ModelChoiceField(
        Person.objects.none(),
        label="The father, if that is known",
        labels=name_of,
        noun="the father",
        widget=django_forms.Select,
        empty_label="Not known, or not in this family",
        required=False,
    )

    def __init__(self, *args: Any, fathers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["father"].queryset = fathers

    def clean_ended_year(self) -> int | None:
        year = self.cleaned_data["ended_year"]
        if year and year > timezone.localdate().year:
            raise django_forms.ValidationError("The year must be this year or in the past")
        return year

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("ended_on") and given.get("ended_year"):
            self.add_error("ended_year", "Enter the day or the year, not both")
        if given.get("kind") == LossKind.EARLY or not given.get("sex"):
            given["sex"] = Sex.UNKNOWN
        return given


class WriteDownLoss(OnceForm, LossFields):
    pass


class EditLoss(VersionedForm, LossFields):
    pass


class EndPregnancy(OnceForm, LossFields):
    mother = ModelChoiceField(Person.objects.none(), label="Whose pregnancy was it?", labels=name_of, noun="the mother")

    field_order = ("mother", "kind", "ended_on", "ended_year", "name", "sex", "father")

    def __init__(self, *args: Any, mothers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mother"].queryset = mothers

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("mother") and given.get("mother") == given.get("father"):
            self.add_error("father", "Select two different people")
        return given


class SayBond(OfFamily):
    person = ModelChoiceField(
        Person.objects.none(),
        label="Who",
        labels=name_of,
        noun="the first person",
        widget=django_forms.Select,
        empty_label="Choose",
    )
    other = ModelChoiceField(
        Person.objects.none(),
        label="and who",
        labels=name_of,
        noun="the second person",
        widget=django_forms.Select,
        empty_label="Choose",
    )
    kind = ChoiceField(
        label="are",
        choices=[(kind.value, kind.label) for kind in BondKind],
        noun="how they get on",
    )
    said_by = ModelChoiceField(
        Person.objects.none(),
        label="Who says so?",
        hint="It is how somebody sees it, and stands there with their name.",
        labels=name_of,
        noun="who says so",
        widget=django_forms.Select,
        empty_label="I do: it is how I see it",
        required=False,
    )
    said_on = DateField(label="When was it said?", past=True, noun="the day it was said")
    asks = ("person", "other", "said_by")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("person") and given.get("person") == given.get("other"):
            self.add_error("other", "Choose two different people")
        return given


class GenogramFilter(FilterForm):
    """Where many lines cross, the picture is read more easily without those of how people get on."""

    get_on = ChoiceField(label="Show", choices=[("", "How people get on too"), ("no", "Only who is who")])

    @property
    def shows_bonds(self) -> bool:
        return not self.cleaned()["get_on"]


class EndBond(OnceForm):
    on = DateField(label="Until when was it so?", past=True, noun="the day")
