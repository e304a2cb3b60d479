"""One page for an agency that is asked: share, nothing held, or decline (screens.md 1.5).

What is asked is bounded: who is involved, how they are reached, since when not any more. Nobody retells a file.
"""

from __future__ import annotations

from typing import Any

from earlyhelp.core.forms import CharField, ChoiceField, DateField, Form, TextField
from referrals.enums import RequestStatus
from referrals.models import Involved

REPLIES = [
    (RequestStatus.ANSWERED.value, "We know something that may help"),
    (RequestStatus.NOTHING_HELD.value, "We hold nothing about this family"),
    (RequestStatus.DECLINED.value, "We cannot answer"),
]
PARTS = ("service", "worker", "contact", "last_contact_on", "ended_because")


class Reply(Form):
    quiet_optional = True  # what must be said depends on the first answer

    reply = ChoiceField(label="What is your answer?", choices=REPLIES, reveals={"declined": "reason"})
    reason = TextField(label="Why can you not answer?", rows=3)
    known = TextField(
        label="What else would help to decide?",
        hint="Only if you know something. Write so that the family could read it.",
        rows=4,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["known"]
        for number in range(1, Involved.MOST + 1):
            self.fields |= {f"{part}_{number}": field for part, field in _asked_of_each()}
        self.fields["known"] = self.base_fields["known"]

    @property
    def answer(self) -> list[Any]:
        return [self["reply"]]

    @property
    def rows(self) -> list[list[Any]]:
        """The questions about each service that is involved, one after another."""
        return [[self[f"{part}_{number}"] for part in PARTS] for number in range(1, Involved.MOST + 1)]

    @property
    def more_shown(self) -> bool:
        """Whether something was typed of a second service, or is wrong there."""
        return any(field.value() or field.errors for row in self.rows[1:] for field in row)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        involved = [row for n in range(1, Involved.MOST + 1) if (row := self._row(given, n)) is not None]
        answered = given.get("reply") == RequestStatus.ANSWERED
        if answered and not (involved or given.get("known")) and not self.errors:
            self.add_error("service_1", "Say which service is involved, or what else you know")
        if given.get("reply") == RequestStatus.NOTHING_HELD and (involved or given.get("known")):
            self.add_error("reply", "You have written what you know: choose that you know something")
        kept = {"reply": given.get("reply"), "reason": given.get("reason") or "", "known": given.get("known") or ""}
        return kept | {"involved": involved}

    def _row(self, given: dict[str, Any], number: int) -> Involved | None:
        """What was said of one service; nothing where nobody was named."""
        said = {part: given.get(f"{part}_{number}") or "" for part in PARTS}
        if not any(said.values()):
            return None
        if not said["service"]:
            self.add_error(f"service_{number}", "Say which service this is")
        return Involved(**said | {"last_contact_on": said["last_contact_on"] or None})


def _asked_of_each() -> list[tuple[str, Any]]:
    return [
        ("service", CharField(label="Which service?", max_length=120, required=False)),
        ("worker", CharField(label="Who works with the family?", max_length=120, required=False)),
        (
            "contact",
            CharField(
                label="How are they reached?", hint="A telephone number or an email.", max_length=120, required=False
            ),
        ),
        ("last_contact_on", DateField(label="When were they last in touch?", required=False, past=True)),
        ("ended_because", CharField(label="If their work ended: why?", max_length=200, required=False)),
    ]
