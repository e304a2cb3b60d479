"""What is asked before somebody’s families are handed on: of each who takes it, and once what is the same for all."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.cases.enums import Preference
from earlyhelp.core.forms import CharField, ChoiceField, OnceForm, TextField
from hubs.balance.sharing_out import Proposal
from hubs.forms.decisions import why_another_leads
from hubs.queries import Candidate
from hubs.services.handing_on import Taking

NOT_YET = "Nobody yet"
OF_A_FAMILY = ("worker", "preference", "said", "note")
MISSING = {
    "preference": "Select whether the family of {} was asked whom they would like",
    "said": "Enter what the family of {} said, or why they were not asked",
    "note": "Enter what the next lead professional needs to know, here or for all",
}


class HandOn(OnceForm):
    """Questions for each family: ``worker_``, ``preference_``, ``said_``, ``note_`` and the identity of its case."""

    quiet_optional = True

    because = why_another_leads()
    reason = CharField(label="Why do they need another lead professional?", hint="One line, the same for all of them.")
    note = TextField(
        label="What every next lead professional needs to know",
        hint="They read it before they answer. What is of one family only stands beside that family.",
        required=False,
        rows=3,
    )
    joint_visit = CharField(label="When do both visit the families together, or why do they not?")
    over_limit_reason = CharField(
        label="If somebody would be over their limit: why is it right all the same?", required=False
    )

    def __init__(self, *args: Any, proposals: list[Proposal], leaves: bool, **kwargs: Any) -> None:
        """``leaves``: they have a last day, which is why; of whoever has none it is asked."""
        super().__init__(*args, **kwargs)
        if leaves:
            del self.fields["because"]
        self.proposals = proposals
        for proposal in proposals:
            for name, field in _of_a_family(proposal).items():
                self.fields[name] = field

    def rows(self) -> list[tuple[Proposal, list[Any]]]:
        """Each family with its questions, as the page draws them."""
        return [(each, [self[_name(what, each)] for what in OF_A_FAMILY]) for each in self.proposals]

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        takings = [self._taking(proposal) for proposal in self.proposals]
        if not any(taking.worker for taking in takings):
            self.add_error(None, "Choose somebody for one family at least")
        same = ("because", "reason", "over_limit_reason", "token")
        return {name: given[name] for name in same if name in given} | {"takings": takings}

    def _taking(self, proposal: Proposal) -> Taking:
        given = self.cleaned_data
        chosen, preference, said, own_note = (given.get(_name(what, proposal), "") for what in OF_A_FAMILY)
        worker = next((each.worker for each in proposal.able if str(each.worker.pk) == chosen), None)
        note = "\n".join(filter(None, (own_note, given.get("note"))))
        if worker:
            self._require(proposal, preference=preference, said=said, note=note)
        return Taking(proposal.asked.case, worker, note, given.get("joint_visit", ""), preference, said)

    def _require(self, proposal: Proposal, **answers: str) -> None:
        """Of a family for which somebody is chosen: each is asked on its own what it would like (domain.md 6.4)."""
        for what, answer in answers.items():
            if not answer and _name(what, proposal) not in self.errors:
                self.add_error(_name(what, proposal), MISSING[what].format(proposal.asked.case.reference))


def _of_a_family(proposal: Proposal) -> dict[str, Any]:
    reference = proposal.asked.case.reference
    choices = [("", NOT_YET), *((str(each.worker.pk), _in_words(each)) for each in proposal.able)]
    proposed = str(proposal.candidate.worker.pk) if proposal.candidate else ""
    select = ChoiceField(
        label=f"Who takes {reference}?", choices=choices, required=False, widget=django_forms.Select, initial=proposed
    )
    asked = ChoiceField(
        label="Was the family asked whom they would like?", choices=Preference.choices, required=False, inline=True
    )
    return {
        _name("worker", proposal): select,
        _name("preference", proposal): asked,
        _name("said", proposal): CharField(label="What they said, or why they were not asked", required=False),
        _name("note", proposal): TextField(label=f"To know of {reference}", required=False, rows=2),
    }


def _in_words(each: Candidate) -> str:
    back = f"; {each.brings.back}" if each.brings.back else ""
    return f"{each.worker}, {each.percent_after}% with it{back}"


def _name(what: str, proposal: Proposal) -> str:
    return f"{what}_{proposal.asked.case.pk}"
