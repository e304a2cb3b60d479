"""One page for an agency that is asked: share, nothing held, or decline (screens.md 1.5)."""

from __future__ import annotations

from earlyhelp.core.forms import CharField, ChoiceField, DateField, Form, TextField
from referrals.enums import RequestStatus

REPLIES = [
    (RequestStatus.ANSWERED.value, "We know something that may help"),
    (RequestStatus.NOTHING_HELD.value, "We hold nothing about this family"),
    (RequestStatus.DECLINED.value, "We cannot answer"),
]


class Reply(Form):
    quiet_optional = True  # what must be said depends on the first answer

    reply = ChoiceField(
        label="What is your answer?", choices=REPLIES, reveals={"answered": "known", "declined": "reason"}
    )
    known = TextField(
        label="What is known?", hint="What helps to decide. Write so that the family could read it.", rows=5
    )
    reason = TextField(label="Why can you not answer?", rows=3)
    service = CharField(label="If somebody of yours is or was involved: which service?", required=False)
    worker = CharField(label="Who works with the family?", required=False)
    worker_contact = CharField(
        label="How are they reached?", hint="A telephone number or an email address.", required=False
    )
    last_contact_on = DateField(label="When were they last in touch?", required=False, past=True)
    ended_because = CharField(label="If their work ended: why?", required=False)
