"""The forms of a plan and of its meetings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms as django_forms

from assessments.enums import ActionStatus, headings
from assessments.queries import children_among, may_agree_for, people_of
from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    FilterForm,
    Form,
    ModelChoiceField,
    ModelMultipleChoiceField,
    MultipleChoiceField,
    OnceForm,
    TextField,
    VersionedForm,
    YesNoField,
)
from earlyhelp.core.words import within
from earlyhelp.families.enums import FamilyRole
from earlyhelp.families.models import Person
from earlyhelp.partnership.models import User


def _need_choices(case: Case) -> list[tuple[str, str]]:
    return [("", "None of these"), *((need.value, need.label) for need in headings(case.kind))]


class _GoalFields(Form):
    words = TextField(
        label="What does the family want to be different?", hint="In their words, as they would say it.", rows=3
    )
    heading = ChoiceField(label="Which need does it answer?", choices=(), required=False, widget=django_forms.Select)
    whose = ModelChoiceField(
        Person.objects.none(),
        label="Is it one child’s own goal?",
        labels=lambda child: child.called,
        required=False,
        widget=django_forms.Select,
        empty_label="No, the whole family’s",
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heading"].choices = _need_choices(case)
        children = [child.pk for child in children_among(people_of(case))]
        self.fields["whose"].queryset = Person.objects.filter(pk__in=children)


class NewGoal(_GoalFields, OnceForm):
    pass


class Goal(_GoalFields, VersionedForm):
    pass


class HardTimes(VersionedForm):
    contingency = TextField(
        label="What will the family do if it gets hard again?",
        hint="The first signs, what helps, and whom to ring. They keep this.",
        rows=6,
    )


class _Owner(Form):
    """Somebody of the team who signs in, or somebody by name: one of the two."""

    owner = ModelChoiceField(
        User.objects.none(),
        label="Who does it? Somebody on the team",
        required=False,
        widget=django_forms.Select,
        empty_label="Choose somebody",
    )
    owner_name = CharField(
        label="Or somebody of the family, or without an account", hint="For example, Nan.", required=False, width=20
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = case.team.current().filter(user__isnull=False).values("user")
        self.fields["owner"].queryset = User.objects.filter(pk__in=team).order_by("last_name", "first_name")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("owner")) == bool(given.get("owner_name")):
            self.add_error("owner", "Choose somebody on the team, or enter a name: one of the two")
        return given


class NewAction(_Owner, OnceForm):
    what = CharField(label="What will be done?", max_length=300)
    due_on = DateField(label="By when?", future=True)
    how_we_will_know = CharField(label="How will we know that it worked?", max_length=300)
    field_order = ("what", "owner", "owner_name", "due_on", "how_we_will_know")


class ActionUpdate(Form):
    """How it goes. Only the lead professional may cancel what the family agreed."""

    UPDATES = (ActionStatus.IN_PROGRESS, ActionStatus.DONE, ActionStatus.NOT_DONE)

    status = ChoiceField(label="How is it going?", choices=[(status.value, status.label) for status in UPDATES])
    came_of_it = TextField(
        label="What happened", hint="The whole team reads this. Say why, if it was not done.", rows=4, required=False
    )

    def __init__(self, *args: Any, leads: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if leads:
            cancel = (ActionStatus.CANCELLED.value, "No longer wanted")
            self.fields["status"].choices = [*self.fields["status"].choices, cancel]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("status") in (ActionStatus.NOT_DONE, ActionStatus.CANCELLED) and not given.get("came_of_it"):
            self.add_error("came_of_it", "Say why")
        return given


class ActionDate(Form):
    due_on = DateField(label="The new date", future=True)
    reason = TextField(label="Why", rows=3)


class ActionOwner(_Owner):
    reason = TextField(label="Why", rows=3)


class HandOn(Form):
    handed_to = CharField(
        label="Who carries it on after early help?", hint="A name and a service, who have agreed to it.", max_length=200
    )


class Agree(OnceForm):
    """Everybody who agreed, each with their own words, asked for below the name."""

    people: ClassVar[Sequence[Person]] = ()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = [person for person in self.people if str(person.pk) in given.get("agreed", ())]
        if chosen and not set(chosen) & set(may_agree_for(self.people)):
            self.add_error("agreed", "Select a parent or carer: what a child says does not stand for them")
        said = {person: given[words] for person in chosen if (words := f"words_{person.pk}") in given}
        return {"token": given.get("token"), "said": said}


def agree_form(people: Sequence[Person]) -> type[Agree]:
    """The form of this family's agreement: each of them may agree, and says so in words of their own."""
    words = {
        f"words_{person.pk}": TextField(
            label=f"What did {person.called} say?", noun=f"what {person.called} said", rows=2
        )
        for person in people
    }
    agreed = MultipleChoiceField(
        label="Who of the family agreed to the plan?",
        hint="Ask each of them. A parent or carer has to agree; what a child says is written down as the child’s own.",
        choices=[(str(person.pk), _with_role(person)) for person in people],
        reveals={str(person.pk): f"words_{person.pk}" for person in people},
    )
    return type("AgreeForm", (Agree,), {"agreed": agreed, **words, "people": people})


def _with_role(person: Person) -> str:
    return f"{person.name}, {within(FamilyRole(person.family_role).label)}"  # type: ignore[attr-defined]


class PlanMeeting(OnceForm):
    at = DateTimeField(label="When?")
    where = CharField(
        label="Where?", hint="A place, or how to join. The family should be at ease there.", max_length=200
    )
    remote = YesNoField(label="Is it by telephone or video?")
    invite_team = YesNoField(
        label="Invite the team now?", hint="Ask the family yourself, and agree the time with them."
    )


class RecordMeeting(OnceForm):
    members = ModelMultipleChoiceField(TeamMember.objects.none(), label="Who of the team was there?")
    family = ModelMultipleChoiceField(
        Person.objects.none(), label="Who of the family was there?", labels=lambda person: person.name, required=False
    )
    views_brought = TextField(
        label="What did those of the family say who could not come?",
        hint="Their words, and who brought them.",
        rows=3,
        required=False,
    )
    notes = TextField(label="What was said and agreed", rows=6)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [person.pk for person in people_of(case)]
        team = case.team.current().select_related("user", "service")
        self.fields["members"].queryset = team.order_by("from_at", "pk")
        self.fields["family"].queryset = Person.objects.filter(pk__in=people).order_by("born_on")


class NotHeld(Form):
    why_not = TextField(label="Why", rows=3)


class ActionFilter(FilterForm):
    when = ChoiceField(
        label="Show", choices=[("", "All my open actions"), ("overdue", "Only overdue")], widget=django_forms.Select
    )

    def narrow(self, actions: Any, *, today: Any) -> Any:
        return actions.filter(due_on__lt=today) if self.cleaned()["when"] == "overdue" else actions
