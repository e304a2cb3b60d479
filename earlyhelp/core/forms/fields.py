"""The fields of our forms: each asks plainly, refuses what cannot be stored, and says what is wrong beside itself."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator
from django.utils import timezone

from earlyhelp.core import dates, widgets
from earlyhelp.core.postcodes import as_printed, full_postcode
from earlyhelp.core.words import within

LINE, PAGE = 255, 20_000  # characters a one-line box and a text area take, unless the field says otherwise
ASKING = ("what", "why", "who", "when", "where", "which", "how")
QUESTIONS = (*ASKING, "is", "are", "do", "does", "did", "has", "have", "can", "will")
ARTICLES = frozenset(["a", "an", "the", "your", "their", "this", "any", "each", "at"])

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
    label = within(label)
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


# What nobody sees and nobody types: control characters, marks that turn the direction of what follows, blanks of no width.
# The joiners that some scripts need are kept.
UNSEEN = re.compile("[\x01-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class CharField(_Manners, forms.CharField):
    """One line, 255 characters. ``width`` is 2, 3, 4, 5, 10, 20 or 30 characters wide."""

    default_validators = [refuse_unreadable]
    several_lines = False

    def __init__(
        self, *, width: int = 0, autocomplete: str = "", spellcheck: bool | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        _limit(self)
        self.widget.attrs.update(_text_attrs(width, autocomplete, spellcheck))

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        text = UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = text if self.several_lines else text.replace("\n", " ")
        return text.strip() if self.strip else text

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

    several_lines = True

    def __init__(self, *, rows: int = 5, spellcheck: bool | None = True, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea)
        super().__init__(spellcheck=spellcheck, **kwargs)
        self.widget.attrs.pop("cols", None)
        self.widget.attrs["rows"] = rows


class EmailField(CharField):
    widget = forms.EmailInput
    default_validators = [EmailValidator("Enter an email address in the correct format, like name@example.com")]

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"autocomplete": "email", "spellcheck": False}
        super().__init__(**(defaults | kwargs))


class PhoneField(CharField):
    """A telephone number as people write it: checked only for having a plausible number of digits."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"autocomplete": "tel", "width": 20, "max_length": 40}
        super().__init__(**(defaults | kwargs))
        self.widget.input_type = "tel"

    def validate(self, value: Any) -> None:
        super().validate(value)
        digits = sum(letter.isdigit() for letter in value or "")
        if value and not 7 <= digits <= 15:
            raise ValidationError("Enter a telephone number, like 01632 960 001", code="invalid")


class PostcodeField(CharField):
    """Typed in any case and spacing, whole or begun; kept as it is printed, so that equal ones are found equal."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {"label": "Postcode", "required": False, "width": 10, "autocomplete": "off"}
        super().__init__(**(given | {"max_length": 12} | kwargs))

    def to_python(self, value: Any) -> Any:
        return as_printed(super().to_python(value) or "")


class FullPostcodeField(PostcodeField):
    default_validators = [*CharField.default_validators, full_postcode]


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

    def to_python(self, value: Any) -> datetime | None:
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

    widget: Any = widgets.Radios

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


class FileField(_Manners, forms.FileField):
    """One file. ``endings``: what its name may end in, and what a browser may then say that it is; ``most`` in bytes.

    What it is in truth is for whoever looks into it: here only what its sender can put right at once is told.
    """

    UNKNOWN = ("", "application/octet-stream")  # the browser does not know the kind

    def __init__(self, *, endings: Mapping[str, Collection[str]], most: int, kinds: str, **kwargs: Any) -> None:
        self.endings, self.most, self.kinds = endings, most, kinds
        super().__init__(widget=widgets.FileUpload(endings), **kwargs)
        self.error_messages |= {"required": "Choose a file", "empty": "The file is empty: choose another one"}

    def to_python(self, data: Any) -> Any:
        file: Any = super().to_python(data)
        if file is None:
            return None
        ending, declared = ending_of(file.name), (file.content_type or "").partition(";")[0].strip().lower()
        if declared not in (*self.UNKNOWN, *self.endings.get(ending, ())) or ending not in self.endings:
            raise ValidationError(
                f"The file must be {self.kinds}: save it as one of these and choose that", code="kind"
            )
        if file.size > self.most:
            raise ValidationError(
                f"The file must be smaller than {self.most // 1024**2} MB: make it smaller, or split it", code="size"
            )
        return file


def ending_of(name: str) -> str:
    """What stands behind the last dot: «pdf»."""
    return name.rpartition(".")[2].lower() if "." in name else ""


class ModelChoiceField(_Asked, forms.ModelChoiceField):
    """One of a few records, as radios. ``hints`` and ``labels`` are callables that take the record."""

    def __init__(self, queryset: Any, *, labels: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__(queryset, **({"empty_label": None} | kwargs))
        self.label_from_instance = labels  # type: ignore[assignment]

    def to_python(self, value: Any) -> Any:
        return super().to_python(_key(value))


class ModelMultipleChoiceField(_Asked, forms.ModelMultipleChoiceField):
    """Some of a few records, as checkboxes."""

    widget = widgets.Checkboxes

    def __init__(self, queryset: Any, *, labels: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self.label_from_instance = labels  # type: ignore[assignment]

    def clean(self, value: Any) -> Any:
        return super().clean([_key(each) for each in value] if isinstance(value, list | tuple) else value)


class _Offered:
    """Records that a form is given to choose from: read once, and only where they are shown or one of them was chosen."""

    choices: Any

    def __init__(self, *, labels: Callable[[Any], str] = str, empty_label: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.label_from_instance, self.empty_label = labels, empty_label
        self.offer(list)

    def offer(self, rows: Callable[[], Iterable[Any]]) -> None:
        self._rows = cache(lambda: {str(row.pk): row for row in rows()})
        self.choices = self._labelled

    def _labelled(self) -> list[tuple[str, str]]:
        nobody = [("", self.empty_label)] if self.empty_label else []
        return nobody + [(key, self.label_from_instance(row)) for key, row in self._rows().items()]


class OneOf(_Offered, ChoiceField):
    """One of the records that the form is offered."""

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return self._rows()[chosen] if chosen else None


class SomeOf(_Offered, MultipleChoiceField):
    """Some of the records that the form is offered."""

    def clean(self, value: Any) -> Any:
        return [self._rows()[each] for each in dict.fromkeys(super().clean(value))]


PersonField = ModelChoiceField  # the name the screens use: pick a person, each with a hint


def _key(value: Any) -> Any:
    """A primary key is short and plain; anything longer would reach the database only to be refused there."""
    if isinstance(value, str) and (len(value) > 36 or not value.replace("-", "").isalnum()):
        return None if not value else "0"
    return value
