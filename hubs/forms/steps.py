"""What a lead professional is asked who asks for a step."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.enums import Tier
from earlyhelp.core.forms import BooleanField, CharField, ChoiceField, Form, OnceForm, TextField
from earlyhelp.workflow.moves import Move
from earlyhelp.workflow.transitions import Transition, open_to
from hubs.enums import Agreement, Readiness
from hubs.forms.people import select_person
from hubs.models import StepRequest

# Agreement is evidence and no bar (domain.md 8.2); to take part at all is the family's own choice (domain.md 16).
WITHOUT_THEM = (
    "The hub hears the request all the same, and is told first of all that they do not agree. Until it decides they keep "
    "the help they have. If they want no early help any more, send nothing: record that the family withdraws."
)

# Of a change of lead professional, asked for with the step that brings it about (domain.md 6.5).
HANDS_ON = {
    "handover_note": "Enter what they need to know first",
    "joint_visit": "Enter when both of you visit, or why you do not",
}


class RequestStep(OnceForm):
    """The evidence of domain.md 8.2: what a hub needs to decide in one hearing."""

    to_tier = ChoiceField(label="Which tier do you ask for?", choices=())
    what_changed = TextField(label="What has changed since the last review?", rows=3)
    tried = TextField(label="What has been tried, and what do the readings show?", rows=3)
    views = TextField(label="What do the children and the parents say?", hint="In their own words.", rows=3)
    agreement = ChoiceField(
        label="Does the family agree to this request?",
        choices=Agreement.choices,
        hints={Agreement.NOT_AGREED: WITHOUT_THEM, Agreement.NOT_SOUGHT: "Say why below: the hub will ask."},
    )
    agreement_note = CharField(label="What they said, or why they were not asked")
    risk_if_nothing = TextField(label="What is the risk if nothing changes?", rows=3)
    wanted = TextField(label="What exactly is wanted?", rows=3)
    urgent_why = CharField(
        label="If it cannot wait for the meeting: why?",
        hint="Then a chair decides within two working days. Leave empty if it can wait.",
        required=False,
    )
    receiving = select_person(
        "Who is ready to lead from then on?",
        "Nobody named: the hub chooses, or I stay",
        hint="For a step between tiers 2 and 3. They are asked to say so themselves; of the family they are told nothing yet.",
    )
    handover_note = TextField(
        label="If somebody else is to lead: what do they need to know first?",
        required=False,
        rows=3,
        hint="They read it before they accept: what is agreed, what is due, what the family expects of them.",
    )
    joint_visit = CharField(
        label="If somebody else is to lead: when do both visit the family together, or why do they not?",
        required=False,
        max_length=200,
    )
    taker = TextField(
        label="For a step below tier 2: who carries on each remaining action?",
        required=False,
        rows=3,
        hint="Name the service and the person for each one.",
    )
    takers_agree = BooleanField(label="Each of them has said yes", required=False)
    contingency = TextField(
        label="For a step below tier 2: whom does the family ask, and what do they do if it gets hard again?",
        required=False,
        rows=2,
    )

    def __init__(self, *args: Any, case: Any, workers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tiers = [tier for tier in reversed(Tier) if tier != case.tier]
        self.fields["to_tier"].choices = [
            (str(tier.value), f"Step {'up' if tier > case.tier else 'down'} to {tier.label}") for tier in tiers
        ]
        self.fields["receiving"].queryset = workers
        self.case = case

    def clean_to_tier(self) -> int:
        return int(self.cleaned_data["to_tier"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("to_tier") is not None and given["to_tier"] < Tier.TARGETED:
            for name in ("taker", "contingency"):
                if not given.get(name):
                    self.add_error(
                        name, "Enter this too: below tier 2 the case closes, and the family is not left alone"
                    )
        if self._another_leads(given):
            for name, lacking in HANDS_ON.items():
                if not given.get(name):
                    self.add_error(name, f"{lacking}: somebody else is to lead")
        return given

    def _another_leads(self, given: dict[str, Any]) -> bool:
        """Whether another lead is certain already: one is named, or who leads now may not at the tier asked for (T3)."""
        lead = self.case.lead
        if given.get("receiving") not in (None, lead):
            return True
        return given.get("to_tier") == Tier.ENHANCED and not (lead and lead.intensive)


# --- after it was sent ------------------------------------------------------------------------------------------------


class OfStep(Form):
    """Each is made for the request that it is about, whether it asks anything of it or not."""

    def __init__(self, *args: Any, step: StepRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class PassOn(OfStep):
    known = TextField(
        label="What do agencies know?",
        hint="Whom you asked and what they said. If you asked nobody, why not. The hub reads it with the request.",
        rows=4,
    )


class SendBack(OfStep):
    reason = TextField(label="What is missing?", hint="The lead professional reads it, and asks again.", rows=3)


class SayReady(OfStep):
    ready = ChoiceField(label="Are you ready to lead this family?", choices=Readiness.choices)


class TakersAgree(OfStep):
    taker = TextField(
        label="Who carries on each remaining action?", hint="Name the service and the person for each one.", rows=3
    )

    def __init__(self, *args: Any, step: StepRequest, **kwargs: Any) -> None:
        super().__init__(*args, step=step, **{"initial": {"taker": step.taker}, **kwargs})


MOVES = {
    "pass_on": Move(PassOn, "Pass it to the hub", "Passed on. It is heard at the hub’s next meeting."),
    "send_back": Move(
        SendBack,
        "Send it back",
        "Sent back. The lead professional has been told.",
        warning="If a child is not safe now, hand over to social care instead: send nothing back.",
    ),
    "say_ready": Move(
        SayReady,
        "Save",
        "Saved. Whoever leads the family now has been told.",
        "Speak with whoever leads the family now before you answer. It binds you to nothing yet: if the hub agrees, the "
        "family is offered to you, and you accept or decline.",
    ),
    "takers_agree": Move(TakersAgree, "All of them have said yes", "Saved. Nobody waits for their answer any more."),
}


def moves_of(row: StepRequest, user: Any) -> list[Transition]:
    """What this person may do with it now, and makes sense: there are takers only where the case is to close."""
    asked = {"takers_agree": row.closes and not row.takers_agree, "say_ready": not row.closes}
    return [move for move in open_to(user, row) if move.name in MOVES and asked.get(move.name, True)]
