"""What is asked of an interest in a family: whose, in which, whether it was a mistake, and who hears it instead."""

from __future__ import annotations

from typing import Any

from earlyhelp.core.forms import ChoiceField, Form, ModelChoiceField, OnceForm, TextField
from earlyhelp.partnership.models import User
from hubs.forms.people import family, family_unnamed, labelled, labelled_unnamed, select_person
from hubs.models import AgendaItem
from hubs.queries import members_of


class Interest(OnceForm):
    """Somebody knows a family otherwise."""

    user = select_person("Who knows the family?", "Choose a person")
    item = ModelChoiceField(
        AgendaItem.objects.none(),
        label="Which family?",
        labels=family,
    )

    def __init__(
        self, *args: Any, meeting: Any, items: Any, only: User | None = None, discreet: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.only = only
        self.fields["item"].queryset = items
        if discreet:
            self.fields["item"].label_from_instance = family_unnamed
            self.fields["user"].label_from_instance = labelled_unnamed
        if only:
            del self.fields["user"]
        else:
            self.fields["user"].required = True
            self.fields["user"].queryset = members_of(meeting.hub)

    def clean(self) -> dict[str, Any]:
        return {"user": self.only} | (super().clean() or {})


class Mistake(Form):
    travels = ("reason",)

    reason = TextField(label="Why was it a mistake?", hint="Name nobody of the family. It is kept.", rows=2)


class Confirm(Form):
    """The second of two people says whether it was one."""

    travels = ("reason",)

    answer = ChoiceField(
        label="Was it a mistake?",
        choices=[("take_back", "Yes: they may hear of this family again"), ("uphold", "No: it stands")],
    )
    reason = TextField(label="How do you know?", rows=2)


class HearInstead(Form):
    user = ModelChoiceField(User.objects.none(), label="Who hears this family in the chair’s place?", labels=labelled)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people
