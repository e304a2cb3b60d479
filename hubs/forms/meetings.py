"""What is asked around a meeting: its papers, who is here, what is late, how it closes."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import (
    BooleanField,
    FilterForm,
    Form,
    ModelChoiceField,
    ModelMultipleChoiceField,
    OnceForm,
    TextField,
)
from earlyhelp.core.words import within
from earlyhelp.partnership.models import User
from hubs.forms.people import family, family_unnamed, labelled, labelled_unnamed, select_person
from hubs.models import AgendaItem, HubDecision
from hubs.queries import here_now, managers_of, may_be_here, waits_to_be_ratified


class TakeAttendance(Form):
    """The chair is here, and is not asked."""

    quiet_optional = True
    travels = ("others",)

    present = ModelMultipleChoiceField(
        User.objects.none(),
        label="Who is here?",
        hint="Whoever chairs is counted already.",
        labels=labelled,
        required=False,
    )
    apologies = ModelMultipleChoiceField(
        User.objects.none(), label="Who sent apologies?", labels=labelled, required=False
    )
    others = TextField(label="Anybody else here", hint="One person a line: name and agency.", required=False, rows=2)

    def __init__(self, *args: Any, meeting: Any, chair: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("present", "apologies"):
            self.fields[name].queryset = may_be_here(meeting).exclude(pk=chair)

    def clean_others(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        both = set(given.get("present") or ()) & set(given.get("apologies") or ())
        if both:
            self.add_error("apologies", f"{min(both, key=str)} is ticked both as here and as having sent apologies")
        return given


class Start(TakeAttendance):
    confidential = BooleanField(
        label="The confidentiality statement has been read out, and everybody here agrees to it"
    )
    interests = BooleanField(label="Everybody was asked whether they know a family on the agenda, and it is recorded")

    field_order = ("confidential", "present", "apologies", "others", "interests")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        return {name: value for name, value in given.items() if name not in ("confidential", "interests")}


class CloseMeeting(Form):
    """Families not heard are deferred with a reason; chair's actions are ratified one by one."""

    travels = ("reason",)

    reason = TextField(label="Why were they not decided?", hint="It stands in the minutes beside each of them.", rows=3)
    manager = select_person("Which manager agrees to a second deferral?", "Choose a manager")
    ratified = ModelMultipleChoiceField(
        HubDecision.objects.none(),
        label="Which chair’s actions does the hub ratify?",
        required=False,
        labels=lambda row: f"{family(row)}: {within(row.decided_as)}, agreed with {row.agreed_by}",
    )

    def __init__(
        self, *args: Any, meeting: Any, undecided: list[AgendaItem], chair: User, discreet: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if discreet:
            self.fields["manager"].label_from_instance = labelled_unnamed
            self.fields["ratified"].label_from_instance = lambda row: f"{family_unnamed(row)}: {within(row.decided_as)}"
        taken = waits_to_be_ratified(meeting.hub_id, chair)
        self.fields["ratified"].queryset = taken.select_related("case__family", "agreed_by").order_by("at", "pk")
        self.fields["manager"].queryset = managers_of(meeting.hub)
        if not (meeting.in_session and _may_ratify(meeting, chair) and taken.exists()):
            del self.fields["ratified"]
        if not undecided:
            del self.fields["reason"]
        if not any(item.deferrals for item in undecided):
            del self.fields["manager"]
        else:
            self.fields["manager"].required = True


def _may_ratify(meeting: Any, chair: User) -> bool:
    """Whoever was not there closes a meeting that was left open, and answers for nothing that it did not say."""
    here = here_now(meeting, decides=chair)
    return here.has(chair) and not here.missing_at_all


class MeetingFilter(FilterForm):
    """Only the page."""


class CorrectMinutes(OnceForm):
    travels = ("text",)

    decision = ModelChoiceField(
        HubDecision.objects.none(),
        label="Which decision is it about?",
        hint="Only those who may hear of that family read what you write.",
        required=False,
        widget=django_forms.Select,
        empty_label="None of them",
        labels=lambda decision: f"{decision.case.reference}: {decision.decided_as}",
    )
    text = TextField(
        label="What is wrong, and what is right?",
        hint="By initials and case numbers, as the minutes themselves. It stands beside them, with your name.",
    )

    def __init__(self, *args: Any, decisions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = decisions
