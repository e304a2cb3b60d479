"""How fair a whole agenda is shared out: at once, family by family, and as even as can be. Seeded, so that two runs compare.

Family by family is what a chair does who takes the recommended worker each time (``hubs.queries.candidates``): within their
limit, whom the family needs, then who has the most room. As even as can be looks at nothing but workload.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from statistics import mean

from hubs.balance.problem import EXACT, Answer, Family, Person, Problem, fairness, in_reach
from hubs.balance.sharing_out import (
    AN_AREA_FURTHER,
    FURTHEST,
    NO_LANGUAGE,
    NOT_KNOWN,
    NOT_WHOM_THEY_LIKE,
    SKILL_MISSING,
)
from hubs.balance.solving import solve

SEED, AGENDAS, FAMILIES, WORKERS, AGENCIES = 20_261_129, 50, 18, 20, 6
HOURS = (37, 37, 37, 30, 22.2, 18.5)
SLOWEST = 5.5  # seconds


@dataclass(frozen=True)
class Agenda:
    """A problem, and of each choice what a chair who looks at one family alone looks at before the room somebody has."""

    problem: Problem
    personal: dict[tuple[int, int], float]


def agendas(number: int = AGENDAS, *, families: int = FAMILIES, workers: int = WORKERS) -> Iterator[Agenda]:
    for seed in range(number):
        yield _agenda(Random(SEED + seed), families, workers)


def _agenda(dice: Random, families: int, workers: int) -> Agenda:
    agency = {key: dice.randrange(AGENCIES) for key in range(1, workers + 1)}
    busy = [dice.uniform(0.15, 0.6) for _ in range(AGENCIES)]  # one agency is fuller than another
    people = tuple(_person(dice, key, busy[agency[key]]) for key in agency)
    intensive = dice.sample(sorted(agency), max(2, workers // 3))
    personal: dict[tuple[int, int], float] = {}
    asked = tuple(_family(dice, 1_000 + place, sorted(agency), intensive, personal) for place in range(families))
    return Agenda(Problem(people, asked), personal)


def _person(dice: Random, key: int, busy: float) -> Person:
    capacity = 12 * dice.choice(HOURS) / 37
    halves = round(2 * capacity * min(1.0, max(0.0, dice.gauss(busy, 0.15))))
    return Person(key, halves / 2, capacity)


def _family(
    dice: Random, key: int, everybody: list[int], intensive: list[int], personal: dict[tuple[int, int], float]
) -> Family:
    heavy = dice.random() < 0.25
    able = sorted(
        dice.sample(intensive if heavy else everybody, dice.randint(2, len(intensive if heavy else everybody)))
    )
    knows = dice.choice(able) if dice.random() < 0.2 else None
    liked = dice.choice(able) if dice.random() < 0.15 else None
    foreign = dice.random() < 0.15
    costs = {}
    for worker in able:
        personal[key, worker] = (
            NOT_WHOM_THEY_LIKE * (liked not in (None, worker))
            + NO_LANGUAGE * (foreign and dice.random() < 0.8)
            + NOT_KNOWN * (knows not in (None, worker))
        )
        distance = min(FURTHEST, AN_AREA_FURTHER * dice.choice((0, 0, 1, 2, 9)))
        costs[worker] = personal[key, worker] + distance + SKILL_MISSING * dice.choice((0, 0, 1))
    return Family(key, 2.5 if heavy else 1.0, costs)


def family_by_family(agenda: Agenda) -> dict[int, int]:
    problem, chosen = agenda.problem, {}
    carries = {each.key: each.carries for each in problem.people}
    capacity = {each.key: each.capacity for each in problem.people}
    for family in problem.families:

        def preferred(key: int, family: Family = family) -> tuple[float, ...]:
            then = (carries[key] + family.weight) / capacity[key]
            return agenda.personal[family.key, key], then, family.costs[key], key

        able = [key for key in family.costs if carries[key] + family.weight <= capacity[key] + EXACT]
        if able:
            chosen[family.key] = min(able, key=preferred)
            carries[chosen[family.key]] += family.weight
    return chosen


def least_busiest(problem: Problem) -> tuple[int, float]:
    """By trying every way: the most families placed, and the least that the busiest can carry then. For small agendas."""
    reached = in_reach(problem)
    choices = [[None, *sorted(family.costs)] for family in reached.families]
    best = (0, float("inf"))
    for way in product(*choices):
        chosen = {
            family.key: worker for family, worker in zip(reached.families, way, strict=True) if worker is not None
        }
        shares = reached.shares(chosen)
        most = max(shares.values())
        within = all(share <= 100 + EXACT for share in shares.values())
        if within and (-len(chosen), most) < (-best[0], best[1]):
            best = (len(chosen), most)
    return best


@dataclass(frozen=True)
class Row:
    """One way of sharing out, over all agendas: means, and the slowest."""

    name: str
    placed: float
    most: float
    spread: float
    cost: float
    slowest: float
    proven: int


def measured(number: int = AGENDAS) -> list[Row]:
    drawn = list(agendas(number))
    ways: dict[str, Callable[[Agenda], Answer]] = {
        "family by family": lambda agenda: Answer(family_by_family(agenda)),
        "the agenda at once": lambda agenda: solve(agenda.problem),
        "as even as can be": lambda agenda: solve(agenda.problem, any_fits=True),
    }
    return [_row(name, drawn, answer) for name, answer in ways.items()]


def misses(by_turns: Row, at_once: Row, evenest: Row) -> list[str]:
    """The busiest carries no more than is possible, everybody is more even than family by family, and nobody waits for it."""
    said = [
        (
            at_once.most > evenest.most + 0.1,
            f"the busiest carries {at_once.most:.1f}%, and {evenest.most:.1f}% is possible",
        ),
        (at_once.spread >= by_turns.spread, f"a spread of {at_once.spread:.1f}, not below {by_turns.spread:.1f}"),
        (at_once.slowest > SLOWEST, f"{at_once.slowest:.1f} s, not {SLOWEST}"),
    ]
    return [f"Fairness: {words}" for missed, words in said if missed]


def _row(name: str, drawn: list[Agenda], answer: Callable[[Agenda], Answer]) -> Row:
    answers = [answer(agenda) for agenda in drawn]
    fair = [fairness(in_reach(agenda.problem), each.chosen) for agenda, each in zip(drawn, answers, strict=True)]
    return Row(
        name,
        placed=mean(each.placed for each in fair),
        most=mean(each.most for each in fair),
        spread=mean(each.spread for each in fair),
        cost=mean(each.cost for each in fair),
        slowest=max(each.seconds for each in answers),
        proven=sum(each.proven for each in answers),
    )
