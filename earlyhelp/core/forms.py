"""Forms that look like GOV.UK, speak plainly, and cannot be crashed by what is typed into them.

Rules kept here, once, for every form: text is stripped and its newlines made one kind; a NUL or half of a surrogate
pair is refused beside its field (PostgreSQL would refuse the first and the response could not be encoded with the
second); every text has a limit; no radio is ever chosen for you (screens.md 1.2 A4).
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.core.validators import EmailValidator, MaxLengthValidator
from django.db import models
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import cached_property

from earlyhelp.core import dates, widgets

LINE, PAGE = 255, 20_000  # characters a one-line box and a text area take, unless the field says otherwise
STALE = "This page is out of date. Open it again and repeat the change."
QUESTIONS = ("what", "why", "who", "when", "where", "which", "how") + ("is", "are", "do", "does", "did", "has", "have")
ARTICLES = frozenset(["a", "an", "the", "your", "their", "this", "any", "each", "at"])

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
    }.items()
}


# --- How a form is drawn -------------------------------------------------------------------------------------------


class GovukBoundField(BoundField):
    """A field in its form: where an error leads, how its label is drawn, and what one of its answers reveals."""

    @property
    def error_target(self) -> str:
        """The id of the first control, for the link in the error summary."""
        return self.id_for_label or self.auto_id

    @property
    def label_size(self) -> str:
        return getattr(self.field, "label_size", None) or getattr(self.form, "label_size", "s")

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


class GovukRenderer(TemplatesSetting):
    """Draws Django's own widgets, and forms written without thinking of us, with our templates."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name: str) -> Any:
        return get_template(WIDGET_TEMPLATES.get(template_name, template_name))


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


# --- What a field says when it is not answered -----------------------------------------------------------------------


def noun(field: forms.Field) -> str | None:
    """The label as it reads inside a sentence: "Date of birth" is "the date of birth"; a question has no noun."""
    given: str | None = getattr(field, "noun", None)
    label = str(field.label or "").strip()
    first = label.split(" ")[0].lower()
    if given or not label:
        return given
    if label.endswith("?") or first in QUESTIONS:
        return None
    label = label if label[1:2].isupper() else label[0].lower() + label[1:]
    return label if first in ARTICLES else f"the {label}"


def unanswered(field: forms.Field) -> str:
    """ "Enter the date of birth", "Select the level of need", or the question itself given back."""
    chosen = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    verb = "Select" if chosen else "Enter"
    thing = noun(field)
    if thing:
        return f"{verb} {thing}"
    return f"{verb} an answer to ‘{field.label}’" if field.label else f"{verb} an answer"


def subject(field: forms.Field) -> str:
    """How a sentence about the field begins: "Date of birth must be a real date"."""
    thing = (noun(field) or "").removeprefix("the ")
    fallback = "Date" if isinstance(field, DateField) else "Answer"
    return thing[:1].upper() + thing[1:] if thing else fallback


def dress(field: forms.Field, name: str) -> None:
    """Give a field the house's manners, whoever's class it is; what its author wrote stays."""
    if field.label is None:
        field.label = name.strip("_").replace("_", " ").capitalize()
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = f"Tick ‘{field.label}’" if _is_tick(field) else unanswered(field)
    if "invalid_choice" in field.error_messages:  # Django's own wording repeats what was sent
        field.error_messages["invalid_choice"] = "Select one of the answers shown"
    if isinstance(field, forms.CharField) and not isinstance(field, CharField | forms.UUIDField | forms.JSONField):
        _limit(field)
        field.validators.append(refuse_unreadable)


def _is_tick(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.CheckboxInput)


def _limit(field: forms.CharField) -> None:
    if field.max_length is None:
        field.max_length = PAGE if isinstance(field.widget, forms.Textarea) else LINE
        field.validators.append(MaxLengthValidator(field.max_length))
    field.widget.attrs.pop("maxlength", None)  # a browser that cuts a pasted text short says nothing


def refuse_unreadable(value: str) -> None:
    """NUL, and half of a surrogate pair: neither can be stored or sent."""
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValidationError("Remove the characters that cannot be read, and type them again", code="unreadable")


# --- Fields -----------------------------------------------------------------------------------------------------------


class _Manners:
    """What every field of ours takes besides Django's arguments."""

    def __init__(
        self, *args: Any, label_size: str = "", noun: str | None = None, attrs: Any = None, **kwargs: Any
    ) -> None:
        hint = kwargs.pop("hint", None)
        if hint:
            kwargs["help_text"] = hint
        super().__init__(*args, **kwargs)
        self.label_size, self.noun = label_size, noun
        self.widget.attrs.update(attrs or {})  # type: ignore[attr-defined]


