"""What is asked about a document: which it is, whom it is about, who may see it."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    FileField,
    Form,
    ModelMultipleChoiceField,
    OnceForm,
    TextField,
    VersionedForm,
    ending_of,
)
from earlyhelp.documents.enums import ENDINGS, TYPES, DocumentKind, Visibility
from earlyhelp.families.models import Family, Person
from earlyhelp.families.panels import workers_with
from earlyhelp.partnership.models import User

KINDS = "a PDF, a JPEG or PNG picture, a Word, Excel or LibreOffice document without macros, or plain text"
TAKEN = {ending: [TYPES[format].partition(";")[0]] for ending, format in ENDINGS.items()}
CHOOSE_AGAIN = "Choose the file again: it is not kept while something else is put right"


class _AboutIt(Form):
    """What may be corrected later too. Everybody named works with the family; everybody it is about is or was in it."""

    title = CharField(
        label="Title",
        hint="Such as ‘Letter about attendance, spring term’. No reference, no file name.",
        max_length=120,
    )
    kind = ChoiceField(label="What is it?", choices=DocumentKind.choices)
    about = ModelMultipleChoiceField(
        Person.objects.none(),
        label="Who is it about?",
        hint="Nobody chosen: the family.",
        required=False,
        labels=lambda person: person.name,
    )
    visibility = ChoiceField(
        label="Who may see it?",
        choices=Visibility.choices,
        hints={Visibility.AGENCY: "Nobody else learns that it is there."},
        reveals={Visibility.NAMED: "readers"},
    )
    readers = ModelMultipleChoiceField(
        User.objects.none(),
        label="Who, besides you?",
        error_messages={"required": "Choose at least one person, or let only your own agency see it"},
        labels=lambda user: f"{user}, {user.agency}" if user.agency else str(user),
    )

    def __init__(self, *args: Any, family: Family, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(memberships__family=family).distinct()
        self.fields["about"].queryset = people.order_by("born_on", "pk")
        self.fields["readers"].queryset = workers_with(family).exclude(pk=by.pk)


class AddDocument(_AboutIt, OnceForm):
    file = FileField(
        label="The file",
        hint=f"{KINDS[0].upper()}{KINDS[1:]}. At most {settings.DOCUMENT_MAX_MEGABYTES} MB.",
        endings=TAKEN,
        most=settings.DOCUMENT_MAX_MEGABYTES * 1024**2,
        kinds=KINDS,
    )
    field_order = ["file"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "file" in cleaned:
            cleaned["format"] = ENDINGS[ending_of(cleaned["file"].name)]
            if self.errors:
                self.add_error("file", CHOOSE_AGAIN)
        return cleaned


class ChangeDocument(_AboutIt, VersionedForm):
    pass


class WithdrawDocument(Form):
    reason = TextField(
        label="Why does it not belong here?",
        hint="Such as: it is about another family. No names.",
        rows=3,
        max_length=500,
    )


class WhyDecided(Form):
    note = TextField(label="Why?", hint="Whom you asked, and what they said.", rows=4)


DECISIONS = {
    "release": (
        "Release it",
        False,
        "It is scanned for viruses, where there is a scanner; then whoever may see it can open it. Release it only if "
        "whoever sent it has told you why it has to be as it is.",
        "Released. It is available as soon as the rest of the checks are done.",
    ),
    "refuse": (
        "Refuse it",
        True,
        "The file is deleted, and cannot be brought back. Whoever sent it is told.",
        "Refused. The file is deleted.",
    ),
}
