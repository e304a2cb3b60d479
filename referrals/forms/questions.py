"""How an administrator words what is asked, and what its answers suggest: in lines that a person writes and reads."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError

from earlyhelp.cases.forms import Move
from earlyhelp.core.forms import CharField, ChoiceField, Form, IntegerField, ModelChoiceField, TextField
from earlyhelp.directory.models import Need, Service
from earlyhelp.directory.routes import routes
from earlyhelp.families.forms import AreaField
from referrals.conditions import Condition, Unclear, parse, say
from referrals.enums import TO_EARLY_HELP, AnswerKind, Outcome, Voice
from referrals.models import Question, QuestionSet, Rule
from referrals.models.questions import A_CODE

CODE_HINT = "Small letters, digits and underscores, such as lives_alone. Rules know it by this."
WHEN_HINT = (
    "Codes of questions with their answers, such as: lonely is yes and (lives_alone is yes or memory is yes or unsure). "
    "Or: 2 of (money is yes, warm is yes, home_at_risk is yes). Or: not (school is no)."
)
INTO_EARLY_HELP = (TO_EARLY_HELP, "Refer the family to early help")


def ways() -> list[tuple[str, str]]:
    return [INTO_EARLY_HELP, *((each.code, each.label) for each in routes())]


class Nothing(Form):
    """Nothing is asked."""


class Texts(Form):
    title = CharField(label="Title", max_length=120)
    introduction = TextField(label="What is said before the first question", required=False, rows=4)


class Publish(Form):
    note = TextField(label="What is new in this version?", hint="Whoever looks back reads this.", rows=3)


class Retire(Form):
    reason = TextField(label="Why is it taken out of use?", rows=3)


class WriteQuestion(Form):
    text = CharField(label="The question, or what may be true", max_length=200)
    help = CharField(label="A hint under it", required=False, max_length=300)
    code = CharField(label="Code", hint=CODE_HINT, max_length=30, width=20, validators=[A_CODE], autocomplete="off")
    voice = ChoiceField(label="Of whom is it asked?", choices=Voice.choices)
    group = CharField(label="Under which heading?", required=False, max_length=60)
    order = IntegerField(label="Place in the list", hint="The lowest number stands first.", max_value=30_000)
    kind = ChoiceField(
        label="How is it answered?", choices=AnswerKind.choices, reveals={AnswerKind.CHOICE.value: "choices"}
    )
    choices = TextField(
        label="The answers to choose from",
        hint="One a line: its code, a colon, its words. Such as: most_days: Most days",
        rows=5,
    )

    def clean_choices(self) -> list[list[str]]:
        lines = [line for line in self.cleaned_data["choices"].splitlines() if line.strip()]
        found = [[part.strip() for part in line.split(":", 1)] for line in lines]
        for line, pair in zip(lines, found, strict=True):
            if len(pair) != 2 or not pair[1] or not _is_code(pair[0]):
                raise ValidationError(f"Write a code, a colon and the words: “{line.strip()}” is not like that")
        if len({value for value, _ in found}) < len(found):
            raise ValidationError("Two answers have the same code")
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return given | {"choices": given.get("choices") or []}

    @classmethod
    def of(cls, question: Question) -> dict[str, Any]:
        """What it says now, as it is typed."""
        known = {name: getattr(question, name) for name in cls.base_fields}
        return known | {"choices": "\n".join(f"{value}: {label}" for value, label in question.choices)}


def _is_code(text: str) -> bool:
    try:
        A_CODE(text)
    except ValidationError:
        return False
    return len(text) <= 30


class WriteRule(Form):
    quiet_optional = True

    title = CharField(label="What is suggested?", max_length=120)
    explanation = TextField(
        label="Why, in plain words?", hint="The person may read it, or have it read to them.", rows=3
    )
    condition = TextField(label="When is it suggested?", hint=WHEN_HINT, rows=3)
    age_from = IntegerField(label="From which age?", hint="Leave it empty for any age.", required=False, max_value=120)
    age_to = IntegerField(label="To which age?", required=False, max_value=120)
    area = AreaField(label="Where?", required=False, empty_label="Anywhere")
    outcome = ChoiceField(
        label="What does it lead to?",
        choices=Outcome.choices,
        hints={Outcome.URGENT: "It stands before everything else, with the telephone number of social care."},
        reveals={Outcome.ROUTE.value: "route", Outcome.SERVICE.value: "need"},
    )
    route = ChoiceField(label="Which way?", choices=ways)
    need = ChoiceField(label="Services that help with what?", choices=Need.choices, widget=django_forms.Select)
    service = ModelChoiceField(
        Service.objects.live().order_by("name"),
        label="Only this one service",
        hint="Leave it empty to choose with the person.",
        required=False,
        widget=django_forms.Select,
        empty_label="Any that fits",
    )
    code = CharField(
        label="Code of this rule",
        hint="Small letters, digits and underscores.",
        max_length=30,
        width=20,
        validators=[A_CODE],
        autocomplete="off",
    )
    priority = IntegerField(label="Place among the others", hint="The lowest number stands first.", max_value=30_000)

    def clean_condition(self) -> Condition:
        try:
            return parse(self.cleaned_data["condition"])
        except Unclear as problem:
            raise ValidationError(str(problem)) from problem

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        young, old = given.get("age_from"), given.get("age_to")
        if young is not None and old is not None and young > old:
            self.add_error("age_to", "The second age must not be lower than the first")
        of_service = given.get("outcome") == Outcome.SERVICE
        return given | {
            "route": given.get("route") or "",
            "need": given.get("need") or "",
            "service": given.get("service") if of_service else None,
        }

    @classmethod
    def of(cls, rule: Rule) -> dict[str, Any]:
        known = {name: getattr(rule, name) for name in cls.base_fields}
        return known | {"condition": say(rule.condition), "area": rule.area_id, "service": rule.service_id}


def next_place(row: QuestionSet, what: str) -> int:
    """After the last of them."""
    parts: Any = row.questions if what == "question" else row.rules
    name = "order" if what == "question" else "priority"
    return 10 + max(parts.values_list(name, flat=True), default=0)


MOVES = {
    "start_draft": Move(
        Nothing,
        "Start the next version",
        "The next version is begun. Nobody is asked it until it is published.",
        "It begins as a copy of this one.",
    ),
    "reword": Move(Texts, "Save the texts", "Saved."),
    "publish": Move(
        Publish,
        "Publish this version",
        "Published. Whoever asks from now on asks this version.",
        "What was answered before keeps the version that was asked. A published version is never altered.",
    ),
    "retire": Move(
        Retire,
        "Take it out of use",
        "It is out of use.",
        warning="Until another version is published nobody can ask these questions.",
        danger=True,
    ),
}
PARTS: dict[str, tuple[str, type[WriteQuestion] | type[WriteRule]]] = {
    "question": ("write_question", WriteQuestion),
    "rule": ("write_rule", WriteRule),
}
