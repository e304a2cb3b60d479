"""What a chair asks another agency between two meetings, and what it answers."""

from __future__ import annotations

from typing import Any

from earlyhelp.core.forms import OnceForm, TextField, YesNoField
from hubs.forms.people import select_person
from hubs.queries import members_of


class AskToAgree(OnceForm):
    travels = ("proposal",)

    asked = select_person("Who from another agency is asked?", "Choose a person")
    proposal = TextField(
        label="What would you decide, and why can it not wait?",
        hint="Name nobody: say what they need to weigh it.",
        rows=4,
    )

    def __init__(self, *args: Any, hub: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked"].required = True
        self.fields["asked"].queryset = members_of(hub).exclude(agency=by.agency_id).exclude(agency=None)


class Answer(OnceForm):
    travels = ("answer",)

    agrees = YesNoField(label="Do you agree, for your agency?")
    answer = TextField(
        label="Why not, or what should be thought of", hint="The chair reads it. Name nobody.", required=False, rows=3
    )
