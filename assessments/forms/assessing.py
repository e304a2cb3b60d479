"""The forms of an assessment. Anything may be saved half done: what is missing is told when it is to be completed."""

from __future__ import annotations

from typing import Any

from assessments.enums import HasCopy, Reading, VoiceHow
from earlyhelp.core.forms import ChoiceField, Form, OnceForm, TextField, VersionedForm, YesNoField
from earlyhelp.families.enums import LevelOfNeed

NOT_HEARD = "not_heard"
HOW_HEARD = [*VoiceHow.choices, (NOT_HEARD, "They were not heard this time")]


def number(text: str) -> int | None:
    """What a radio of numbers answers; none if it was left open."""
    return int(text) if text else None


def voice(how: str, words: str, why_not: str) -> tuple[str, str, str]:
    """(how, words, why not) as they are kept: either what the child said or showed, or why not, and never both."""
    return ("", "", why_not) if how == NOT_HEARD else (how, words, "")


class Start(OnceForm):
    """Nothing is asked."""


class Heading(VersionedForm):
    quiet_optional = True  # all of it is asked for in the end: completing says what is missing

    strengths = TextField(
        label="What is going well", hint="What the family does, has and is good at.", rows=4, required=False
    )
    worries = TextField(
        label="What we are worried about", hint="What was seen or said, and by whom.", rows=4, required=False
    )
    needs_to_change = TextField(
        label="What needs to change", hint="In the family’s words where you can.", rows=4, required=False
    )
    is_need = YesNoField(label="Does the family need help with this?", required=False)
    reading = ChoiceField(
        label="How is it for the family now?",
        hint="Choose together with the family. A need has a reading; for the rest it is up to you.",
        choices=Reading.choices,
        required=False,
    )

    def clean_reading(self) -> int | None:
        return number(self.cleaned_data["reading"])


class Voice(VersionedForm):
    quiet_optional = True

    how = ChoiceField(label="How did they tell you?", choices=HOW_HEARD, reveals={NOT_HEARD: "why_not"})
    why_not = TextField(label="Why not, and when will you try again?", rows=3)
    words = TextField(
        label="What they said or showed",
        hint="Their own words, in quotation marks; or what they drew, did or looked like. What would they change?",
        rows=6,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        how = given.get("how")
        if how and how != NOT_HEARD and not given.get("words"):
            self.add_error("words", "Enter what they said or showed")
        kept = voice(how or "", given.get("words", ""), given.get("why_not", ""))
        return given | dict(zip(("how", "words", "why_not"), kept, strict=True))


class Analysis(VersionedForm):
    quiet_optional = True

    household_listed = YesNoField(
        label="Is everybody who lives in the household listed on the family’s page?", required=False
    )
    parents_views = TextField(
        label="What the parents or carers say",
        hint="In their own words: what they want, and what they do not.",
        rows=5,
        required=False,
    )
    going_well = TextField(label="What is going well", rows=4, required=False)
    worried_about = TextField(label="What we are worried about", rows=4, required=False)
    needs_to_change = TextField(label="What needs to change", rows=4, required=False)
    level_of_need = ChoiceField(
        label="Level of need",
        hint="What the family needs, whatever they are given.",
        choices=LevelOfNeed.choices,
        required=False,
    )
    level_reason = TextField(label="Why this level", rows=3, required=False)

    def clean_level_of_need(self) -> int | None:
        return number(self.cleaned_data["level_of_need"])


class Complete(OnceForm):
    family_has_copy = ChoiceField(
        label="Does the family have a copy of this assessment?",
        hint="Print it from the assessment. It is about them, and they may keep it.",
        choices=HasCopy.choices,
    )


class GiveCopy(Form):
    family_has_copy = ChoiceField(
        label="Does the family have a copy of this assessment?",
        choices=[(given.value, given.label) for given in (HasCopy.YES, HasCopy.DECLINED)],
    )


class SignOff(Form):
    reason = TextField(label="What you thought of it", hint="The lead professional reads this.", rows=3, required=False)


class Reason(Form):
    reason = TextField(label="Why", rows=4)
