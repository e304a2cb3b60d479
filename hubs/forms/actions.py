"""What is asked of what somebody undertakes at the hub."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import CharField, DateField, FilterForm, ModelChoiceField, OnceForm
from earlyhelp.partnership.models import Agency
from hubs.forms.people import select_person
from hubs.queries import members_of


class ActionFilter(FilterForm):
    mine = django_forms.BooleanField(label="Only mine", required=False)
    done = django_forms.BooleanField(label="Show those that are done", required=False)


class UndertakeAction(OnceForm):
    what = CharField(label="What is to be done?")
    owner = select_person("Who does it?", "Choose a person")
    agency = ModelChoiceField(
        Agency.objects.filter(is_active=True),
        label="Or which agency?",
        required=False,
        widget=django_forms.Select,
        empty_label="Choose an agency",
    )
    due_on = DateField(label="By when?", future=True)

    def __init__(self, *args: Any, hub: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members_of(hub)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("owner")) == bool(given.get("agency")):
            self.add_error("owner", "Choose a person, or an agency: one of the two")
        return given
