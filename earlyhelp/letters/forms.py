from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from earlyhelp.core.forms import CharField, TextField, VersionedForm
from earlyhelp.letters.models import LetterTemplate
from earlyhelp.letters.services import fault_of


class EditTemplate(VersionedForm):
    subject = CharField(label="Subject", max_length=120)
    body = TextField(label="Text", hint="Plain words, short sentences. An empty line makes a new paragraph.", rows=16)

    def __init__(self, *args: Any, template: LetterTemplate, **kwargs: Any) -> None:
        self.kind = template.kind
        said = {"subject": template.subject, "body": template.body, "version": template.version}
        super().__init__(*args, initial=said, **kwargs)

    def clean_subject(self) -> str:
        return self._checked("subject")

    def clean_body(self) -> str:
        return self._checked("body")

    def _checked(self, name: str) -> str:
        if fault := fault_of(self.cleaned_data[name], self.kind):
            raise ValidationError(fault)
        return self.cleaned_data[name]
