"""What is asked of a local forum: who comes, what they see, what they do. No question asks for a name of a family."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    Form,
    ModelChoiceField,
    ModelMultipleChoiceField,
    OnceForm,
    TextField,
)
from earlyhelp.partnership.models import Area, Post, User
from hubs.enums import GAP_NEEDS, Band, TrendKind
from hubs.forms.people import select_person
from hubs.models import Collaborative, CollaborativeMember

NO_NAMES = "Name nobody, and write nothing by which a family could be recognised."
CHOOSE_NEED = [("", "Choose a need"), *GAP_NEEDS]


def _people_of(areas: Any) -> Any:
    """Whoever holds a post in one of these areas."""
    posts = Post.objects.current().filter(area__in=areas)
    rows = User.objects.filter(pk__in=posts.values("user"), is_active=True)
    return rows.select_related("agency").order_by("last_name", "first_name", "pk")


def _inside(area: Area) -> Any:
    return Area.objects.filter(lineage__contains=[area.pk])


def _select_area(label: str, **kwargs: Any) -> Any:
    return ModelChoiceField(
        Area.objects.none(), label=label, widget=django_forms.Select, empty_label="Choose a place", **kwargs
    )


class Found(OnceForm):
    area = _select_area("Of which area?")
    name = CharField(label="What is it called?", max_length=80)
    about = CharField(label="Which places is it for?", max_length=200, required=False)
    chair = select_person("Who chairs it?", "Nobody yet")

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas
        self.fields["chair"].queryset = _people_of(
            Area.objects.filter(lineage__overlap=list(areas.values_list("pk", flat=True)))
        )


class OfForum(OnceForm):
    """A form that knows the forum which it is about."""

    def __init__(self, *args: Any, forum: Collaborative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.forum = forum
        self.know()

    def know(self) -> None:
        """Give the questions the answers that there are in this forum."""

    def members(self) -> Any:
        return self.forum.members.current().select_related("user", "agency").order_by("pk")


class Join(OfForum):
    user = select_person("Who joins?", "Somebody without an account here")
    name = CharField(label="Or somebody without an account: their name", max_length=120, required=False)
    comes_for = CharField(
        label="Whom they come for", hint="Such as a playgroup, or a parish.", max_length=120, required=False
    )
    chairs = BooleanField(label="They take the chair", required=False)

    def know(self) -> None:
        area = self.forum.area
        self.fields["user"].queryset = _people_of(Area.objects.filter(pk__in=area.lineage) | _inside(area))


class Leave(Form):
    """Nothing is asked."""


class RecordMeeting(OfForum):
    on = DateField(label="When did you meet?", past=True)
    where = CharField(label="Where?", max_length=200, required=False)
    came = ModelMultipleChoiceField(CollaborativeMember.objects.none(), label="Who came?", required=False)
    others = CharField(label="Who else?", hint="Guests, by their work.", required=False)
    notes = TextField(label="What was said of the place?", hint=NO_NAMES, rows=6, required=False)

    own_place = ("others",)  # a guest is named

    def know(self) -> None:
        self.fields["came"].queryset = self.members()


class Report(OfForum):
    kind = ChoiceField(label="What do you report?", choices=TrendKind.choices)
    need = ChoiceField(label="What is it about?", choices=CHOOSE_NEED, widget=django_forms.Select)
    area = _select_area("Where?")
    seen = TextField(label="What do you see?", hint=NO_NAMES, rows=4)
    band = ChoiceField(
        label="In about how many families?", hint="A range: nobody can be picked out.", choices=Band.choices
    )
    since_on = DateField(label="Since when, about?", past=True)
    evidence = TextField(
        label="How do you know?", hint="Counts, what several services say. No single family’s story.", rows=3
    )
    planned = TextField(label="What is planned locally?", required=False, rows=3)

    def know(self) -> None:
        self.fields["area"].queryset = _inside(self.forum.area)


class PlanAction(OfForum):
    need = ChoiceField(label="For which need?", choices=CHOOSE_NEED, widget=django_forms.Select)
    what = CharField(label="What is to be done?", hint=NO_NAMES)
    owner = ModelChoiceField(
        CollaborativeMember.objects.none(),
        label="Who does it?",
        widget=django_forms.Select,
        empty_label="Choose a member",
    )
    due_on = DateField(label="By when?", future=True)

    def know(self) -> None:
        self.fields["owner"].queryset = self.members()


class Finish(Form):
    came_of_it = TextField(label="What came of it?", hint=NO_NAMES, rows=3)


class Answer(Form):
    answer = TextField(label="What does the hub do about it?", hint="The collaborative reads this. " + NO_NAMES, rows=4)
