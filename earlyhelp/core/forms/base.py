"""The bases of every form: the house's manners, one sending, one version."""

import uuid
from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property

from earlyhelp.core.forms.fields import CharField, ChoiceField, DateField, DateTimeField, EmailField, TextField, dress

STALE = "This page is out of date. Open it again and repeat the change."


class House(forms.BaseForm):
    """What every form does: its manners, its questions within questions."""

    required_css_class = ""
    use_required_attribute = False  # the server's own words, in one place, instead of the browser's
    label_size = "s"
    own_place: tuple[str, ...] = ()  # questions whose answer may be a secret: it is in its place there
    travels: tuple[str, ...] = ()  # those read beyond the record: there a secret is refused, and not only asked about
    fields: dict[str, Any]  # each by its own kind: a choice has choices, a record a queryset

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            dress(field, name)
        for child in self.revealed_by:
            self.fields[child].is_revealed = True  # drawn inside its parent's answer

    @cached_property
    def revealed_by(self) -> dict[str, tuple[str, str]]:
        """Each question that only shows once another is answered so: {question: (other, answer)}."""
        return {
            child: (parent, str(answer))
            for parent, field in self.fields.items()
            for answer, child in getattr(field, "reveals", {}).items()
        }

    def as_typed(self) -> Self:
        """The same, put back after a break: shown as it was typed, without scolding."""
        self._errors = ErrorDict()
        return self

    def renewed(self, **hidden: Any) -> Self:
        """This same text over a newer version, or with a token of its own: what is offered to be saved."""
        data: Any = self.data
        self.data = data = data.copy()
        for name, value in hidden.items():
            data[self.add_prefix(name)] = str(value)
        return self

    def pauses(self) -> list[str]:
        """What in these very questions should give whoever answered them pause (``workflow.cautions``), once they are clean."""
        return []

    def _clean_fields(self) -> None:
        """A question that was never shown is neither required nor kept."""
        here = {child: seen for child, seen in self.revealed_by.items() if {child, seen[0]} <= {*self.fields}}
        unseen = [child for child, (parent, answer) in here.items() if not self._answered(parent, answer)]
        for name in unseen:
            self.fields[name].required = False
        super()._clean_fields()  # type: ignore[misc]
        for name in unseen:
            self._errors.pop(name, None)
            self.cleaned_data[name] = self._nothing(name)

    def _answered(self, parent: str, answer: str) -> bool:
        given = self[parent].data
        return answer in given if isinstance(given, list | tuple) else str(given) == answer

    def _nothing(self, name: str) -> Any:
        field = self.fields[name]
        try:
            return field.clean([] if isinstance(field, forms.MultipleChoiceField) else None)
        except ValidationError:
            return None


class Form(House, forms.Form):
    """The base of every form that is posted."""


class ModelForm(House, forms.ModelForm):
    """The same for a model: text, days and choices get our fields without each form having to say so."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        meta = cls.__dict__.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(_formfield)  # read by Django's metaclass after this

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self._choose_nothing(kwargs.get("initial") or {})

    def _choose_nothing(self, given: Mapping[str, Any]) -> None:
        """A model's default is not a person's decision."""
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.RadioSelect) and name not in given:
                self.initial.pop(name, None)
                field.initial = None


def _formfield(field: models.Field, **kwargs: Any) -> forms.Field | None:
    if field.choices:
        own = {"choices": [pair for pair in field.flatchoices if pair[0] not in (None, "")]}
        named = {"label": field.verbose_name[:1].upper() + field.verbose_name[1:], "help_text": field.help_text}
        return ChoiceField(**({"required": not field.blank} | named | own | kwargs))
    by_type: dict[type, type] = {
        models.DateTimeField: DateTimeField,
        models.DateField: DateField,
        models.TextField: TextField,
        models.EmailField: EmailField,
        models.CharField: CharField,
    }
    ours = next((form for model, form in by_type.items() if isinstance(field, model)), None)
    if ours and not isinstance(field, models.URLField | models.SlugField):
        kwargs = {"form_class": ours} | kwargs
    return field.formfield(**kwargs)


class OnceForm(Form):
    """Carries the token by which a double click or a retry makes one record (promise P11)."""

    token = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"required": STALE, "invalid": STALE}
    )


class VersionedForm(Form):
    """Carries the version its reader saw, so that no edit silently overwrites another (promise P10)."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2**31 - 1,
        error_messages={"required": STALE, "invalid": STALE, "min_value": STALE, "max_value": STALE},
    )
