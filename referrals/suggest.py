"""What answers suggest, and why: rules weighed against answers. Without a database, and never silent (domain.md 11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from referrals.conditions import Answers, because, weigh
from referrals.enums import Outcome


@dataclass(frozen=True)
class Suggested:
    """A rule that holds, the questions whose answers led to it, and what of it nobody could check."""

    rule: Any
    because: tuple[str, ...]
    unchecked: tuple[str, ...] = ()  # "age", "area": the rule is for some, and nobody knows whether for them

    @property
    def is_urgent(self) -> bool:
        return self.rule.outcome == Outcome.URGENT


def suggest(rules: Iterable[Any], answers: Answers, age: int | None = None, area: Any = None) -> list[Suggested]:
    """The rules that hold, what is urgent first, then by their priority.

    A rule for an age or a place holds also where that is not known: a person is to look, rather than nobody.
    """
    held = [rule for rule in rules if weigh(rule.condition, answers) and _for_age(rule, age) and _for_area(rule, area)]
    held.sort(key=lambda rule: (rule.outcome != Outcome.URGENT, rule.priority, rule.code))
    return [Suggested(rule, tuple(because(rule.condition, answers)), _unchecked(rule, age, area)) for rule in held]


def _for_age(rule: Any, age: int | None) -> bool:
    if age is None:
        return True
    return (rule.age_from is None or age >= rule.age_from) and (rule.age_to is None or age <= rule.age_to)


def _for_area(rule: Any, area: Any) -> bool:
    return rule.area_id is None or area is None or rule.area_id in area.lineage


def _unchecked(rule: Any, age: int | None, area: Any) -> tuple[str, ...]:
    of_age = age is None and (rule.age_from is not None or rule.age_to is not None)
    of_area = area is None and rule.area_id is not None
    return ("age",) * of_age + ("area",) * of_area
