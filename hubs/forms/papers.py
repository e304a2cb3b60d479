"""What a reader of the papers writes for themselves."""

from __future__ import annotations

from earlyhelp.core.forms import Form, TextField


class Note(Form):
    quiet_optional = True

    text = TextField(
        label="Your notes",
        hint="Only you read them. They are in no minutes, and are destroyed ten working days after the meeting.",
        required=False,
        rows=6,
    )
