from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import CharField, ChoiceField, FilterForm, IntegerField
from earlyhelp.directory.models import Need
from earlyhelp.directory.queries import find
from earlyhelp.families.forms import AreaField


class ServiceFilter(FilterForm):
    q = CharField(label="Words", hint="A name, or what it is about.", max_length=120)
    need = ChoiceField(label="Helps with", choices=[("", "Anything"), *Need.choices], widget=django_forms.Select)
    area = AreaField(label="Where", empty_label="Anywhere")
    age = IntegerField(label="Age of the person", max_value=120)

    def found(self) -> Any:
        chosen = self.cleaned()
        return find(words=chosen["q"] or "", need=chosen["need"] or "", area=chosen["area"], age=chosen["age"])
