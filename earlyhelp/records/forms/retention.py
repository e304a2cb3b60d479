from __future__ import annotations

from typing import Any, NamedTuple

from earlyhelp.core.forms import CharField, ChoiceField, DateField, IntegerField, OnceForm, TextField
from earlyhelp.records.enums import RecordClass

OLDEST, LONGEST = 120, 100


class Propose(OnceForm):
    reason = TextField(
        label="What did you look for, and what did you find?",
        hint="Claims, complaints, inquiries, requests that are under way. Name nobody: this is kept when the record is gone.",
        max_length=500,
        rows=3,
    )


class KeepLonger(OnceForm):
    reason = TextField(label="What speaks for keeping it?", hint="Name nobody.", max_length=500, rows=3)
    until = DateField(label="When should it be looked at again?")


class SendBack(OnceForm):
    reason = TextField(label="Why should it not be destroyed now?", hint="Name nobody.", max_length=500, rows=3)


class Destroy(OnceForm):
    """Nothing more is asked: what matters is who sends it."""


class Deed(NamedTuple):
    form: Any
    button: str
    said: str
    warning: str = ""


DEEDS = {
    "propose": Deed(Propose, "Propose it", "Proposed. Somebody else decides: they have been told."),
    "keep": Deed(KeepLonger, "Keep it", "It is kept, and found again after that day if the rule still says so."),
    "send_back": Deed(SendBack, "Send it back", "Sent back: it is reviewed again."),
    "approve": Deed(
        Destroy,
        "Destroy the record",
        "The record is gone. What kind of rows and how many is kept, and nothing of what they said.",
        "This cannot be undone. The record, its history and what was written about it in the log are removed from the "
        "database. Backups that were made before still hold it until they are thrown away.",
    ),
}


class PlaceHold(OnceForm):
    reference = CharField(label="The family’s reference", hint="Such as FAM-000123.", max_length=20, width=20)
    reason = TextField(label="Why must it be kept?", hint="Which inquiry, court or request; name nobody.", rows=3)


class LiftHold(OnceForm):
    reason = TextField(label="Why is it needed no longer?", rows=3)


class NewRule(OnceForm):
    record_class = ChoiceField(label="For which records?", choices=RecordClass.choices)
    years = IntegerField(label="For how many years after it ended?", min_value=1, max_value=LONGEST)
    until_age = IntegerField(
        label="And until the youngest child is how old?",
        hint="Leave it empty if their age does not matter.",
        min_value=18,
        max_value=OLDEST,
        required=False,
    )
    source = CharField(
        label="Who decided it, and where is that written?",
        hint="Such as the line of your retention schedule.",
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("until_age") and answers.get("record_class") != RecordClass.CHILDREN:
            self.add_error("until_age", "Leave the age empty: it is for families with children only")
        return answers
