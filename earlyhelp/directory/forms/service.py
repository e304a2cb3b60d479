"""How a service is looked for, and what is written down about one by those who keep the directory."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils import timezone

from earlyhelp.core.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    EmailField,
    FilterForm,
    Form,
    IntegerField,
    ModelMultipleChoiceField,
    MultipleChoiceField,
    OnceForm,
    PhoneField,
    TextField,
    VersionedForm,
)
from earlyhelp.directory.enums import Need
from earlyhelp.directory.models import Service
from earlyhelp.directory.queries import find, to_keep
from earlyhelp.families.forms import AreaField
from earlyhelp.workflow.moves import Move

# --- looking -----------------------------------------------------------------------------------------------------------


class ServiceFilter(FilterForm):
    q = CharField(label="Words", hint="A name, or what it is about.", max_length=120)
    need = ChoiceField(label="Helps with", choices=[("", "Anything"), *Need.choices], widget=django_forms.Select)
    area = AreaField(label="Where", empty_label="Anywhere")
    age = IntegerField(label="Age of the person", max_value=120)

    def found(self) -> Any:
        return find(**self._asked())

    def _asked(self) -> dict[str, Any]:
        chosen = self.cleaned()
        return {
            "words": chosen["q"] or "",
            "need": chosen["need"] or "",
            "area": chosen["area"],
            "age": chosen["age"],
        }


class KeptFilter(ServiceFilter):
    """The same for those who keep the directory, who look after what others no longer see."""

    show = ChoiceField(
        label="Show",
        choices=[
            ("", "All that run"),
            ("check", "Not checked for six months"),
            ("correct", "Something found wrong"),
            ("withdrawn", "Withdrawn"),
        ],
    )

    def found(self) -> Any:
        return find(**self._asked(), among=to_keep(self.cleaned()["show"] or "", today=timezone.localdate()))


# --- keeping -----------------------------------------------------------------------------------------------------------


class ServiceFields(Form):
    name = CharField(label="What is the service called?", noun="its name", max_length=120)
    description = TextField(
        label="What does it do, and for whom?", hint="A sentence or two, in plain words.", rows=3, max_length=2000
    )
    needs = MultipleChoiceField(label="What does it help with?", choices=Need.choices, noun="what it helps with")
    areas = ModelMultipleChoiceField(
        AreaField().queryset,
        label="Where does it help?",
        hint="Tick nothing if it helps in the whole county.",
        labels=AreaField.with_its_kind,
        required=False,
    )
    min_age = IntegerField(label="From which age?", hint="Leave it empty for any age.", required=False, max_value=120)
    max_age = IntegerField(label="To which age?", required=False, max_value=120)
    where = CharField(label="Where does one go?", required=False, max_length=200)
    when = CharField(label="When is it open?", required=False, max_length=200)
    cost = CharField(label="What does it cost?", max_length=120, initial="Free")
    phone = PhoneField(label="Telephone", required=False, autocomplete="off")
    email = EmailField(
        label="Email address for referrals",
        hint="The links by which it answers go there. Only people of the service may read it. Without one, and without an "
        "account, it is rung.",
        required=False,
        autocomplete="off",
    )
    specialist = BooleanField(
        label="It is a specialist service",
        hint="It may be named beside an intensive worker at tier 3.",
        required=False,
    )

    FIELDS = (
        "name", "description", "needs", "areas", "min_age", "max_age", "where", "when", "cost", "phone", "email",
        "specialist",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        young, old = given.get("min_age"), given.get("max_age")
        if young is not None and old is not None and young > old:
            self.add_error("max_age", "The second age must not be lower than the first")
        return given


class AddService(OnceForm, ServiceFields):
    organisation = CharField(
        label="Whose service is it?",
        hint="The organisation’s name. If it is an agency of the partnership, write its name as it stands there: its people "
        "then answer with their accounts.",
        noun="the organisation",
        max_length=120,
    )

    field_order = ("organisation", *ServiceFields.FIELDS)


class EditService(VersionedForm, ServiceFields):
    checked = BooleanField(label="I have checked today that all of it is right", required=False)

    field_order = (*ServiceFields.FIELDS, "checked")

    @classmethod
    def of(cls, service: Service) -> dict[str, Any]:
        """What it says now."""
        known = {name: getattr(service, name) for name in ServiceFields.FIELDS}
        return known | {"version": service.version, "areas": list(service.areas.all())}


class Propose(OnceForm):
    text = TextField(
        label="What is wrong, and what is right?",
        hint="A new number, other times, a service that has ended. Write nothing about anybody whom it helps.",
        rows=4,
        max_length=2000,
    )


class Nothing(Form):
    """Nothing more is asked."""


class Why(Form):
    reason = TextField(
        label="Why is it withdrawn?", hint="Whoever finds it in an old plan reads this.", rows=3, max_length=1000
    )


class PutRight(Form):
    answer = TextField(label="What did you change?", required=False, rows=3, max_length=1000)


class Leave(Form):
    answer = TextField(label="Why does it stay as it is?", rows=3, max_length=1000)


MOVES = {
    "say_checked": Move(Nothing, "It is right today", "Written down: checked today."),
    "withdraw": Move(
        Why,
        "Withdraw the service",
        "Withdrawn. Nobody is referred to it from now on.",
        "It is not deleted. Whoever was referred to it stays referred, and old plans still lead here.",
        danger=True,
    ),
    "bring_back": Move(
        Nothing,
        "Bring it back",
        "It runs again. Check that all of it is right.",
        "People are referred to it from now on. What is known of it may be old.",
    ),
}
SETTLES = {
    "put_right": Move(PutRight, "Save", "Answered. Whoever found it has been told.", "Change the service first."),
    "leave": Move(Leave, "Save", "Answered. Whoever found it has been told."),
}
