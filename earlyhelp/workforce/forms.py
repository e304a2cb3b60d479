from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import (
    BooleanField,
    CharField,
    DateField,
    IntegerField,
    MultipleChoiceField,
    OnceForm,
)
from earlyhelp.core.widgets import Checkboxes
from earlyhelp.partnership.enums import Skill
from earlyhelp.partnership.models import User

LANGUAGES = 10


class Capacity(OnceForm):
    hours = CharField(label="Contracted hours a week", hint="37 is full time. Half hours are 18.5.", width=4)
    case_limit = IntegerField(
        label="Families that they may carry in full-time hours",
        hint="One at tier 2 counts as 1, one at tier 3 as 2½. Fewer hours make it fewer families by themselves.",
        width=3,
        max_value=60,
    )
    takes_cases = BooleanField(label="May be offered a family as lead professional", required=False)
    languages = CharField(
        label="Languages they speak well, besides English",
        hint="With commas between: Polish, Urdu. British Sign Language is one.",
        required=False,
    )
    skills = MultipleChoiceField(
        label="Whom they work especially well with", choices=Skill.choices, required=False, widget=Checkboxes
    )

    def __init__(self, *args: Any, worker: User, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "hours": f"{worker.hours.normalize():f}",
            "case_limit": worker.case_limit,
            "takes_cases": worker.takes_cases,
            "languages": ", ".join(worker.languages),
            "skills": worker.skills,
        }
        super().__init__(*args, **kwargs)

    def clean_hours(self) -> Decimal:
        try:
            hours = Decimal(self.cleaned_data["hours"].replace(",", ".")).quantize(Decimal("0.1"))
        except ArithmeticError:
            raise django_forms.ValidationError("Contracted hours must be a number, like 37 or 18.5") from None
        if not 0 < hours <= 60:
            raise django_forms.ValidationError("Contracted hours must be more than 0 and at most 60 a week")
        return hours

    def clean_languages(self) -> list[str]:
        named = [each.strip() for each in self.cleaned_data["languages"].split(",") if each.strip()]
        if len(named) > LANGUAGES or any(len(each) > 60 for each in named):
            raise django_forms.ValidationError(f"At most {LANGUAGES} languages, each of at most 60 letters")
        return list(dict.fromkeys(each[:1].upper() + each[1:] for each in named))


class PlanLeave(OnceForm):
    from_on = DateField(label="First day away")
    until_on = DateField(label="Last day away", future=True)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("from_on"), given.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", "The last day away must be the first one or later")
        return given
