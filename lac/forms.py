"""What a coordinator asks, and what anybody is asked who introduces somebody. Strengths before worries; never a diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    FilterForm,
    Form,
    IntegerField,
    ModelChoiceField,
    OnceForm,
    TextField,
    VersionedForm,
    YesNoField,
)
from earlyhelp.directory.models import Service
from earlyhelp.families.forms import AreaField
from lac.enums import ALONGSIDE, ELSEWHERE, ConnectionKind, ContributionKind, Source, Status
from lac.models import GoodLifeVision


class Introduce(OnceForm):
    first_name = CharField(label="First name", max_length=80, width=20, autocomplete="off")
    last_name = CharField(label="Surname", max_length=80, width=20, autocomplete="off")
    born_on = DateField(label="Date of birth", past=True, required=False, hint="Only if you know it.")
    area = AreaField()
    hopes = TextField(
        label="What do they hope for?",
        max_length=600,
        rows=4,
        hint="Up to three sentences, in their words if you can. No diagnosis and no proof of need.",
    )
    how_to_reach = CharField(
        label="How would they like to be reached?",
        max_length=200,
        hint="A telephone number, a time of day, a place they like to be.",
    )
    source = ChoiceField(label="Who is introducing them?", choices=Source.choices)
    agreed = BooleanField(
        label="They know about this and agree to be contacted",
        error_messages={"required": "Ask them first: tick that they agree to be contacted"},
    )


class PeopleFilter(FilterForm):
    SHOWN = {"waiting": (Status.RECEIVED, Status.CONTACTED), "alongside": ALONGSIDE, "elsewhere": ELSEWHERE}

    q = CharField(label="Name or reference", width=20)
    where = ChoiceField(
        label="Show",
        choices=[
            ("", "Everybody with us now"),
            ("waiting", "Not met yet"),
            ("alongside", "Alongside"),
            ("elsewhere", "Not now, or moved on"),
        ],
        widget=django_forms.Select,
    )
    mine = django_forms.BooleanField(label="Only mine", required=False)

    def narrow(self, introductions: Any, user: Any) -> Any:
        chosen = self.cleaned()
        if chosen["where"]:
            introductions = introductions.filter(status__in=self.SHOWN[chosen["where"]])
        elif not chosen["q"]:
            introductions = introductions.present()
        if chosen["q"]:
            introductions = introductions.matching(chosen["q"])
        return introductions.filter(coordinator=user) if chosen["mine"] else introductions


class Vision(VersionedForm):
    vision = TextField(label="My vision for a good life", rows=5, hint="As the person says it.")
    strengths = TextField(label="My strengths, interests and gifts", rows=4, required=False)
    people = TextField(label="The people in my life", rows=3, required=False)
    matters = TextField(label="What matters to me", rows=3, required=False)
    helps = TextField(label="What would help", rows=3, required=False)
    next_steps = TextField(label="My next small steps", rows=3, required=False)

    @staticmethod
    def said_before(latest: GoodLifeVision | None) -> dict[str, Any]:
        words = {name: getattr(latest, name) for name in GoodLifeVision.WORDS} if latest else {}
        return words | {"version": latest.version if latest else 0}


class Talk(OnceForm):
    on = DateField(label="When did you talk?", past=True)
    where = CharField(
        label="Where?",
        hint="Where they chose: a bench, a kitchen, the library.",
        max_length=120,
        width=20,
        required=False,
    )
    minutes = IntegerField(label="How many minutes?", max_value=1440, required=False)
    note = TextField(label="What was said", hint="Short. Strengths and interests before worries.", rows=5)
    next_step = CharField(label="The next small step", max_length=200, required=False)


class Connect(OnceForm):
    on = DateField(label="Since when?", past=True)
    kind = ChoiceField(
        label="Connected with",
        choices=ConnectionKind.choices,
        noun="what they are connected with",
        reveals={"service": "service"},
    )
    service = ModelChoiceField(
        Service.objects.live().select_related("organisation"),
        label="A service in the directory",
        required=False,
        widget=django_forms.Select,
        empty_label="Not in the directory",
        labels=lambda service: f"{service.name}, {service.organisation}",
    )
    name = CharField(
        label="Who or what?", hint="The coffee morning at St John’s, a neighbour, a college course.", max_length=120
    )
    accompanied = YesNoField(label="Did you go along?")


class FollowConnection(OnceForm):
    still_going = YesNoField(label="Are they still going?", unsure=True)
    note = CharField(label="How it is going", max_length=200, required=False)


class Contribute(OnceForm):
    on = DateField(label="Since when?", past=True)
    kind = ChoiceField(label="What kind of thing do they give?", choices=ContributionKind.choices)
    text = CharField(
        label="What do they give?",
        hint="Fixes bikes at the youth club. Rings two neighbours every morning.",
        max_length=200,
    )


class Avoided(OnceForm):
    service = CharField(
        label="What would otherwise have been used?", hint="A day centre place, a stay in hospital.", max_length=120
    )
    basis = TextField(label="How do you know?", rows=3)


class Nothing(Form):
    """Nothing is asked."""


class How(Form):
    how = CharField(label="How did you get in touch?", hint="You rang, you called by, they rang you.", max_length=200)


class Why(Form):
    reason = TextField(label="Why", hint="In their words if you can.", rows=3)


class Tried(Form):
    reason = TextField(label="What did you try?", hint="Each way you tried, and when.", rows=3)


@dataclass(frozen=True)
class Move:
    """The page of one change: what is asked, and what is said around it."""

    form: type[Form]
    button: str
    said: str
    intro: str = ""


MOVES = {
    "make_contact": Move(How, "We are in touch", "Recorded: you are in touch."),
    "begin_conversation": Move(
        Nothing, "Begin", "The conversation has begun.", "You become their coordinator, if nobody is yet."
    ),
    "level_1": Move(Why, "Level 1 from today", "Recorded.", "Information, advice, a connection: something short."),
    "level_2": Move(
        Why, "Level 2 from today", "Recorded.", "An ongoing relationship that the person wants. There is no time limit."
    ),
    "not_now": Move(Why, "Not now", "Recorded. They may come back at any time."),
    "unable_to_contact": Move(
        Tried, "Could not be reached", "Recorded. If they get in touch, say that they have come back."
    ),
    "move_on": Move(
        Why, "Has moved on", "Recorded. They may come back at any time, and nobody need introduce them again."
    ),
    "come_back": Move(Why, "Welcome back", "Recorded: you are in conversation again."),
}
