"""What is asked of a hub itself."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MinValueValidator

from earlyhelp.core.forms import CharField, ChoiceField, DateField, ModelForm, OnceForm, TextField, VersionedForm
from earlyhelp.partnership.models import User
from hubs.enums import Cadence
from hubs.forms.people import select_person
from hubs.models import Hub


class KeepHub(VersionedForm, ModelForm):
    cadence = ChoiceField(
        label="How often does it meet?",
        choices=Cadence.choices,
        reveals={Cadence.MONTHLY: "week", Cadence.FORTNIGHTLY: "counted_from"},
    )

    class Meta:
        model = Hub
        fields = (
            "name",
            "cadence",
            "weekday",
            "week",
            "counted_from",
            "starts",
            "place",
            "quorum",
            "minutes_an_item",
        )
        labels = {
            "name": "What is it called?",
            "weekday": "On which day?",
            "week": "In which week of the month?",
            "counted_from": "From which day are the two weeks counted?",
            "starts": "At what time?",
            "place": "Where?",
            "quorum": "How many agencies must be here beside the chair?",
            "minutes_an_item": "How many minutes has each family?",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "quorum": "A meeting that sits keeps the quorum with which it began.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counted_from"].required = True
        self.fields["starts"].widget.format = "%H:%M"
        self.fields["quorum"].validators.append(
            MinValueValidator(1, "At least one agency must be here beside the chair")
        )

    def clean(self) -> dict[str, Any]:
        """The week of the month is kept as it was where it does not count."""
        given = super().clean() or {}
        if not given.get("week"):
            given.pop("week", None)
        return given


class Seat(OnceForm):
    user = select_person("Who sits at the hub?", "Choose a person")
    role = CharField(
        label="What do they do there?", hint="For example: speaks for the primary schools.", required=False
    )
    from_on = DateField(label="From which day?")

    def __init__(self, *args: Any, hub: Hub, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sits = hub.members.filter(until_on=None).values("user")
        people = User.objects.filter(is_active=True, agency__is_active=True).exclude(pk__in=sits)
        self.fields["user"].queryset = people.select_related("agency").order_by("agency__name", "last_name", "pk")
        self.fields["user"].required = True


class Unseat(OnceForm):
    until_on = DateField(label="Which is their last day?")


class Terms(OnceForm):
    text = TextField(label="Terms of reference", rows=15)
    agreed_on = DateField(label="When did the hub agree to them?")
