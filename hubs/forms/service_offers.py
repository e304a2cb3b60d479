"""What a lead professional is asked about a service that the hub named and to which nobody is referred."""

from __future__ import annotations

from earlyhelp.core.forms import Form, TextField
from earlyhelp.workflow.moves import Move


class Declined(Form):
    words = TextField(label="What did they say?", hint="In their own words, and who said it.", rows=3, max_length=2000)


class NotOffered(Form):
    words = TextField(
        label="Why is it not offered?",
        hint="Whoever reads the decision of the hub reads this too.",
        rows=3,
        max_length=2000,
    )


MOVES = {
    "decline_service": Move(
        Declined,
        "Save",
        "Saved. Nothing has gone to the service.",
        "A family may say no to any service, and keeps the rest.",
    ),
    "leave_service": Move(NotOffered, "Save", "Saved. Nothing has gone to the service."),
}
