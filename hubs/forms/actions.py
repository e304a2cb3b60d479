"""What is asked of what somebody undertakes at the hub."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import CharField, ChoiceField, DateField, FilterForm, ModelChoiceField, OnceForm
from earlyhelp.partnership.models import Agency
from hubs.enums import GAP_NEEDS
from hubs.forms.people import select_person
from hubs.models import Hub
from hubs.naming import gives_pause
from hubs.queries import members_of


def _agency(label: str, empty: str, **kwargs: Any) -> Any:
    active = Agency.objects.filter(is_active=True)
    return ModelChoiceField(active, label=label, widget=django_forms.Select, empty_label=empty, **kwargs)


class ActionFilter(FilterForm):
    """By agency and hub only for whoever runs hubs: others read what they owe themselves."""

    agency = _agency("Agency", "Every agency")
    hub = ModelChoiceField(Hub.objects.none(), label="Hub", widget=django_forms.Select, empty_label="Every hub")
    overdue = django_forms.BooleanField(label="Only overdue", required=False)
    mine = django_forms.BooleanField(label="Only mine", required=False)
    done = django_forms.BooleanField(label="Show those that are done", required=False)

    def __init__(self, *args: Any, hubs: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hubs is None:
            del self.fields["agency"], self.fields["hub"]
        else:
            self.fields["hub"].queryset = hubs


class UndertakeAction(OnceForm):
    travels = ("what",)

    what = CharField(label="What is to be done?")
    owner = select_person("Who does it?", "Choose a person")
    agency = _agency("Or which agency?", "Choose an agency", required=False)
    due_on = DateField(label="By when?", future=True)
    need = ChoiceField(
        label="Which gap of the area is it to close?",
        hint="Then it stands beside the gap, and names nobody.",
        choices=[("", "None of them"), *GAP_NEEDS],
        required=False,
        widget=django_forms.Select,
    )

    def __init__(self, *args: Any, hub: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members_of(hub)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("owner")) == bool(given.get("agency")):
            self.add_error("owner", "Choose a person, or an agency: one of the two")
        return given

    def pauses(self) -> list[str]:
        """Of a gap read those who open no record: a name gives pause."""
        said = gives_pause(self.cleaned_data.get("what", "")) if self.cleaned_data.get("need") else ""
        return [said] if said else []
