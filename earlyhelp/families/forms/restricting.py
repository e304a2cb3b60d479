"""What is asked before only named people may see a family (domain.md 5 d)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from earlyhelp.core.forms import ChoiceField, DateField, ModelChoiceField, ModelMultipleChoiceField, OnceForm, TextField
from earlyhelp.families.enums import RestrictionKind
from earlyhelp.families.forms.record import worker
from earlyhelp.partnership.models import User

LONGEST = timedelta(days=366)


def _review() -> DateField:
    return DateField(
        label="When do you look at it again?", hint="Within a year. You are reminded two weeks before.", future=True
    )


class _Reviewed(OnceForm):
    def clean_review_on(self) -> Any:
        day = self.cleaned_data["review_on"]
        if day and day > timezone.localdate() + LONGEST:
            raise ValidationError("Look at it again within a year")
        return day


class Restrict(_Reviewed):
    """``losing``: who would lose sight of it; of them some may be named, and keep it."""

    kind = ChoiceField(label="Why may only named people see it?", choices=RestrictionKind.choices, noun="why")
    reason = TextField(
        label="What makes it necessary?", hint="Only you, and whoever keeps such records after you, read this.", rows=3
    )
    review_on = _review()
    named = ModelMultipleChoiceField(
        User.objects.none(),
        label="Who of those who would lose sight keeps it?",
        hint="They see it and its cases until the day below, and change nothing.",
        labels=worker,
        required=False,
    )
    until_on = DateField(label="Until when do they keep it?", future=True, required=False)

    def __init__(self, *args: Any, losing: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"].queryset = User.objects.filter(pk__in=losing).select_related("agency")
        if not losing:
            del self.fields["named"], self.fields["until_on"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("named") and not given.get("until_on"):
            self.add_error("until_on", "Enter the day until which they keep it")
        return given


class LookAgain(_Reviewed):
    note = TextField(label="Why does it stay restricted?", noun="why it stays restricted", rows=3)
    review_on = _review()


class Lift(OnceForm):
    reason = TextField(label="Why may it be seen again?", noun="why it may be seen again", rows=3)


class NameOne(OnceForm):
    """Somebody who does not see it yet."""

    user = ModelChoiceField(
        User.objects.none(),
        label="Who?",
        widget=django_forms.Select,
        empty_label="Choose somebody",
        labels=worker,
        noun="who",
    )
    reason = TextField(label="Why do they need to see it?", noun="why they need to see it", rows=2)
    until_on = DateField(label="Until when?", hint="The last day on which they see it.", future=True)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people


class NameNoMore(OnceForm):
    reason = TextField(label="Why do they not need it any more?", noun="why they do not need it any more", rows=2)
