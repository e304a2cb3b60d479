"""Handing over to social care: three questions must be answered, and nothing else (domain.md 8.1 U4)."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.forms import Move
from earlyhelp.cases.models import Case
from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateTimeField,
    FilterForm,
    Form,
    OnceForm,
    TextField,
    YesNoField,
)
from earlyhelp.families.models import Family
from referrals.models import Referral

SEEKING: dict[str, tuple[str, Any]] = {"EH-": ("case", Case), "R-": ("referral", Referral), "FAM-": ("family", Family)}


class About(FilterForm):
    """From which record the page was opened. What is out of sight is as if it were not there, and nothing is held up."""

    about = CharField(label="About", max_length=40)

    def record(self, user: Any) -> dict[str, Any]:
        """The record named in the address, by kind; nothing if none, or none that this person may see."""
        reference = self.cleaned()["about"] or ""
        for prefix, (name, model) in SEEKING.items():
            if reference.startswith(prefix):
                found = model.objects.for_user(user).filter(reference=reference).first()
                return {name: found} if found else {}
        return {}


class HandOver(OnceForm):
    about = CharField(label="Who is it about?", hint="Names, ages and where they are now, as far as you know.")
    concern = TextField(
        label="What has happened, or what do you fear?", hint="What you saw or heard, when, and who told you.", rows=6
    )
    family_told = YesNoField(
        label="Have you told the family that you are handing this over?", reveals={"no": "not_told_why"}
    )
    not_told_why = CharField(label="Why not?", hint="It might put somebody in danger; you could not reach them.")
    spoken_to = CharField(
        label="Who at social care did you speak to?", hint="If you have rung already.", required=False, max_length=120
    )
    spoke_at = DateTimeField(label="When did you speak to them?", hint="Leave empty for just now.", required=False)
    their_reference = CharField(label="The reference they gave you", required=False, max_length=60, width=20)


class Call(OnceForm):
    spoken_to = CharField(
        label="Who did you speak to?", hint="Leave empty if nobody answered.", required=False, max_length=120
    )
    at = DateTimeField(label="When?", hint="Leave empty for just now.", required=False)
    said = TextField(label="What did you say, and what did they say?", hint="Or whom you tried to reach.", rows=4)


class Acknowledge(Form):
    spoken_to = CharField(label="Who at social care has it?", max_length=120)
    at = DateTimeField(label="When did they say so?", hint="Leave empty for now.", required=False)
    their_reference = CharField(label="Their reference", required=False, max_length=60, width=20)


class SocialCareAnswer(Form):
    spoken_to = CharField(label="Who at social care says so?", max_length=120)
    at = DateTimeField(label="When did they say so?", hint="Leave empty for just now.", required=False)
    answer = TextField(label="What does social care say?", hint="What they will do, or why they will not.", rows=4)


class Returned(Form):
    closing_summary = TextField(label="What did social care do, and does the family agree to early help?", rows=5)


class WhatNow(Form):
    reason = TextField(label="What happens for the family now, and who does it?", rows=4)


class HandoverList(FilterForm):
    show = ChoiceField(label="Show", choices=[("", "All"), ("waiting", "Waiting for social care")])


MOVES = {
    "call": Move(Call, "Save the call", "The call is recorded."),
    "acknowledge": Move(Acknowledge, "Save", "The acknowledgement is recorded."),
    "accepted": Move(SocialCareAnswer, "Save", "Recorded: social care has accepted it."),
    "not_accepted": Move(
        SocialCareAnswer,
        "Save",
        "Recorded. EH Access has been told and decides today what happens.",
        "If you disagree, you can record it on the next page. The safest option applies meanwhile.",
    ),
    "returned": Move(Returned, "Save", "Recorded. EH Access starts the step-down."),
    "settle": Move(WhatNow, "Save", "Recorded."),
}