class CharField(_Manners, forms.CharField):
    """One line, 255 characters. ``width`` is 2, 3, 4, 5, 10, 20 or 30 characters wide."""

    default_validators = [refuse_unreadable]

    def __init__(
        self, *, width: int = 0, autocomplete: str = "", spellcheck: bool | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        _limit(self)
        self.widget.attrs.update(_text_attrs(width, autocomplete, spellcheck))

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text

    def run_validators(self, value: Any) -> None:
        """One message, the first: a text with a NUL is not also told that null characters are not allowed."""
        if value in self.empty_values:
            return
        refuse_unreadable(value)
        if self.max_length and len(value) > self.max_length:
            raise ValidationError(f"{subject(self)} must be {self.max_length:,} characters or fewer", code="max_length")
        super().run_validators(value)


def _text_attrs(width: int, autocomplete: str, spellcheck: bool | None) -> dict[str, Any]:
    attrs: dict[str, Any] = {}
    if width:
        attrs["class"] = f"govuk-input--width-{width}"
    if autocomplete:
        attrs["autocomplete"] = autocomplete
    if spellcheck is not None:
        attrs["spellcheck"] = "true" if spellcheck else "false"
    return attrs


class TextField(CharField):
    """Several lines, 20,000 characters."""

    def __init__(self, *, rows: int = 5, spellcheck: bool | None = True, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea)
        super().__init__(spellcheck=spellcheck, **kwargs)
        self.widget.attrs.pop("cols", None)
        self.widget.attrs["rows"] = rows


class EmailField(CharField):
    widget = forms.EmailInput
    default_validators = [EmailValidator("Enter an email address in the correct format, like name@example.com")]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"autocomplete": "email", "spellcheck": False} | kwargs))


class PhoneField(CharField):
    """A telephone number as people write it: checked only for having a plausible number of digits."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"autocomplete": "tel", "width": 20, "max_length": 40} | kwargs))
        self.widget.input_type = "tel"

    def validate(self, value: Any) -> None:
        super().validate(value)
        digits = sum(letter.isdigit() for letter in value or "")
        if value and not 7 <= digits <= 15:
            raise ValidationError("Enter a telephone number, like 01632 960 001", code="invalid")


class IntegerField(_Manners, forms.IntegerField):
    """A whole number that the database can hold."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "Enter a whole number"}

    def __init__(self, *, width: int = 5, min_value: int = 0, max_value: int = 2**31 - 1, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "class": f"govuk-input--width-{width}"})


class DateField(_Manners, forms.Field):
    """A day in three boxes; ``past`` or ``future`` says on which side of today it must lie (today is on both)."""

    widget = widgets.DateParts

    def __init__(self, *, past: bool = False, future: bool = False, birthday: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", self.widget(birthday=birthday))
        super().__init__(**kwargs)
        self.past, self.future = past or birthday, future

    def to_python(self, value: Any) -> date | None:
        if not value or (isinstance(value, Mapping) and not any(value.values())):
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return dates.read_day(value)
        except dates.Unreadable as fault:
            raise ValidationError(f"{subject(self)} {fault}", code="invalid") from fault

    def validate(self, value: Any) -> None:
        super().validate(value)
        self._check_side(value, timezone.localdate())

    def _check_side(self, day: date | None, today: date) -> None:
        if day and self.past and day > today:
            raise ValidationError(f"{subject(self)} must be today or in the past", code="future")
        if day and self.future and day < today:
            raise ValidationError(f"{subject(self)} must be today or in the future", code="past")


class DateTimeField(DateField):
    """A day and a time of day, in the authority's own time zone."""

    widget = widgets.MomentParts

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]
        if not value or (isinstance(value, Mapping) and not any(value.values())):
            return None
        try:
            return value if isinstance(value, datetime) else dates.read_moment(value)
        except dates.Unreadable as fault:
            raise ValidationError(f"{subject(self)} {fault}", code="invalid") from fault

    def _check_side(self, day: Any, today: date) -> None:
        super()._check_side(timezone.localdate(day) if day else None, today)


class DayField(_Manners, forms.DateField):
    """A day in the browser's own date box: for filters."""

    widget = widgets.DayInput
    default_error_messages = {"invalid": "Enter a real date"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)
        self.widget.attrs["class"] = "govuk-input--width-10"


