"""Who they are to each other: what is asked when it is said, and when it is changed."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import ChoiceField, DateField, ModelChoiceField, VersionedForm, YesNoField
from earlyhelp.families.enums import KIND_GROUPS
from earlyhelp.families.forms.record import OfFamily, name_of
from earlyhelp.families.models import Person


def _responsibility() -> YesNoField:
    return YesNoField(
        label="Do they hold parental responsibility for them?",
        hint="The legal right to decide for a child.",
        unsure=True,
        required=False,
    )


KINDS: list[tuple[str, Any]] = [
    ("", "Choose"),
    *((group, [(kind.value, kind.label) for kind in kinds]) for group, kinds in KIND_GROUPS.items()),
]


class Relate(OfFamily):
    asks = ("person", "other")

    person = ModelChoiceField(
        Person.objects.none(),
        label="Who",
        labels=name_of,
        noun="the first person",
        widget=django_forms.Select,
        empty_label="Choose",
    )
    kind = ChoiceField(
        label="is the",
        choices=KINDS,
        widget=django_forms.Select,
        noun="what they are to each other",
    )
    other = ModelChoiceField(
        Person.objects.none(),
        label="whom",
        labels=name_of,
        noun="the second person",
        widget=django_forms.Select,
        empty_label="Choose",
    )
    parental_responsibility = _responsibility()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("person") and given.get("person") == given.get("other"):
            self.add_error("other", "Choose two different people")
        return given


class ChangeRelationship(VersionedForm):
    kind = ChoiceField(
        label="What is the first to the second?",
        hint="If you choose something else, what stood here is kept as a mistake.",
        choices=KINDS,
        widget=django_forms.Select,
        required=False,
    )
    parental_responsibility = _responsibility()
    ended_on = DateField(
        label="If it has ended, when?",
        hint="Leave it empty while it goes on. It stays in the record, as something that was so.",
        past=True,
        required=False,
        noun="the day it ended",
    )

    def __init__(self, *args: Any, may_end: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_end:
            del self.fields["ended_on"]
