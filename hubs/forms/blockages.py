"""What is asked of whoever raises a blockage, takes it, or unpicks it."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateField,
    FilterForm,
    Form,
    ModelChoiceField,
    OnceForm,
    TextField,
)
from earlyhelp.directory.models import Service
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.moves import Move
from earlyhelp.workflow.transitions import Transition, open_to
from hubs.enums import GAP_NEEDS, OPEN_BLOCKAGE, Level
from hubs.forms.nobody import NAME_NOBODY, NamesNobody
from hubs.forms.people import select_person
from hubs.models import Blockage
from hubs.queries.blockages import owners_for


class RaiseBlockage(NamesNobody, OnceForm):
    names_nobody = ("missing",)
    travels = ("what", "tried", "missing")

    what = TextField(label="What stops progress?", hint="As you would say it to whoever can change it.", rows=3)
    stops = ChoiceField(
        label="Which action of the plan does it stop?", choices=(), required=False, widget=django_forms.Select
    )
    since_on = DateField(label="Since when?", past=True)
    tried = TextField(label="What has been tried?", hint="Whom you asked, when, and what they said.", rows=3)
    agency = ModelChoiceField(
        Agency.objects.filter(is_active=True),
        label="Which agency could unblock it?",
        required=False,
        widget=django_forms.Select,
        empty_label="Not known, or none of these",
    )
    service = ModelChoiceField(
        Service.objects.none(),
        label="Or which service?",
        required=False,
        widget=django_forms.Select,
        empty_label="Not known, or none of these",
        labels=lambda service: f"{service.name}, {service.organisation}",
    )
    need = ChoiceField(
        label="Is a service missing here altogether?",
        hint="Then it is counted for this area, so that the hub and the managers see it. No family is named.",
        choices=[("", "No, or not known"), *GAP_NEEDS],
        required=False,
        widget=django_forms.Select,
    )
    missing = CharField(label="What is missing, in a few words", hint="Name nobody.", required=False)

    def __init__(self, *args: Any, case: Any, under_way: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        named = dict.fromkeys(under_way)
        self.fields["stops"].choices = [("", "None of them, or all"), *((text, text) for text in named)]
        self.fields["service"].queryset = Service.objects.live().select_related("organisation")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("need") and not given.get("missing"):
            self.add_error("missing", "Enter what is missing, in a few words")
        return given


class Own(Form):
    owner = select_person(
        "Who unpicks it?", "Choose a person", hint="They read what stops the family, and are reminded."
    )
    act_by = DateField(label="By when?", future=True)

    def __init__(self, *args: Any, blockage: Blockage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners_for(blockage.case)
        self.fields["owner"].required = True


class Escalate(NamesNobody, Form):
    names_nobody = ("asked",)
    travels = ("reason", "asked")

    reason = TextField(label="Why can those who have it not unpick it?", rows=3)
    asked = TextField(label="What do you ask of service managers?", hint=NAME_NOBODY, rows=3)

    def __init__(self, *args: Any, blockage: Blockage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = blockage.case
        if blockage.level == Level.TEAM:
            del self.fields["asked"]


class Resolve(Form):
    travels = ("resolution",)

    resolution = TextField(label="What unblocked it?", hint="The next family with the same is helped by it.", rows=3)

    def __init__(self, *args: Any, blockage: Blockage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


MOVES = {
    "own": Move(Own, "Save", "Saved. They have been told."),
    "escalate": Move(Escalate, "Take it further", "Taken further. Those who have it now have been told."),
    "resolve": Move(Resolve, "Save", "Written down. Those who raised it and who had it have been told."),
}


def moves_of(row: Blockage, user: Any) -> list[Transition]:
    """What this person may do with it now, and makes sense: after service managers there is nobody further."""
    last = row.level == Level.MANAGERS or (row.level == Level.HUB and row.case.restricted)
    return [step for step in open_to(user, row) if step.name in MOVES and not (last and step.name == "escalate")]


class BlockageFilter(FilterForm):
    show = ChoiceField(label="Show", choices=[("", "Open"), ("all", "Open and resolved"), ("mine", "Mine to unpick")])
    level = ChoiceField(label="With whom", choices=[("", "Anybody"), *Level.choices], widget=django_forms.Select)
    area = ModelChoiceField(Area.objects.all(), label="Area", widget=django_forms.Select, empty_label="Every area")

    def narrow(self, rows: Any, user: Any) -> Any:
        chosen = self.cleaned()
        rows = rows if chosen["show"] == "all" else rows.filter(status__in=OPEN_BLOCKAGE)
        rows = rows.filter(owner=user) if chosen["show"] == "mine" else rows
        rows = rows.filter(level=chosen["level"]) if chosen["level"] else rows
        return rows.filter(case__area__lineage__contains=[chosen["area"].pk]) if chosen["area"] else rows
