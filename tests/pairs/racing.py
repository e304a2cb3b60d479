"""Two deeds on one record at the same moment, for every ordered pair that is legal from a common state (promise P10).

What comes of a race has to be what one of the two orders gives when they follow one another: the same state, the same
promises, the same trail, and whoever was too late told the same. A *scene* knows how a record of one kind is made in a
state, and what may be done to it, by whom and with what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any

from django.core.exceptions import PermissionDenied

from earlyhelp.audit.models import Event
from earlyhelp.core.wall import as_system
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import REGISTRY, SYSTEM, NotPossible
from tests.races import together

REFUSALS = (NotPossible, PermissionDenied)
DONE = ("done", "")
OF_ONE_RECORD = ("reference", "record", "record_url")  # columns that differ from one record to the next
NUMBERED = re.compile(r"(?<=Step request )\d+")


@dataclass(frozen=True)
class Act:
    """One deed: a transition by its name, by whom, and with what; ``needs`` is what its record has to be made with.

    ``deed``: one that is no transition of this record, with the states from which it is done. In ``facts`` the names of
    people stand for them, and a function for what it makes of the record.
    """

    name: str
    by: str
    facts: dict[str, Any] = field(default_factory=dict, hash=False)
    needs: tuple[str, ...] = ()
    deed: Callable[..., Any] | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """``make(people, state, needs)`` makes a record; ``beside(row)`` adds what else has to come out alike."""

    model: Any
    acts: tuple[Act, ...]
    states: dict[str, str]  # how a state is made, and which status it is
    make: Callable[..., Any]
    now: Any
    left_out: dict[str, str] = field(default_factory=dict)  # transitions that are not raced here, and why
    beside: Callable[[Any], Any] = lambda row: None

    def allows(self, act: Act, state: str) -> bool:
        sources = act.sources or REGISTRY[self.model][act.name].sources
        return self.states[state] in sources

    def do(self, act: Act, row: Any, people: dict[str, Any]) -> Callable[[], Any]:
        """To be called in a connection of its own: everything is read anew."""
        facts = {name: _real(value, row, people) for name, value in act.facts.items()}
        deed = act.deed or REGISTRY[self.model][act.name]

        def done() -> Any:
            with as_system():
                by = SYSTEM if act.by == "system" else User.objects.get(pk=people[act.by].pk)
                return deed(self.model._base_manager.get(pk=row.pk), by=by, now=self.now, **facts)

        return done


def _real(value: Any, row: Any, people: dict[str, Any]) -> Any:
    if callable(value):
        return value(row)
    return people.get(value, value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Outcome:
    """What a record is and says afterwards, and how each of the two deeds ended."""

    row: Any
    trail: Any
    owed: Any
    beside: Any
    ends: tuple[tuple[str, str], tuple[str, str]]

    @property
    def refused(self) -> list[str]:
        return [text for kind, text in self.ends if kind != "done"]


class Races:
    """All the races of one scene; what two deeds give in turn is found once."""

    def __init__(self, scene: Scene, people: dict[str, Any]) -> None:
        self.scene, self.people = scene, people
        self._in_turn: dict[tuple[Act, Act, str], Outcome] = {}

    def pairs(self, dice: Random | None = None) -> Iterator[tuple[Act, Act, str]]:
        """Every ordered pair, in every state from which each of the two can be done; ``dice``: in any order.

        Some 2,300 races over all scenes: what follows from a deed may differ from one state to the next.
        """
        every = list(product(self.scene.acts, repeat=2))
        for first, second in dice.sample(every, len(every)) if dice else every:
            for state in self.scene.states:
                if self._both_legal(first, second, state):
                    yield first, second, state

    def _both_legal(self, first: Act, second: Act, state: str) -> bool:
        if not (self.scene.allows(first, state) and self.scene.allows(second, state)):
            return False
        orders = ((first, second), (second, first))
        return all(self.in_turn(*order, state).ends[0] == DONE for order in orders)

    def in_turn(self, first: Act, second: Act, state: str) -> Outcome:
        key = (first, second, state)
        if key not in self._in_turn:
            row, deeds = self._made(first, second, state)
            self._in_turn[key] = self._outcome(row, [_tried(deed) for deed in deeds])
        return self._in_turn[key]

    def at_once(self, first: Act, second: Act, state: str) -> Outcome:
        row, deeds = self._made(first, second, state)
        return self._outcome(row, together(*deeds))

    def is_one_of_both_orders(self, found: Outcome, first: Act, second: Act, state: str) -> bool:
        other = self.in_turn(second, first, state)
        turned = Outcome(other.row, other.trail, other.owed, other.beside, (other.ends[1], other.ends[0]))
        return found in (self.in_turn(first, second, state), turned)

    def _made(self, first: Act, second: Act, state: str) -> tuple[Any, list[Callable[[], Any]]]:
        row = self.scene.make(self.people, state, {*first.needs, *second.needs})
        self.before = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        return row, [self.scene.do(act, row, self.people) for act in (first, second)]

    def _outcome(self, row: Any, ended: list[Any]) -> Outcome:
        row = self.scene.model._base_manager.get(pk=row.pk)
        trail = Event.objects.filter(subject=row._meta.label_lower, subject_id=row.pk, pk__gt=self.before).order_by(
            "pk"
        )
        owed = sorted(row.deadlines.open().values_list("code", flat=True)) if hasattr(row, "deadlines") else []
        said = tuple(trail.values_list("kind", "was", "became", "actor"))
        first, second = (_end(each, row) for each in ended)
        return Outcome(_values(row), said, tuple(owed), self.scene.beside(row), (first, second))


def _tried(deed: Callable[[], Any]) -> Any:
    try:
        return deed()
    except REFUSALS as problem:
        return problem


def _end(ended: Any, row: Any) -> tuple[str, str]:
    """Anything but a refusal is no legal end, and is like none that two deeds in turn give."""
    if not isinstance(ended, Exception):
        return DONE
    return type(ended).__name__, _nameless(str(ended), row)


def _nameless(text: str, row: Any) -> str:
    """Without what differs from one record to the next."""
    others = [
        getattr(row, f.name, None) for f in row._meta.concrete_fields if f.name in ("case", "family", "hub", "area")
    ]
    for said in sorted({str(each) for each in (row, *others) if each is not None}, key=len, reverse=True):
        text = text.replace(said, "…")
    return NUMBERED.sub("…", text)


def _values(row: Any) -> tuple[Any, ...]:
    own = [f for f in row._meta.concrete_fields if not (f.primary_key or f.is_relation or f.name in OF_ONE_RECORD)]
    return tuple((field.name, repr(getattr(row, field.attname))) for field in own)
