"""How a long list of people is asked."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import ModelChoiceField, OneOf
from earlyhelp.partnership.models import User


def labelled(user: User) -> str:
    return f"{user}, {user.agency}" if user.agency_id else str(user)


def initials(name: str) -> str:
    """«Colm Price» is «C. P.»: on a screen that the room sees."""
    return " ".join(f"{word[0]}." for word in name.split() if word)


def labelled_unnamed(user: User) -> str:
    """The same for a screen that the room sees: initials, what they do, and for whom."""
    return ", ".join(filter(None, [initials(str(user)), user.job_title, str(user.agency) if user.agency_id else ""]))


def family(item: Any) -> str:
    return f"{item.case.family} ({item.case.reference})"


def family_unnamed(item: Any) -> str:
    return f"{item.case.family.name[:1]}. {item.case.reference}"


LEADS = "lead"


class OwnerField(OneOf):
    """Somebody of the list, or whoever is to lead: of all who may be asked to, the list holds none."""

    def _labelled(self) -> list[tuple[str, str]]:
        nobody, *named = super()._labelled()
        return [nobody, (LEADS, "Whoever leads the family, or is asked to now"), *named]

    def clean(self, value: Any) -> Any:
        return LEADS if value == LEADS else super().clean(value)


def select_person(label: str, empty: str, **kwargs: Any) -> Any:
    """A long list of people: nobody chosen, none required unless the decision asks for it."""
    queryset = User.objects.none()
    return ModelChoiceField(
        queryset, label=label, required=False, widget=django_forms.Select, empty_label=empty, labels=labelled, **kwargs
    )


def one_of_them(label: str, empty: str, *, field: type[OneOf] = OneOf) -> OneOf:
    """The same of a list that the form is offered."""
    return field(label=label, required=False, widget=django_forms.Select, empty_label=empty, labels=labelled)
