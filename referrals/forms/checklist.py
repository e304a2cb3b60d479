"""What is asked of whoever asks a checklist, and talks over with a person what it suggests. Nothing is chosen for anybody."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from functools import partial
from typing import Any

from django.utils import timezone

from earlyhelp.cases.forms import Move
from earlyhelp.core.forms import CharField, ChoiceField, DateField, FilterForm, Form, IntegerField, OnceForm, TextField
from earlyhelp.directory.enums import AskedHow, GivenBy
from earlyhelp.directory.models import Service
from earlyhelp.directory.queries import stale_before
from earlyhelp.directory.routes import ROUTES
from earlyhelp.families.models import Person
from earlyhelp.families.queries import phone_of
from referrals.enums import AskedAbout, ChecklistStatus, Outcome
from referrals.forms.handover import HandOver
from referrals.models import Question, Suggestion

SOMEWHERE_ELSE = "none"


class Begin(OnceForm):
    """Whom, about whom, and who agreed. Somebody not written down yet is written down here."""

    quiet_optional = True

    person = ChoiceField(label="Whom do you ask?", choices=(), noun="whom you ask")
    first_name = CharField(label="First name", max_length=80, width=20, autocomplete="off")
    last_name = CharField(label="Surname", max_length=80, width=20, autocomplete="off")
    born_on = DateField(label="Date of birth", required=False, past=True, hint="Leave it empty if nobody knows it.")
    age = IntegerField(
        label="About how old are they?",
        hint="In years, where there is no date of birth. Many services are for an age.",
        required=False,
        min_value=0,
        max_value=120,
        width=3,
    )
    about = ChoiceField(
        label="Whom is it about?",
        noun="whom it is about",
        choices=AskedAbout.choices,
        hints={AskedAbout.BOTH: "One list: first about the adult, then about the children."},
    )
    agreed_by = CharField(
        label="Who agreed that you ask, and write the answers down?",
        noun="who agreed",
        hint="Such as: she herself. For a child, a parent, and the child in their own way.",
        max_length=200,
    )

    NAMES = ("first_name", "last_name", "born_on")

    def __init__(self, *args: Any, people: Iterable[Person] = (), **kwargs: Any) -> None:
        self.people = {str(each.pk): each for each in people}
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(key, each.name) for key, each in self.people.items()]
        for name in self.NAMES if self.people else ("person",):
            del self.fields[name]
        if self.people and all(each.born_on for each in self.people.values()):
            del self.fields["age"]
        if len(self.people) == 1:  # nobody else to choose
            del self.fields["person"]

    def clean_person(self) -> Person:
        return self.people[self.cleaned_data["person"]]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return given | ({"person": next(iter(self.people.values()))} if len(self.people) == 1 else {})


class Answers(OnceForm):
    """One page of a checklist: see ``answers_form``. Every question may be left open."""

    quiet_optional = True
    asked: list[Question] = []

    @property
    def groups(self) -> list[tuple[str, list[tuple[Any, Any]]]]:
        """Under each heading its questions, each with its note."""
        found: dict[str, list[tuple[Any, Any]]] = {}
        for question in self.asked:
            found.setdefault(question.group, []).append((self[question.code], self[f"{question.code}-note"]))
        return list(found.items())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        codes = [question.code for question in self.asked]
        return {
            "token": given.get("token"),
            "answers": {code: given[code] for code in codes if given.get(code)},
            "comments": {code: given[f"{code}-note"] for code in codes if given.get(f"{code}-note")},
        }


def answers_form(questions: list[Question]) -> type[Answers]:
    fields: dict[str, Any] = {}
    for each in questions:
        fields[each.code] = ChoiceField(
            label=each.text, hint=each.help, choices=each.possible, required=False, inline=len(each.possible) < 4
        )
        fields[f"{each.code}-note"] = CharField(label=f"Note on: {each.text}", required=False, max_length=500)
    return type("Answers", (Answers,), fields | {"asked": questions})


class OfSuggestion(OnceForm):
    """A form about one suggestion, which asks only what fits it: see ``fitting``."""

    quiet_optional = True

    def __init__(self, *args: Any, suggestion: Suggestion, services: list[Service], **kwargs: Any) -> None:
        self.services = {str(each.pk): each for each in services}
        super().__init__(*args, initial=self.known(suggestion) | kwargs.pop("initial", {}), **kwargs)
        self.word(suggestion)

    @classmethod
    def fitting(cls, suggestion: Suggestion, services: list[Service]) -> partial[OfSuggestion]:
        """The same without the questions that do not fit, and with the answers that there are."""
        asked = cls.asked_for(suggestion, services)
        fields: dict[str, Any] = dict.fromkeys(set(cls.base_fields) - set(asked) - {"token", "note"})
        if "service" in asked and "service" in cls.base_fields:
            field: Any = deepcopy(cls.base_fields["service"])
            field.choices = [*((str(each.pk), each.name) for each in services), (SOMEWHERE_ELSE, "None of these")]
            fields |= {"service": field, "reach": (reach := deepcopy(cls.base_fields["reach"]))}
            reach.required = False
        return partial(type(cls.__name__, (cls,), fields), suggestion=suggestion, services=services)

    @classmethod
    def asked_for(cls, suggestion: Suggestion, services: list[Service]) -> tuple[str, ...]:
        return tuple(cls.base_fields)

    def known(self, suggestion: Suggestion) -> dict[str, Any]:
        return {}

    def word(self, suggestion: Suggestion) -> None:
        """Put the questions in words that fit."""


class SayYes(OfSuggestion):
    service = ChoiceField(
        label="Which service do they choose?",
        noun="a service, or none of these",
        choices=(),
        reveals={SOMEWHERE_ELSE: "elsewhere"},
    )
    elsewhere = CharField(
        label="Where will they find it?",
        noun="where they will find it",
        hint="Help this person to get there.",
        max_length=200,
    )
    words = TextField(
        label="What does the service need to know?",
        noun="what the service needs to know",
        rows=4,
        hint="It reads this, and so may they.",
    )
    reach = CharField(
        label="How can they be reached safely?",
        noun="how they can be reached",
        hint="Such as: ring before noon.",
        max_length=200,
    )
    given_by = ChoiceField(
        label="Who said yes to this?",
        noun="who said yes to this",
        choices=GivenBy.choices,
        reveals={GivenBy.DECIDER.value: "capacity_note"},
    )
    capacity_note = TextField(
        label="How do you know that they cannot decide this, and who may?", hint="This decision, today.", rows=3
    )
    given_how = ChoiceField(label="How did you ask?", noun="how you asked", choices=AskedHow.choices)
    limits = TextField(
        label="Is there anything they do not want passed on, or done?",
        hint="In their words.",
        required=False,
        rows=2,
    )
    note = TextField(label="What did they say?", required=False, rows=2)

    PERMISSION = ("given_by", "capacity_note", "given_how", "limits")

    def known(self, suggestion: Suggestion) -> dict[str, Any]:
        words = suggestion.explanation if suggestion.outcome == Outcome.SERVICE else ""
        return {"words": words, "reach": phone_of(suggestion.response.person)}

    @classmethod
    def asked_for(cls, suggestion: Suggestion, services: list[Service]) -> tuple[str, ...]:
        if suggestion.outcome == Outcome.ADVICE:
            return ()
        if suggestion.outcome == Outcome.SERVICE:
            return (
                ("service", "elsewhere", "words", "reach", *cls.PERMISSION)
                if services
                else ("elsewhere", *cls.PERMISSION)
            )
        return ("words", "reach", *cls.PERMISSION) if suggestion.rule.route in ROUTES else cls.PERMISSION

    def word(self, suggestion: Suggestion) -> None:
        if "service" in self.fields:
            self.fields["service"].widget.hints = {key: told_of(each) for key, each in self.services.items()}
        if suggestion.rule.route in ROUTES:
            way, words = ROUTES[suggestion.rule.route], self.fields["words"]
            words.label, words.help_text, words.max_length = (
                "What do they hope for, in their own words?",
                way.needs,
                way.longest,
            )

    def clean_service(self) -> Service | None:
        return self.services.get(self.cleaned_data["service"])


def told_of(service: Service) -> str:
    """Where, for whom, what it costs, and how old that is, in a line."""
    told = [service.organisation.name, service.where, service.when, service.ages, service.cost]
    stale = service.assured_on is None or service.assured_on < stale_before(timezone.localdate())
    return ". ".join(filter(None, [*told, "Ring first: not checked for six months" if stale else ""]))


class SayNo(OfSuggestion):
    note = TextField(label="What did they say?", hint="In their words, if they gave a reason.", required=False, rows=3)


class SayLater(OfSuggestion):
    offer_again_on = DateField(
        label="When do you offer it again?",
        hint="It stands on your home page on that day, once. If you leave it empty: in three months.",
        required=False,
        future=True,
    )
    note = TextField(label="What did they say?", required=False, rows=3)


class TakeUp(OfSuggestion):
    went_to = CharField(label="Where did they go, or what was done?", max_length=200)


class DealWith(OfSuggestion):
    note = TextField(
        label="What was done about it?",
        hint="Who at social care you spoke to and what they said; or how you know that nobody is at risk.",
        rows=4,
    )


class TheirAge(Form):
    age = IntegerField(label="About how old are they?", hint="In years.", min_value=0, max_value=120, width=3)


class Stop(Form):
    reason = TextField(label="Why do you stop?", hint="What they answered so far is kept.", rows=3)


SUGGESTION_FORMS: dict[str, tuple[type[OfSuggestion], str, str]] = {
    "agree": (SayYes, "Save their yes", "Their yes is written down."),
    "decline": (SayNo, "Save their no", "Their no is written down. Nothing goes anywhere."),
    "not_now": (SayLater, "Save", "Written down. You are reminded once."),
    "take_up": (TakeUp, "Save", "Written down."),
    "deal_with": (DealWith, "Save", "Written down what was done."),
}


class ChecklistFilter(FilterForm):
    status = ChoiceField(label="Status", choices=[("", "Any"), *ChecklistStatus.choices])

    def narrow(self, rows: Any) -> Any:
        chosen = self.cleaned()["status"]
        return rows.filter(status=chosen) if chosen else rows


MOVES = {
    "write_age": Move(TheirAge, "Save their age", "Their age is written down."),
    "stop": Move(Stop, "Stop the checklist", "Stopped. What they said so far is kept."),
    "hand_over": Move(HandOver, "Save the hand-over", "", danger=True),
}
