"""The few inputs that Django does not draw the way the GOV.UK Design System does.

Plain Django widgets need no subclass: ``forms.GovukRenderer`` gives them our templates.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from earlyhelp.core import dates

PARTS = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4))
BIRTHDAY = {"day": "bday-day", "month": "bday-month", "year": "bday-year"}


class DateParts(forms.Widget):
    """Three boxes, or one ISO string under the field's own name (what the API, a link or a test sends)."""

    template_name = "govuk/widgets/date.html"
    use_fieldset = True

    def __init__(self, *args: Any, birthday: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.birthday = birthday

    def names(self, name: str) -> dict[str, str]:
        return {part: f"{name}_{part}" for part, _, _ in PARTS}

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        parts = {part: data.get(key) or "" for part, key in self.names(name).items()}
        return parts if any(parts.values()) else data.get(name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(key in data for key in self.names(name).values())

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = as_parts(value)
        context["widget"]["parts"] = [
            {
                "id": f"{context['widget']['attrs'].get('id', name)}_{part}",
                "name": f"{name}_{part}",
                "label": label,
                "width": width,
                "value": shown.get(part, ""),
                "autocomplete": BIRTHDAY[part] if self.birthday else "",
            }
            for part, label, width in PARTS
        ]
        context["widget"]["time"] = None
        return context


class MomentParts(DateParts):
    """Three boxes for the day and one for the time of day."""

    def names(self, name: str) -> dict[str, str]:
        return super().names(name) | {"time": f"{name}_time"}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        id_ = context["widget"]["attrs"].get("id", name)
        context["widget"]["time"] = {
            "id": f"{id_}_time",
            "name": f"{name}_time",
            "value": as_parts(value).get("time", ""),
        }
        return context


def as_parts(value: Any) -> dict[str, str]:
    """What to show in each box: what was typed, untouched, or the parts of a real date."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return as_parts(value.date()) | {"time": dates.clock(value)}
    if isinstance(value, date):
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
    return _parts_of_text(value) if isinstance(value, str) else {}


def _parts_of_text(value: str) -> dict[str, str]:
    """An ISO string goes into its boxes; anything else stays visible, in the first box, to be corrected."""
    try:
        return as_parts(datetime.fromisoformat(value))
    except ValueError:
        return {"day": value[:40]}


class DayInput(forms.DateInput):
    """The browser's own date box: for filters, where a short row matters and the address carries the ISO date."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class FileUpload(forms.FileInput):
    """The browser's own box for a file, which offers only names with these endings. Whether one may have it is asked again."""

    def __init__(self, endings: Iterable[str]) -> None:
        super().__init__({"accept": ",".join(f".{ending}" for ending in endings)})


class _Options:
    """Radios and checkboxes whose options may carry a hint and may reveal another question."""

    hints: Mapping[Any, str] | Callable[[Any], str] = {}
    revealed: Mapping[str, Any] = {}
    inline = small = False

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["hint"] = self._hint(value)
        option["reveal"] = self.revealed.get(str(value))
        return option

    def _hint(self, value: Any) -> str:
        if callable(self.hints):
            return self.hints(getattr(value, "instance", value))
        return self.hints.get(value, "")

    def get_context(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(*args, **kwargs)  # type: ignore[misc]
        context["widget"] |= {"inline": self.inline, "small": self.small}
        return context

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first option: where a link in the error summary must lead."""
        return f"{id_}_{index or 0}" if id_ else id_


class Radios(_Options, forms.RadioSelect):
    """One of a few."""


class Checkboxes(_Options, forms.CheckboxSelectMultiple):
    """Some of a few."""
