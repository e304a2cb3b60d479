"""Forms that look like GOV.UK, speak plainly, and cannot be crashed by what is typed into them.

Rules kept here, once, for every form: text is stripped and its newlines made one kind; a NUL or half of a surrogate
pair is refused beside its field (PostgreSQL would refuse the first and the response could not be encoded with the
second); every text has a limit; no radio is ever chosen for you (screens.md 1.2 A4).
"""

from earlyhelp.core.forms.base import STALE, Form, House, ModelForm, OnceForm, VersionedForm
from earlyhelp.core.forms.fields import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    DayField,
    EmailField,
    FileField,
    FullPostcodeField,
    IntegerField,
    ModelChoiceField,
    ModelMultipleChoiceField,
    MultipleChoiceField,
    OneOf,
    PersonField,
    PhoneField,
    PostcodeField,
    SomeOf,
    TextField,
    YesNoField,
    ending_of,
)
from earlyhelp.core.forms.filters import FilterForm
from earlyhelp.core.forms.rendering import GovukBoundField, GovukRenderer, faults, printable

__all__ = [
    "STALE",
    "BooleanField",
    "CharField",
    "ChoiceField",
    "DateField",
    "DateTimeField",
    "DayField",
    "EmailField",
    "FileField",
    "FilterForm",
    "Form",
    "FullPostcodeField",
    "GovukBoundField",
    "GovukRenderer",
    "House",
    "IntegerField",
    "ModelChoiceField",
    "ModelForm",
    "ModelMultipleChoiceField",
    "MultipleChoiceField",
    "OnceForm",
    "OneOf",
    "PersonField",
    "PhoneField",
    "PostcodeField",
    "SomeOf",
    "TextField",
    "VersionedForm",
    "YesNoField",
    "ending_of",
    "faults",
    "printable",
]
