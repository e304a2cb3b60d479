"""A whole agenda shared out at once, with HiGHS. Fairness first, and what fits each family as far as fairness leaves room.

Nobody is proposed over their limit. Then three questions, each asked with the answers before it kept:

1. How many families can have somebody? The earlier one is heard, the sooner it is one of them.
2. How little can the busiest carry? Workload in percent, of all who could take any of these families.
3. How even can the rest be, and how near, known and understood? Each share is squared, so that one family more is the dearer
   the busier somebody is; what a choice costs is said in points of workload: a family at tier 2 goes to somebody so many points
   busier sooner than to somebody who costs more than that. To ask for the most even by itself first would leave nothing to
   choose by, and send a family across the county for one percent.

The same problem has the same answer: one thread, a fixed seed, ties by identity.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import highspy

from hubs.balance.problem import EXACT, SECONDS, Answer, Family, Person, Problem, in_reach

SEED = 1
CLOSE = 0.001  # points: nobody is better off for an answer that is fairer by less
TIE = 1e-4  # of two that are alike, the one whose identity comes first
STEP = 5.0  # points of workload in which one more costs the same: a square, drawn in straight lines
OPTIMAL, FOUND = highspy.HighsModelStatus.kOptimal, highspy.SolutionStatus.kSolutionStatusFeasible


class Model:
    """The mixed-integer programme: one yes or no for each family and each person who could take it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.highs = highspy.Highs()
        self.highs.silent()
        for option, value in {"threads": 1, "random_seed": SEED, "mip_rel_gap": 0.0}.items():
            self.highs.setOptionValue(option, value)
        self.takes = {
            (family.key, person): self._variable(0, 1, whole=True)
            for family in problem.families
            for person in sorted(family.costs)
        }
        self.most = self._variable(0, highspy.kHighsInf)
        self.steps: dict[int, float] = {}  # what one point more of workload costs, by the column that holds it
        self._one_each()
        for person in problem.people:
            self._load(person)
        self.is_proven = True

    def _variable(self, lowest: float, highest: float, *, whole: bool = False) -> int:
        self.highs.addVar(lowest, highest)
        number: int = self.highs.getNumCol() - 1
        if whole:
            self.highs.changeColIntegrality(number, highspy.HighsVarType.kInteger)
        return number

    def _row(self, lowest: float, highest: float, terms: Mapping[int, float]) -> None:
        self.highs.addRow(lowest, highest, len(terms), list(terms), list(terms.values()))

    def _one_each(self) -> None:
        for family in self.problem.families:
            if family.costs:
                self._row(0, 1, {self.takes[family.key, person]: 1.0 for person in family.costs})

    def _load(self, person: Person) -> None:
        """What somebody carries with what is added: within their limit, under the busiest, and dearer the fuller they are."""
        added = {
            self.takes[family.key, person.key]: 100 * family.weight / person.capacity
            for family in self.problem.families
            if person.key in family.costs
        }
        carries = 100 * person.carries / person.capacity
        self._row(-highspy.kHighsInf, -carries, added | {self.most: -1.0})
        self._row(0, 0, added | dict.fromkeys(self._steps(carries, person.capacity), -1.0))

    def _steps(self, carries: float, capacity: float) -> list[int]:
        """Columns for each few points up to the limit; the cheap ones fill first by themselves. Half the hours weigh half."""
        columns, low = [], carries
        while low < 100:
            high = min(100 + EXACT, low + STEP)
            columns.append(self._variable(0, high - low))
            self.steps[columns[-1]] = (low + high) / 2 * capacity / 100
            low = high
        return columns

    def least(self, costs: Mapping[int, float], *, seconds: float, gap: float = CLOSE) -> dict[int, int] | None:
        """What costs least; none if no answer was found in time. No answer is given to begin with: HiGHS 1.16 now and then
        takes that for the best where it merges columns that are alike.
        """
        columns = self.highs.getNumCol()
        self.highs.changeColsCost(columns, list(range(columns)), [costs.get(column, 0.0) for column in range(columns)])
        self.highs.setOptionValue("time_limit", max(0.05, seconds))
        self.highs.setOptionValue("mip_abs_gap", gap)
        self.highs.run()
        self.is_proven &= self.highs.getModelStatus() == OPTIMAL
        if self.highs.getInfo().primal_solution_status != FOUND:
            return None
        values = self.highs.getSolution().col_value
        return {family: person for (family, person), column in self.takes.items() if values[column] > 0.5}

    def hold(self, costs: Mapping[int, float], chosen: Mapping[int, int]) -> None:
        """No answer after this one costs more."""
        costing = sum(costs.get(self.takes[family, person], 0.0) for family, person in chosen.items())
        busiest = max(self.problem.shares(chosen).values())
        self._row(-highspy.kHighsInf, costing + costs.get(self.most, 0.0) * busiest + EXACT, costs)


