"""How a form is drawn: Django's own rendering, with the markup of the GOV.UK design system (``templates/govuk``)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import BaseRenderer
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template

WIDGET_TEMPLATES = {
    f"django/forms/widgets/{theirs}.html": f"govuk/widgets/{ours}.html"
    for theirs, ours in {
        "text": "input",
        "email": "input",
        "url": "input",
        "tel": "input",
        "search": "input",
        "number": "input",
        "password": "input",
        "date": "input",
        "time": "input",
        "datetime": "input",
        "textarea": "textarea",
        "select": "select",
        "radio": "radios",
        "checkbox_select": "checkboxes",
        "checkbox": "tick",
        "file": "file",
        "clearable_file_input": "file",
        "hidden": "hidden",
    }.items()
}


class GovukBoundField(BoundField):
    """A field in its form: where an error leads, how its label is drawn, and what one of its answers reveals."""

    @property
    def error_target(self) -> str:
        """The id of the first control, for the link in the error summary."""
        return str(self.id_for_label or self.auto_id)

    @property
    def label_size(self) -> str:
        return str(getattr(self.field, "label_size", "") or getattr(self.form, "label_size", "s"))

    @property
    def is_tick(self) -> bool:
        """A single checkbox carries its own label, after the box."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    def value(self) -> Any:
        return printable(super().value())

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> Any:
        reveals = getattr(self.field, "reveals", None)
        if reveals:
            self.field.widget.revealed = {str(answer): self.form[name] for answer, name in reveals.items()}
        return super().as_widget(widget, attrs, only_initial)


class GovukRenderer(BaseRenderer):
    """Draws Django's own widgets, and forms written without thinking of us, with our templates."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name: str) -> Any:
        try:
            return engines["pages"].get_template(WIDGET_TEMPLATES.get(template_name, template_name))
        except TemplateDoesNotExist:  # a widget that somebody else wrote
            return get_template(template_name)


def faults(form: Any) -> Iterator[tuple[str, str]]:
    """(id to lead to, message) for each fault of any Django form; a fault of the whole form leads nowhere."""
    for message in form.non_field_errors():
        yield "", message
    for field in form:
        for message in field.errors:
            yield ("" if field.is_hidden else getattr(field, "error_target", field.id_for_label)), message


def printable(value: Any) -> Any:
    """What may be sent back in a page: text that cannot be encoded would otherwise turn an error into a crash."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, Mapping):
        return {key: printable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [printable(part) for part in value]
    return value
