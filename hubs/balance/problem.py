"""What is to be shared out among whom, in numbers alone: no row, no clock, no name. And how fair an answer is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import sqrt

SECONDS = 5.0  # the page waits no longer for an answer
EXACT = 1e-6


@dataclass(frozen=True)
class Person:
    """Somebody who may take families: what they carry already, with all on offer to them, and what they may."""

    key: int
    carries: float
    capacity: float


@dataclass(frozen=True)
class Family:
    """What it weighs, and what each person who could take it would cost: distance, and what they do not bring."""

    key: int
    weight: float
    costs: Mapping[int, float]


@dataclass(frozen=True)
class Problem:
    """Families in the order in which they are heard. The same problem is the same however its rows were read."""

    people: tuple[Person, ...]
    families: tuple[Family, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", tuple(sorted(self.people, key=lambda each: each.key)))

    def shares(self, chosen: Mapping[int, int]) -> dict[int, float]:
        """The workload of each in percent, once these families are theirs."""
        carries = {each.key: each.carries for each in self.people}
        for family in self.families:
            if family.key in chosen:
                carries[chosen[family.key]] += family.weight
        return {each.key: 100 * carries[each.key] / each.capacity for each in self.people}

    def cost(self, chosen: Mapping[int, int]) -> float:
        return sum(family.costs[chosen[family.key]] for family in self.families if family.key in chosen)


@dataclass(frozen=True)
class Answer:
    """Who takes which family. Those left out would take everybody over their limit, or nobody could take them."""

    chosen: dict[int, int] = field(default_factory=dict)
    proven: bool = True  # nothing fairer is possible; else the best that was found in the time given
    seconds: float = 0.0


@dataclass(frozen=True)
class Fairness:
    """Of the people of a problem, once it is answered: how many families have somebody, and how even it is."""

    placed: int
    most: float  # percent
    spread: float  # standard deviation in points of percent; who works half the hours counts for half
    cost: float


def fairness(problem: Problem, chosen: Mapping[int, int]) -> Fairness:
    shares = problem.shares(chosen)
    capacity = sum(each.capacity for each in problem.people)
    mean = sum(each.capacity * shares[each.key] for each in problem.people) / capacity
    apart = sum(each.capacity * (shares[each.key] - mean) ** 2 for each in problem.people) / capacity
    return Fairness(len(chosen), max(shares.values()), sqrt(apart), problem.cost(chosen))


def in_reach(problem: Problem) -> Problem:
    """Only those who have room for one of these families at least: nobody looks fair beside somebody who cannot help."""
    room = {each.key: each.capacity - each.carries + EXACT for each in problem.people}
    families = tuple(
        replace(each, costs={key: cost for key, cost in each.costs.items() if each.weight <= room.get(key, 0.0)})
        for each in problem.families
    )
    able = {key for family in families for key in family.costs}
    return Problem(tuple(each for each in problem.people if each.key in able), families)
