"""What is asked about the record itself: who looked, whether two records are of one person, who may know a secret address."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import CharField, ChoiceField, FilterForm, Form, ModelMultipleChoiceField, OnceForm, TextField
from earlyhelp.core.forms.fields import dress
from earlyhelp.families import merging, one_family
from earlyhelp.families.enums import WhyLook
from earlyhelp.families.forms.record import worker
from earlyhelp.families.models import Family, Person
from earlyhelp.partnership.models import User


class ByReference(FilterForm):
    reference = CharField(label="The family’s reference", hint="Such as FAM-000123.", max_length=20, width=20)


class WhatItWas(Form):
    note = TextField(
        label="What was it?", hint="Whom you asked, and what they said; or what is done about it now.", rows=4
    )


ODD_MOVES = {
    "explain": ("Save", "Written down. The same reads are not brought to you again for this."),
    "take_further": ("Save", "Written down. The next reads are brought to you as well."),
}


class SamePerson(OnceForm):
    """Of what the two records say differently, which is right; and how it is known that they are of one person."""

    reason = TextField(label="How do you know that they are one person?", noun="how you know", rows=3)

    def __init__(self, *args: Any, kept: Person, merged: Person, homes: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = {name: _choice_between(name, kept, merged) for name in merging.differing(kept, merged)}
        if len(homes) == 2:
            answers = [("kept", homes[kept.pk]), ("merged", homes[merged.pk])]
            chosen["home"] = ChoiceField(label="Where do they live now?", choices=answers, noun="where they live now")
        for name, field in chosen.items():
            dress(field, name)
        self.fields = {"token": self.fields["token"]} | chosen | {"reason": self.fields["reason"]}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        taken = [name for name in merging.FACTS if given.pop(name, None) == "merged"]
        return given | {"take": taken, "home_of_merged": given.pop("home", None) == "merged"}


def _choice_between(name: str, kept: Person, merged: Person) -> ChoiceField:
    label = str(merging.fact(name).verbose_name)
    answers = [("kept", merging.in_words(kept, name)), ("merged", merging.in_words(merged, name))]
    return ChoiceField(label=f"Which {label} is right?", choices=answers, noun=f"which {label} is right")


class TwoFamilies(FilterForm):
    one = CharField(label="One family’s reference", hint="Such as FAM-000123.", max_length=20, width=20)
    other = CharField(label="The other’s", max_length=20, width=20)


class SameFamily(OnceForm):
    """Of what the two records say differently, which is right; and how it is known that they are of one family."""

    reason = TextField(label="How do you know that they are one family?", noun="how you know", rows=3)

    def __init__(self, *args: Any, kept: Family, merged: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = {}
        for name in one_family.differing(kept, merged):
            label = str(one_family.fact(name).verbose_name)
            answers = [("kept", str(getattr(kept, name))), ("merged", str(getattr(merged, name)))]
            chosen[name] = ChoiceField(
                label=f"Which {label} is right?", choices=answers, noun=f"which {label} is right"
            )
            dress(chosen[name], name)
        self.fields = {"token": self.fields["token"]} | chosen | {"reason": self.fields["reason"]}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return given | {"take": tuple(name for name in one_family.FACTS if given.pop(name, None) == "merged")}


class WhyPart(OnceForm):
    reason = TextField(label="Why are they two families after all?", noun="why they are two families", rows=3)


class HowItIsKnown(OnceForm):
    note = TextField(label="How do you know?", noun="how you know", rows=3)


class WhyUndo(OnceForm):
    reason = TextField(label="Why are they two people after all?", noun="why they are two people", rows=3)


class WhyReveal(Form):
    reason = TextField(label="Why do you need it?", noun="why you need it", rows=2)


class WhyYouLook(Form):
    """Short, because it stands above a record that somebody wants to read."""

    quiet_optional = True  # the words are wanted with one of the reasons alone

    because = ChoiceField(
        label="You do not work with this family. Why do you look?",
        choices=[("", "Choose a reason"), *WhyLook.choices],
        widget=django_forms.Select,
        noun="why you look",
    )
    words = CharField(
        label="In your own words, if it is something else",
        required=False,
        max_length=150,
        width=30,
        noun="what it is",
    )
    back = CharField(required=False, widget=django_forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("because") == WhyLook.OTHER and not given.get("words"):
            self.add_error("words", "Enter what it is")
        return given


class NameConfidants(OnceForm):
    users = ModelMultipleChoiceField(User.objects.none(), label="Who?", labels=worker, noun="at least one person")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["users"].queryset = people
