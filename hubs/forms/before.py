"""What is asked before a meeting: its day, who sits for whom, what comes onto its agenda, and why papers go out incomplete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateTimeField,
    FilterForm,
    Form,
    IntegerField,
    ModelChoiceField,
    OnceForm,
    TextField,
    YesNoField,
)
from earlyhelp.core.words import within
from earlyhelp.partnership.models import User
from earlyhelp.sharing.enums import OVERRIDES
from hubs.forms.people import family, family_unnamed, select_person
from hubs.models import AgendaItem
from hubs.queries import members_of

WHERE = "A place, or how to join. Empty: where the hub always meets."


class ExtraMeeting(OnceForm):
    starts_at = DateTimeField(label="When?", future=True)
    place = CharField(label="Where?", hint=WHERE, required=False)
    remote = YesNoField(label="Is it by video?")


class Move(OnceForm):
    starts_at = DateTimeField(label="When is it now?", future=True)
    place = CharField(label="Where?", hint="A place, or how to join.", required=False)
    remote = YesNoField(label="Is it by video?")
    reason = TextField(label="Why does it move?", rows=2)


class SitsFor(OnceForm):
    away = select_person("Who cannot come?", "Choose a member")
    user = select_person("Who sits for them?", "Choose a person")

    def __init__(self, *args: Any, meeting: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = members_of(meeting.hub)
        agencies = members.order_by().values("agency")
        people = User.objects.filter(is_active=True, agency__in=agencies).exclude(
            pk__in=members.order_by().values("pk")
        )
        self.fields["away"].queryset = members
        self.fields["user"].queryset = people.select_related("agency").order_by("agency__name", "last_name", "pk")
        for field in self.fields.values():
            field.required = True

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        away, user = given.get("away"), given.get("user")
        if away and user and away.agency_id != user.agency_id:
            self.add_error("user", f"Choose a colleague of {away}, from {away.agency}")
        return given


class Order(Form):
    """The button pressed: one item, up or down."""

    up = IntegerField(required=False)
    down = IntegerField(required=False)


class Search(FilterForm):
    q = CharField(label="Name of the family, or number of the case", required=False)

    def matching(self, items: Any) -> Any:
        """All of them, or those whose family is called so or whose case has this number."""
        text = self.cleaned()["q"]
        if not text:
            return items
        named = Q(case__family__name__icontains=text)
        return items.filter(named | Q(case__reference__iexact=text))


class Late(Form):
    travels = ("late_reason",)

    item = ModelChoiceField(
        AgendaItem.objects.none(),
        label="Which family?",
        labels=lambda item: f"{family(item)}, {within(item.get_kind_display())}",
    )
    late_reason = TextField(label="Why can it not wait for the next meeting?", rows=3)
    late_by = select_person(
        "Who says so, the chair or the deputy?", "Choose who", hint="They are told that you wrote it down."
    )

    def __init__(
        self,
        *args: Any,
        items: Any,
        late: bool,
        chairs: Iterable[User] | None = None,
        discreet: bool = False,
        **kwargs: Any,
    ) -> None:
        """``chairs``: on whose word somebody who is no chair puts a late family on the agenda; none, of a chair."""
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items
        if discreet:
            self.fields["item"].label_from_instance = family_unnamed
        if not late:
            del self.fields["late_reason"]
        if late and chairs is not None:
            self.fields["late_by"].queryset = User.objects.filter(pk__in=[each.pk for each in chairs])
            self.fields["late_by"].required = True
        else:
            del self.fields["late_by"]


class LeaveForLater(Form):
    travels = ("reason",)

    reason = TextField(label="Why are they not heard at this meeting?", rows=2)


class Ratify(Form):
    """One chair's action, in the meeting."""

    travels = ("reason",)

    answer = ChoiceField(
        label="Does the hub ratify it?",
        choices=[("ratify", "Yes, the hub agrees"), ("not_ratify", "No")],
        reveals={"not_ratify": "reason"},
    )
    reason = TextField(
        label="Why does the hub not ratify it?",
        hint="It stands in the minutes. Whoever leads the family, and the service managers, are told that it was not ratified.",
        rows=3,
    )


class WithoutAgreement(Form):
    travels = ("reason",)

    purpose = ChoiceField(label="What allows it?", choices=[(each.value, each.label) for each in OVERRIDES])
    reason = TextField(label="Why, and whether the family was told", rows=3)


class Publish(Form):
    """Why the papers go out although something is missing; asked only where something is."""

    travels = ("all_the_same",)

    all_the_same = TextField(label="Why do they go out all the same?", hint="It is kept with the meeting.", rows=2)

    def __init__(self, *args: Any, despite: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not despite:
            del self.fields["all_the_same"]

    def clean(self) -> dict[str, Any]:
        return {"despite": (super().clean() or {}).get("all_the_same", "")}
