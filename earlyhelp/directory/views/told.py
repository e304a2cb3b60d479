"""What a service is told of a person, and nothing else: on the page behind its link and on its own list (domain.md 11)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from earlyhelp.core import dates
from earlyhelp.directory.forms.onward import ANSWERS, MOVES
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.workflow.transitions import REGISTRY, Transition

HINTS = {
    "accept": "You will get in touch with them.",
    "give_back": "You cannot help. Say why, so that somebody else is found.",
    "start": "You have seen them for the first time.",
    "complete": "What you do for them is done.",
    "drop_out": "They came, and stopped before the end.",
    "did_not_attend": "They did not come at all.",
    "record_outcome": "What is different for them now.",
}


def told(onward: OnwardReferral) -> list[dict[str, Any]]:
    """As rows of a summary list. No address, no date of birth, no number: those are asked of the person."""
    if not onward.shows_person:
        return []
    person, maker = onward.person, onward.made_by
    years = (
        dates.age(person.born_on, timezone.localdate())
        if person.born_on
        else person.expected.capitalize() or "Not known"
    )
    called = f"\nlikes to be called {person.known_as}" if person.known_as else ""
    who = [f"{maker}{f', {maker.job_title}' if maker.job_title else ''}", str(onward.agency or ""), maker.phone]
    rows = {
        "Who": f"{person.name}{called}",
        "Age": years,
        "How to reach them safely": onward.reach or "Ask whoever refers them.",
        "Why they come to you": onward.why,
        "What they do not want": onward.limits,
        "Who refers them": "\n".join(filter(None, who)),
    }
    return [{"key": key, "value": value} for key, value in rows.items() if value]


def state(onward: OnwardReferral) -> list[tuple[str, str]]:
    """What the service has said already."""
    said = [("Referred", dates.day(onward.sent_at) if onward.sent_at else "")]
    if onward.is_waiting and getattr(onward, "answer_by", None):
        said.append(("Answer by", dates.moment(onward.answer_by)))  # type: ignore[attr-defined]
    said += [
        ("You expect to see them", dates.day(onward.expected_on) if onward.expected_on and onward.is_live else ""),
        ("Started", dates.day(onward.started_on) if onward.started_on else ""),
    ]
    return [each for each in said if each[1]]


def answers(onward: OnwardReferral) -> list[Transition]:
    """What the service may say now."""
    moves = REGISTRY[OnwardReferral]
    return [moves[name] for name in ANSWERS if onward.status in moves[name].sources and name in MOVES]
