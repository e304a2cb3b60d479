"""Filters in the address: whatever it says, a list is shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict

from earlyhelp.core import dates, widgets
from earlyhelp.core.forms.base import House


class FilterForm(House, forms.Form):
    """Filters in the address. Whatever the address says, a list is shown: a bad value is told and left out.

    A field whose name is a word of Python takes a trailing underscore: ``from_`` is ``from`` in the address.
    """

    quiet_optional = True  # every filter is: saying so beside each would be noise

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(QueryDict() if data is None else data, **kwargs)
        for field in self.fields.values():
            field.required = False
            if isinstance(field.widget, widgets.Radios | widgets.Checkboxes):
                field.widget.small = True

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix(field_name.rstrip("_"))

    def cleaned(self) -> dict[str, Any]:
        """Every filter by name: its value, or nothing where it is not given or not understood."""
        self.errors  # noqa: B018  (cleans, once)
        return {name: self.cleaned_data.get(name) for name in self.fields}

    @property
    def page(self) -> int:
        """The number of the page asked for; 1 for nonsense, and never beyond what a database can count."""
        asked = str(self.data.get("page") or "")
        if not (asked.isascii() and asked.isdigit()):
            return 1
        return max(1, int(asked[:10]))

    def page_of(self, rows: Any, *, size: int = 25) -> Page:
        """The page asked for; the first for nonsense, the last for too far."""
        return Paginator(rows, size).get_page(self.page)

    @property
    def query(self) -> str:
        """The filters in force, ready to stand before ``page=2``; without those refused and without the page."""
        return self._encoded(self._in_force())

    def selected(self) -> list[tuple[str, str, str]]:
        """(label, value as words, query string without it) for each filter in force."""
        pairs = self._in_force()
        return [
            (
                str(self.fields[name].label),
                self._words(name, value),
                "?" + self._encoded(_without(pairs, (name, value))),
            )
            for name, value in pairs
        ]

    def _in_force(self) -> list[tuple[str, str]]:
        cleaned = self.cleaned()
        given = [name for name, value in cleaned.items() if value not in (None, "", []) and value is not False]
        return [(name, value) for name in given for value in self._given(name)]

    def _given(self, name: str) -> list[str]:
        value = self[name].data
        if isinstance(value, Mapping):
            return [self.cleaned_data[name].isoformat()]
        return [str(each) for each in value if each] if isinstance(value, list | tuple) else [str(value)]

    def _words(self, name: str, value: str) -> str:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return "Yes"
        if isinstance(self.cleaned_data[name], date):
            return dates.day(self.cleaned_data[name])
        if isinstance(field, forms.ModelMultipleChoiceField):
            return next(field.label_from_instance(each) for each in self.cleaned_data[name] if str(each.pk) == value)
        if isinstance(field, forms.ModelChoiceField):
            return field.label_from_instance(self.cleaned_data[name])
        return str(dict(getattr(field, "choices", ())).get(value, value))

    def _encoded(self, pairs: list[tuple[str, str]]) -> str:
        query = QueryDict(mutable=True)
        for name, value in pairs:
            query.appendlist(self.add_prefix(name), value)
        return f"{query.urlencode()}&" if pairs else ""


def _without(pairs: list[tuple[str, str]], one: tuple[str, str]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair != one]
