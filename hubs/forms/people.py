"""How a long list of people is asked."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import ModelChoiceField
from earlyhelp.partnership.models import User


def labelled(user: User) -> str:
    return f"{user}, {user.agency}" if user.agency_id else str(user)


def select_person(label: str, empty: str, **kwargs: Any) -> Any:
    """A long list of people: nobody chosen, none required unless the decision asks for it."""
    queryset = User.objects.none()
    return ModelChoiceField(
        queryset, label=label, required=False, widget=django_forms.Select, empty_label=empty, labels=labelled, **kwargs
    )