def solve(problem: Problem, *, seconds: float = SECONDS, any_fits: bool = False) -> Answer:
    """Who takes which family. ``any_fits``: as even as can be, whatever else speaks for one or another."""
    until = time.monotonic() + seconds
    problem = in_reach(problem)
    if any_fits:
        problem = Problem(
            problem.people, tuple(replace(each, costs=dict.fromkeys(each.costs, 0)) for each in problem.families)
        )
    if not problem.people:
        return Answer()
    model, best = Model(problem), one_by_one(problem)
    for costs, part, gap in (
        (_left_out(model), 1.0, TIE / 10),
        ({model.most: 1.0}, 0.5, CLOSE),
        (_the_rest(model), 1.0, CLOSE),
    ):
        found = model.least(costs, seconds=part * (until - time.monotonic()), gap=gap)
        best = min(
            (_smoothed(problem, each) for each in (found, best) if each is not None), key=partial(_rank, problem)
        )
        model.hold(costs, best)
    return Answer(best, model.is_proven, seconds - (until - time.monotonic()))


def _rank(problem: Problem, chosen: Mapping[int, int]) -> tuple[float, float, float]:
    """How good an answer is, in the order of the three questions; the least is the best."""
    worth = sum(_worth(problem).get(family, 0.0) for family in chosen)
    return -round(worth, 4), round(max(problem.shares(chosen).values()), 2), round(_unevenness(problem, chosen), 4)


def _unevenness(problem: Problem, chosen: Mapping[int, int]) -> float:
    """What the third question asks about: squared shares, and what the choices cost."""
    shares = problem.shares(chosen)
    squared = sum(each.capacity * shares[each.key] ** 2 / 200 for each in problem.people)
    return squared + problem.cost(chosen)


def one_by_one(problem: Problem) -> dict[int, int]:
    """Each family in its turn to whoever is best then, within their limit: what a chair does who looks at one at a time."""
    carries, chosen = {each.key: each.carries for each in problem.people}, {}
    capacity = {each.key: each.capacity for each in problem.people}
    for family in problem.families:
        able = [key for key in family.costs if carries[key] + family.weight <= capacity[key] + EXACT]
        if able:
            best = min(able, key=lambda key: ((carries[key] + family.weight) / capacity[key], family.costs[key], key))
            chosen[family.key] = best
            carries[best] += family.weight
    return chosen


def _smoothed(problem: Problem, chosen: Mapping[int, int]) -> dict[int, int]:
    """One family after the other to whoever is dearer the less, and nobody busier than the busiest is, until nothing changes."""
    people, moved = {each.key: each for each in problem.people}, dict(chosen)
    carries = {key: share * people[key].capacity / 100 for key, share in problem.shares(chosen).items()}
    most = max(problem.shares(chosen).values())

    def dearer(family: Family, key: int) -> float:
        """What it adds to take this family, to somebody who does not have it."""
        share = 100 * (carries[key] + family.weight / 2) / people[key].capacity
        too_many = 100 * (carries[key] + family.weight) / people[key].capacity > most + EXACT
        return float("inf") if too_many else share * family.weight + family.costs[key]

    settled = False
    while not settled:
        settled = True
        for family in (each for each in problem.families if each.key in moved):
            before = moved[family.key]
            carries[before] -= family.weight
            best = min(sorted(family.costs), key=partial(dearer, family))
            better = dearer(family, best) < dearer(family, before) - EXACT
            moved[family.key] = best if better else before
            carries[moved[family.key]] += family.weight
            settled = settled and not better
    return moved


def _worth(problem: Problem) -> dict[int, float]:
    """Every family counts as one, and a little more the earlier it is heard."""
    return {family.key: 1 + (len(problem.families) - place) * TIE for place, family in enumerate(problem.families)}


def _left_out(model: Model) -> dict[int, float]:
    worth = _worth(model.problem)
    return {column: -worth[family] for (family, _), column in model.takes.items()}


def _the_rest(model: Model) -> dict[int, float]:
    ranks = {person.key: rank for rank, person in enumerate(model.problem.people)}
    places = {family.key: place for place, family in enumerate(model.problem.families, start=1)}
    costs = {family.key: family.costs for family in model.problem.families}
    fits = {
        column: costs[family][person] + TIE * ranks[person] / places[family]
        for (family, person), column in model.takes.items()
    }
    return fits | model.steps
