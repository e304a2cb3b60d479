"""What answers suggest, and why: rules weighed against answers. Without a database, and never silent (domain.md 11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from referrals.conditions import Answers, because, weigh
from referrals.enums import Outcome

Ages = tuple[int, int]  # in years, both included: how old somebody may be, as far as is known
OLDEST = 130
ANY_AGE: Ages = (0, OLDEST)


@dataclass(frozen=True)
class Suggested:
    """A rule that holds, the questions whose answers led to it, and what of it nobody could check."""

    rule: Any
    because: tuple[str, ...]
    unchecked: tuple[str, ...] = ()  # "age", "area": the rule is for some, and nobody knows whether for them

    @property
    def is_urgent(self) -> bool:
        return self.rule.outcome == Outcome.URGENT


def suggest(rules: Iterable[Any], answers: Answers, ages: Ages = ANY_AGE, area: Any = None) -> list[Suggested]:
    """The rules that hold, what is urgent first, then by their priority.

    A rule for an age or a place holds also where it may be theirs: a person is to look, rather than nobody.
    """
    held = [rule for rule in rules if weigh(rule.condition, answers) and _for_age(rule, ages) and _for_area(rule, area)]
    held.sort(key=lambda rule: (rule.outcome != Outcome.URGENT, rule.priority, rule.code))
    return [Suggested(rule, tuple(because(rule.condition, answers)), _unchecked(rule, ages, area)) for rule in held]


def suggest_for_home(
    rules: Iterable[Any], answers: Answers, ages: Ages, area: Any, of_children: Collection[str]
) -> list[Suggested]:
    """The same for a grown-up of ``ages`` and the children who live with them, whose ages nobody asked.

    ``of_children``: the questions about the children. What they lead to may be for any age.
    """
    rules = list(rules)
    found = suggest(rules, answers, ages, area)
    known = {each.rule.code for each in found}
    more = suggest(rules, answers, ANY_AGE, area)
    found += [each for each in more if each.rule.code not in known and set(of_children) & set(each.because)]
    return sorted(found, key=lambda each: (not each.is_urgent, each.rule.priority, each.rule.code))


def ages_of_rule(rule: Any) -> Ages:
    return rule.age_from or 0, OLDEST if rule.age_to is None else rule.age_to


def common(some: Ages, others: Ages) -> Ages | None:
    """The ages that are in both; nothing if none is."""
    youngest, oldest = max(some[0], others[0]), min(some[1], others[1])
    return (youngest, oldest) if youngest <= oldest else None


def _for_age(rule: Any, ages: Ages) -> bool:
    """What is urgent waits for nobody’s age: it holds unless the age is known, and another."""
    guessed = ages[0] != ages[1]
    return (rule.outcome == Outcome.URGENT and guessed) or common(ages_of_rule(rule), ages) is not None


def _for_area(rule: Any, area: Any) -> bool:
    return rule.area_id is None or area is None or rule.area_id in area.lineage


def _unchecked(rule: Any, ages: Ages, area: Any) -> tuple[str, ...]:
    of_age = common(ages_of_rule(rule), ages) != ages
    of_area = area is None and rule.area_id is not None
    return ("age",) * of_age + ("area",) * of_area
