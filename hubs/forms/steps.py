"""What a lead professional is asked who asks for a step."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.enums import Tier
from earlyhelp.core.forms import CharField, ChoiceField, OnceForm, TextField
from hubs.enums import Agreement
from hubs.forms.people import select_person

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
    receiving = select_person(
        "Who is ready to lead from then on?",
        "Nobody named: the hub chooses, or I stay",
        hint="For a step between tiers 2 and 3, where somebody has said yes already.",
    )
    handover_note = TextField(
        label="If somebody else is to lead: what do they need to know first?",
        required=False,
        rows=3,
        hint="They read it before they answer: what is agreed, what is due, what the family expects of them.",
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
    contingency = TextField(
        label="For a step below tier 2: what does the family do if it gets hard again?", required=False, rows=2
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
