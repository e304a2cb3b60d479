"""What is asked of whoever disagrees, and of whoever settles it."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.forms import Move
from earlyhelp.core.forms import CharField, ChoiceField, FilterForm, Form, OnceForm, TextField
from earlyhelp.disagreements.enums import About, Stage
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.disagreements.registry import Matter, find
from earlyhelp.workflow.transitions import Transition, open_to

SAFEST = "Whatever keeps the child or the adult safest until this is settled. It applies from now on."


class WhatAbout(FilterForm):
    about = CharField(label="About", max_length=40)

    def matter(self, user: Any) -> Matter | None:
        return find(self.cleaned()["about"] or "", user)


class Disagree(OnceForm):
    about = ChoiceField(label="What do you disagree with?", choices=About.choices)
    decision = TextField(label="What was decided, and by whom?", rows=3)
    why = TextField(label="Why do you disagree, and what should happen instead?", rows=5)
    meanwhile = TextField(label="What applies until it is settled: the safest option", hint=SAFEST, rows=3)

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [(kind.value, kind.label) for kind in matter.kinds]


class EndStage(Form):
    spoke_with = CharField(label="Who spoke with whom?", hint="And when, and how.", max_length=200)


class Resolve(EndStage):
    outcome = TextField(label="How is it settled?", hint="What happens now, who does it, and by when.", rows=4)


class TakeFurther(EndStage):
    outcome = TextField(label="What came of this stage, and what is still not agreed?", rows=4)
    meanwhile = TextField(
        label="Is another option the safest now?",
        hint="Leave empty if what was said before still applies.",
        required=False,
        rows=3,
    )


class Meanwhile(Form):
    meanwhile = TextField(label="What applies until it is settled: the safest option", hint=SAFEST, rows=3)


class DisagreementFilter(FilterForm):
    show = ChoiceField(label="Show", choices=[("", "Open and settled"), ("open", "Open")])


MOVES = {
    "resolve": Move(Resolve, "Save", "Recorded: it is settled. Those who took part have been told."),
    "take_further": Move(
        TakeFurther,
        "Go to the next stage",
        "Recorded. Those of the next stage have been told, and have two working days.",
    ),
    "set_meanwhile": Move(Meanwhile, "Save", "What applies meanwhile is changed."),
}


def moves_of(row: Disagreement, user: Any) -> list[Transition]:
    """What this person may do with it now, and makes sense: after the last stage there is no further one."""
    last = row.stage == Stage.PARTNERSHIP
    return [step for step in open_to(user, row) if step.name in MOVES and not (last and step.name == "take_further")]
