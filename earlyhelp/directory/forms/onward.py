"""What is asked of whoever refers a person to a service, and of the service that answers: as little as will do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils import timezone

from earlyhelp.core.dates import years_old
from earlyhelp.core.forms import CharField, ChoiceField, DateField, FilterForm, Form, IntegerField, OnceForm, TextField
from earlyhelp.directory.enums import AskedHow, GivenBy, Helped, ReturnReason
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.services.onward import Said
from earlyhelp.families.models import Person
from earlyhelp.sharing.enums import DECIDES_FROM
from earlyhelp.workflow.moves import Move

LIMITS_HINT = (
    "In their words: “Do not ring my daughter.” The service reads this, so do not write here the very thing that it "
    "must not know."
)
CAPACITY_HINT = (
    "Only if you doubt that they can decide this, or somebody decides for them: what you did to help them decide, and "
    "what was found."
)


# --- whom, and to what -------------------------------------------------------------------------------------------------


class Referring(FilterForm):
    """What is known already when somebody begins: any of these, or none."""

    person = IntegerField(label="Person", widget=django_forms.HiddenInput)
    service = IntegerField(label="Service", widget=django_forms.HiddenInput)
    repeat = CharField(label="Offered before", max_length=20, widget=django_forms.HiddenInput)


class WhichPerson(FilterForm):
    service = IntegerField(label="Service", widget=django_forms.HiddenInput)
    q = CharField(
        label="Whom do you refer?", hint="A first name, a surname or both; a family’s reference.", max_length=120
    )


class OnwardTab(FilterForm):
    tab = ChoiceField(label="Which", choices=[(slug, slug) for slug in ("open", "ask", "waiting", "ended")])


class OnwardFilter(FilterForm):
    status = ChoiceField(label="Status", choices=[("", "Any"), *OnwardReferral._meta.get_field("status").flatchoices])

    def narrow(self, onwards: Any) -> Any:
        chosen = self.cleaned()["status"]
        return onwards.filter(status=chosen) if chosen else onwards


# --- their permission --------------------------------------------------------------------------------------------------


def who_may_say_yes(born_on: date | None) -> list[tuple[str, str]]:
    """From sixteen on a person decides themselves (domain.md 16); of one whose age nobody knows any of them."""
    if born_on is None:
        return list(GivenBy.choices)
    parent = years_old(born_on, timezone.localdate()) < DECIDES_FROM
    left_out = GivenBy.PERSON if parent else GivenBy.PARENT
    return [
        (each.value, each.label) for each in GivenBy if each != left_out and not (parent and each == GivenBy.DECIDER)
    ]


class Permit(Form):
    given_by = ChoiceField(label="Who says yes?", choices=GivenBy.choices, noun="who says yes")
    how = ChoiceField(label="How were they asked?", choices=AskedHow.choices, inline=True, noun="how they were asked")
    limits = TextField(
        label="What do they not want passed on, or done?", hint=LIMITS_HINT, rows=2, required=False, max_length=1000
    )
    capacity_note = TextField(
        label="Their capacity to decide this", hint=CAPACITY_HINT, rows=2, required=False, max_length=2000
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person is not None:
            field: Any = self.fields["given_by"]
            field.choices = who_may_say_yes(person.born_on or person.expected_on)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("given_by") == GivenBy.DECIDER and not given.get("capacity_note"):
            self.add_error("capacity_note", "Say how it was found that they cannot decide this, and who may")
        return given


class Refer(Permit, OnceForm):
    """One screen: what the service is to know, and what the person says to this one service."""

    quiet_optional = True

    why = TextField(
        label="What does the service need to know?",
        hint="Why, and what would be a good result. They read these words and nothing else from the record.",
        rows=4,
        max_length=4000,
    )
    reach = CharField(
        label="How can they reach the person safely?",
        hint="A telephone number and a good time. No address.",
        max_length=200,
    )
    said = ChoiceField(label="What do they say to this service?", choices=Said.choices, noun="what they say")

    field_order = ["why", "reach", "said", "given_by", "how", "limits", "capacity_note", "token"]
    TOLD, ASKED, YES = ("why", "reach"), ("said",), ("given_by", "how", "limits", "capacity_note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_by"].required = self.fields["how"].required = False

    def parts(self) -> list[tuple[str, str, list[Any]]]:
        return [
            ("What the service reads", "", [self[name] for name in self.TOLD]),
            ("Their permission", "For this one service. Ask for each service on its own.", [self["said"]]),
            ("If they say yes", "Leave this out if they do not.", [self[name] for name in self.YES]),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("said") == Said.YES:
            for name, error in (("given_by", "Select who says yes"), ("how", "Select how they were asked")):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, error)
        return given


# --- what becomes of it ------------------------------------------------------------------------------------------------


class Nothing(Form):
    """Nothing more is asked."""


class TheirAnswer(Form):
    reason = TextField(label="What do they say?", rows=3, required=False, max_length=2000)


class NotNow(TheirAnswer):
    offer_again_on = DateField(
        label="When do you offer it again?",
        hint="It stands on your home page on that day.",
        required=False,
        future=True,
    )


class Accepting(Form):
    expected_on = DateField(
        label="When do you expect to see them?",
        hint="Leave it empty if you do not know yet.",
        required=False,
        future=True,
    )


class Returning(Form):
    because = ChoiceField(label="Why can you not help?", choices=ReturnReason.choices, noun="why you cannot help")
    note = TextField(
        label="Anything that helps whoever referred them",
        hint="When you could help, or who else might.",
        rows=3,
        required=False,
        max_length=2000,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("because") == ReturnReason.OTHER and not given.get("note"):
            self.add_error("note", "Say what the reason is")
        return given


class Starting(Form):
    started_on = DateField(label="When did you first see them?", past=True)


class Ending(Form):
    outcome = TextField(
        label="What came of it?",
        hint="A sentence or two: what is different now. You can also say it later.",
        rows=3,
        required=False,
        max_length=4000,
    )


class Outcome(Form):
    outcome = TextField(
        label="What came of it?", hint="A sentence or two: what is different now.", rows=3, max_length=4000
    )


class DidItHelp(Form):
    helped = ChoiceField(label="Did it help?", choices=Helped.choices, noun="whether it helped")
    note = TextField(label="What do they say?", hint="In their words.", rows=3, required=False, max_length=2000)


MOVES = {
    "permit": Move(
        Permit, "Save", "Their permission is recorded. Send the referral now.", "It is for this one service."
    ),
    "refuse": Move(
        TheirAnswer,
        "Save",
        "Recorded. Nothing has been sent.",
        "Their answer is kept, and nothing goes to the service.",
    ),
    "not_now": Move(NotNow, "Save", "Recorded. Nothing has been sent.", "An offer may be repeated."),
    "send": Move(
        Nothing,
        "Send it",
        "Sent. The service has five working days to answer.",
        "The service gets a message that names nobody, with a link that opens what they agreed to and nothing else.",
    ),
    "send_anew": Move(
        Nothing, "Send a new link", "A new link is on its way.", "The link before opens nothing from now on."
    ),
    "withdraw": Move(
        TheirAnswer,
        "Take the permission back",
        "Recorded. The link opens nothing any more.",
        "The service can read nothing more from this moment, and is told to do nothing more.",
    ),
    "accept": Move(Accepting, "Accept", "You have accepted. Whoever referred them has been told."),
    "give_back": Move(Returning, "Return it", "Returned. Whoever referred them has been told."),
    "start": Move(Starting, "Save", "Recorded that it has started."),
    "complete": Move(Ending, "Save", "Recorded that it is completed. Thank you."),
    "drop_out": Move(Ending, "Save", "Recorded that they dropped out. Thank you."),
    "did_not_attend": Move(Ending, "Save", "Recorded that they did not attend. Thank you."),
    "record_outcome": Move(Outcome, "Save", "Recorded what came of it. Thank you."),
    "follow_up": Move(
        DidItHelp,
        "Save",
        "Recorded.",
        "One call, to ask whether it helped. What they say is not passed on to the service.",
    ),
}
# What the service does, in the order in which it is offered to it.
ANSWERS = ("accept", "give_back", "start", "complete", "drop_out", "did_not_attend", "record_outcome")