class _Asked(_Manners):
    """A question with a few answers: ``hints`` and ``reveals`` are keyed by the answer's value."""

    widget = widgets.Radios

    def __init__(
        self,
        *args: Any,
        hints: Any = None,
        reveals: Mapping[str, str] | None = None,
        inline: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reveals = dict(reveals or {})
        if isinstance(self.widget, widgets.Radios | widgets.Checkboxes):
            self.widget.hints, self.widget.inline = hints or {}, inline


class ChoiceField(_Asked, forms.ChoiceField):
    """Radios, none chosen. Give ``widget=forms.Select`` for a long list, with an empty first choice."""


class MultipleChoiceField(_Asked, forms.MultipleChoiceField):
    """Checkboxes."""

    widget = widgets.Checkboxes


class BooleanField(_Manners, forms.BooleanField):
    """One box to tick; required means it must be ticked."""


class YesNoField(_Asked, forms.TypedChoiceField):
    """Yes is True, No is False; "Not sure", if offered, is None."""

    ANSWERS = {"yes": True, "no": False, "unsure": None}
    ALSO = {"true": "yes", "false": "no", "1": "yes", "0": "no"}

    def __init__(self, *, unsure: bool = False, **kwargs: Any) -> None:
        choices = [("yes", "Yes"), ("no", "No")] + ([("unsure", "Not sure")] if unsure else [])
        kwargs = {"inline": "reveals" not in kwargs} | kwargs
        super().__init__(choices=choices, coerce=self.ANSWERS.get, empty_value=None, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).lower()
        return self.ALSO.get(text, text)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class ModelChoiceField(_Asked, forms.ModelChoiceField):
    """One of a few records, as radios. ``hints`` and ``labels`` are callables that take the record."""

    def __init__(self, queryset: Any, *, labels: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__(queryset, **({"empty_label": None} | kwargs))
        self.label_from_instance = labels  # type: ignore[method-assign]

    def to_python(self, value: Any) -> Any:
        return super().to_python(_key(value))


class ModelMultipleChoiceField(_Asked, forms.ModelMultipleChoiceField):
    """Some of a few records, as checkboxes."""

    widget = widgets.Checkboxes

    def __init__(self, queryset: Any, *, labels: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self.label_from_instance = labels  # type: ignore[method-assign]

    def clean(self, value: Any) -> Any:
        return super().clean([_key(each) for each in value] if isinstance(value, list | tuple) else value)


PersonField = ModelChoiceField  # the name the screens use: pick a person, each with a hint


def _key(value: Any) -> Any:
    """A primary key is short and plain; anything longer would reach the database only to be refused there."""
    if isinstance(value, str) and (len(value) > 36 or not value.replace("-", "").isalnum()):
        return None if not value else "0"
    return value


# --- Forms ------------------------------------------------------------------------------------------------------------


class House:
    """What every form does: its manners, its questions within questions."""

    required_css_class = ""
    use_required_attribute = False  # the server's own words, in one place, instead of the browser's
    label_size = "s"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            dress(field, name)
        for child in self.revealed_by:
            self.fields[child].is_revealed = True  # type: ignore[attr-defined]  # drawn inside its parent's answer

    @cached_property
    def revealed_by(self) -> dict[str, tuple[str, str]]:
        """Each question that only shows once another is answered so: {question: (other, answer)}."""
        return {
            child: (parent, str(answer))
            for parent, field in self.fields.items()  # type: ignore[attr-defined]
            for answer, child in getattr(field, "reveals", {}).items()
        }

    def _clean_fields(self) -> None:
        """A question that was never shown is neither required nor kept."""
        unseen = [child for child, (parent, answer) in self.revealed_by.items() if not self._answered(parent, answer)]
        for name in unseen:
            self.fields[name].required = False  # type: ignore[attr-defined]
        super()._clean_fields()  # type: ignore[misc]
        for name in unseen:
            self._errors.pop(name, None)  # type: ignore[attr-defined]
            self.cleaned_data[name] = self._nothing(name)  # type: ignore[attr-defined]

    def _answered(self, parent: str, answer: str) -> bool:
        given = self[parent].data  # type: ignore[index]
        return answer in given if isinstance(given, list | tuple) else str(given) == answer

    def _nothing(self, name: str) -> Any:
        field = self.fields[name]  # type: ignore[attr-defined]
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

    def renewed(self, version: int) -> "VersionedForm":
        """This same text over the newer version: what the conflict page offers to save."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)
        return self


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

    def page_of(self, rows: Any, *, size: int = 25) -> Page:
        """The page asked for; the first for nonsense, the last for too far."""
        return Paginator(rows, size).get_page(self.data.get("page", 1))

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
