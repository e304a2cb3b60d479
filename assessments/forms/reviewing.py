"""The review form: its questions are the plan's own actions, the assessment's own needs and the family's own children."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from assessments.enums import Reading, ReviewDecision, Risk, VoiceHow
from assessments.forms.assessing import HOW_HEARD, NOT_HEARD, voice
from assessments.models import PlanAction
from assessments.services.reviewing import Found, Stopped
from earlyhelp.core.forms import ChoiceField, DateField, OnceForm, TextField
from earlyhelp.directory.models import Need
from earlyhelp.families.models import Person

OWN = ("token", "held_on", "risk", "decision", "summary", "no_reading_reason", "continue_reason")


class Review(OnceForm):
    """One screen: how each action stands, how each need reads, what each child says, and then a decision."""

    quiet_optional = True
    actions: ClassVar[Sequence[PlanAction]] = ()
    needs: ClassVar[Sequence[str]] = ()
    children: ClassVar[Sequence[Person]] = ()

    held_on = DateField(label="When was the review?", past=True)
    no_reading_reason = TextField(label="If no reading was taken, why not?", rows=2, required=False)
    summary = TextField(label="What was said and found", rows=5)
    risk = ChoiceField(label="Is the risk lower or higher than last time?", choices=Risk.choices)
    decision = ChoiceField(
        label="What happens next?",
        choices=ReviewDecision.choices,
        hints={
            ReviewDecision.STEP_UP: "You write the request on the next page; the hub decides.",
            ReviewDecision.STEP_DOWN: "You write the request on the next page; the hub decides.",
            ReviewDecision.CLOSE: "You propose it on the next page; the hub or a manager decides.",
        },
        reveals={ReviewDecision.CONTINUE: "continue_reason"},
    )
    continue_reason = TextField(
        label="If two readings show no progress, why carry on as before?", rows=2, required=False
    )
    blockage = TextField(
        label="If something stops the plan that nobody here can change: what is it?",
        hint="It is raised as a blockage: somebody unpicks it by a day, or the hub hears it. Leave empty if nothing does.",
        rows=2,
        required=False,
    )
    blockage_since_on = DateField(label="Since when does it stop the plan?", past=True, required=False)
    blockage_tried = TextField(
        label="What has been tried?", hint="Whom you asked, when, and what they said.", rows=2, required=False
    )

    def clean(self) -> dict[str, Any]:
        """The answers as the deed takes them; what was asked of each action, need and child is gathered in ``found``."""
        given = super().clean() or {}
        for child in self.children:
            if given.get(f"how_{child.pk}") in VoiceHow.values and not given.get(f"words_{child.pk}"):
                self.add_error(f"words_{child.pk}", f"Enter what {child.called} said or showed")
        said = {name: given[name] for name in OWN if name in given}
        return said | {"found": self._found(given), "stopped": self._stopped(given)}

    def _stopped(self, given: dict[str, Any]) -> Stopped | None:
        what, since_on, tried = (given.get(name) for name in ("blockage", "blockage_since_on", "blockage_tried"))
        if not (what or since_on or tried):
            return None
        asked = {
            "blockage": (what, "Enter what stops the plan"),
            "blockage_since_on": (since_on, "Enter since when it stops the plan"),
            "blockage_tried": (tried, "Enter what has been tried"),
        }
        for name, (answer, missing) in asked.items():
            if not answer and name not in self.errors:
                self.add_error(name, missing)
        return Stopped(what, since_on, tried) if what and since_on and tried else None

    def _found(self, given: dict[str, Any]) -> Found:
        return Found(
            progress={action.pk: given.get(f"progress_{action.pk}", "") for action in self.actions},
            readings={need: int(value) for need in self.needs if (value := given.get(f"reading_{need}"))},
            voices={child.pk: voice(*_parts(given, child)) for child in self.children},
        )


def _parts(given: dict[str, Any], child: Person) -> tuple[str, str, str]:
    how, words, why_not = (given.get(f"{part}_{child.pk}") or "" for part in ("how", "words", "why_not"))
    return how, words, why_not


def review_form(
    *, actions: Sequence[PlanAction], needs: Sequence[str], children: Sequence[Person], last: Mapping[str, int]
) -> type[Review]:
    """The form of this family's review: ``last`` holds the readings of last time, to be compared with.

    Everything that was promised is asked after, and every child heard.
    """
    progress = {f"progress_{action.pk}": _progress(action) for action in actions}
    readings = {f"reading_{need}": _reading(Need(need), last.get(need)) for need in needs}
    voices = {name: field for child in children for name, field in _voice(child).items()}
    order = ("held_on", *progress, *readings, "no_reading_reason", *voices, "summary", "risk", "decision")
    asked = {"actions": actions, "needs": needs, "children": children, "field_order": order}
    return type("ReviewForm", (Review,), {**progress, **readings, **voices, **asked})


def _progress(action: PlanAction) -> TextField:
    return TextField(
        label=action.what,
        hint=f"{action.whose}’s action. How does it stand?",
        noun=f"how this stands: {action.what}",
        rows=2,
    )


def _reading(need: Need, last: int | None) -> ChoiceField:
    hint = "" if last is None else f"Last time: {last}"
    return _compact(
        ChoiceField(label=f"{need.label}: how is it now?", hint=hint, choices=Reading.choices, required=False)
    )


def _compact(field: ChoiceField) -> ChoiceField:
    """Smaller radios, where many questions with the same answers follow each other."""
    field.widget.small = True
    return field


def _voice(child: Person) -> dict[str, Any]:
    """How, what, and why not: the three questions of one child."""
    name, pk = child.called, child.pk
    how = ChoiceField(
        label=f"How did {name} say how it is now?",
        noun=f"how {name} said it",
        choices=HOW_HEARD,
        reveals={NOT_HEARD: f"why_not_{pk}"},
    )
    why_not = TextField(label=f"Why was {name} not heard?", noun=f"why {name} was not heard", rows=2)
    words = TextField(label=f"What {name} said or showed", rows=3, required=False)
    return {f"how_{pk}": _compact(how), f"why_not_{pk}": why_not, f"words_{pk}": words}
