"""Whom to propose for each of several families at once, and why: for an agenda, and for the families of somebody who leaves.

A proposal, never a decision: each is taken over one by one, by somebody, into the form that asks what it always asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from earlyhelp.cases import workload
from hubs.balance.problem import SECONDS, Answer, Fairness, Family, Person, Problem, fairness, in_reach
from hubs.queries import Asked, Candidate, all_compared, who_takes
from hubs.queries.matching import Brought

# In points of workload: a family goes to somebody so many points busier rather than to somebody who costs that.
NOT_WHOM_THEY_LIKE, NO_LANGUAGE, NOT_KNOWN, SKILL_MISSING = 40, 30, 15, 5
AN_AREA_FURTHER, FURTHEST = 4, 15
BACK_LATER = 10  # they are back in time, but cannot answer yet
COSTS = (
    f"Somebody else than whom the family named weighs as much as {NOT_WHOM_THEY_LIKE} points of workload, an interpreter needed "
    f"{NO_LANGUAGE}, somebody new where another knows the family {NOT_KNOWN}, a skill that the family needs and they do not have "
    f"{SKILL_MISSING}, each area further away {AN_AREA_FURTHER}, and at most {FURTHEST}."
)


@dataclass(frozen=True)
class Proposal:
    """One family, whom to offer it to, and why; or why nobody can take it."""

    asked: Asked
    candidate: Candidate | None
    able: list[Candidate]
    why: str
    percent: int = 0  # of what they may carry, with all that is proposed here


@dataclass(frozen=True)
class SharedOut:
    proposals: list[Proposal]
    answer: Answer
    fair: Fairness | None  # of all who have room for one of these families

    @property
    def seconds(self) -> float:
        return max(0.1, round(self.answer.seconds, 1))


def share_out(families: Sequence[Asked], *, now: datetime, seconds: float = SECONDS) -> SharedOut:
    """Thirteen queries at most, however many families and workers, and then so many seconds at the very most."""
    # Here, and not above: loading the solver would lengthen the start of every process, and it is seldom asked.
    from hubs.balance.solving import solve

    takers = who_takes([asked.case for asked in families]) if families else {}
    found = all_compared([(asked, takers[asked.case.pk]) for asked in families], now=now) if families else []
    problem = as_problem(families, found)
    answer = solve(problem, seconds=seconds)
    shares = problem.shares(answer.chosen)
    proposals = [
        _proposal(asked, candidates, answer.chosen.get(asked.case.pk), shares)
        for asked, candidates in zip(families, found, strict=True)
    ]
    reached = in_reach(problem)
    return SharedOut(proposals, answer, fairness(reached, answer.chosen) if reached.people else None)


def as_problem(families: Sequence[Asked], found: Iterable[list[Candidate]]) -> Problem:
    """In numbers alone. Who is away, not wanted, or may not lead at this tier is nobody whom it could choose."""
    able = [[each for each in candidates if each.can_begin] for candidates in found]
    workers = {each.worker.pk: each for candidates in able for each in candidates}
    people = [Person(pk, each.load.with_offers, each.capacity or 1.0) for pk, each in workers.items()]
    asked_for = [
        Family(
            asked.case.pk,
            workload.weight_of(asked.tier),
            {each.worker.pk: cost_of(each.brings, asked, candidates) for each in candidates},
        )
        for asked, candidates in zip(families, able, strict=True)
    ]
    return Problem(tuple(people), tuple(asked_for))


def cost_of(brings: Brought, asked: Asked, candidates: Iterable[Candidate]) -> float:
    """What speaks against somebody besides what they carry."""
    another_knows = any(each.brings.knows for each in candidates)
    return (
        NOT_WHOM_THEY_LIKE * (asked.liked is not None and not brings.liked)
        + NO_LANGUAGE * len(brings.lacks)
        + NOT_KNOWN * (another_knows and not brings.knows)
        + BACK_LATER * bool(brings.back)
        + SKILL_MISSING * (len(brings.need.skills) - len(brings.skills))
        + min(AN_AREA_FURTHER * brings.distance, FURTHEST)
    )


def _proposal(asked: Asked, found: list[Candidate], chosen: int | None, shares: Mapping[int, float]) -> Proposal:
    able = [each for each in found if each.can_begin]
    if chosen is None:
        return Proposal(asked, None, able, _why_nobody(found, able))
    candidate = next(each for each in able if each.worker.pk == chosen)
    return Proposal(asked, candidate, able, _why(candidate, able, shares), round(shares[chosen]))


def _why(candidate: Candidate, able: list[Candidate], shares: Mapping[int, float]) -> str:
    brings = candidate.brings
    said = [*brings.reasons, brings.where]
    said += [f"good with {' and '.join(brings.skills)}"] if brings.skills else []
    said += [brings.back] if brings.back else []
    said += [f"an interpreter for {' and '.join(brings.lacks)} is needed"] if brings.lacks else []
    return "; ".join([*said, _how_busy(candidate, able, shares)])


def _how_busy(candidate: Candidate, able: list[Candidate], shares: Mapping[int, float]) -> str:
    mine = shares[candidate.worker.pk]
    room = f"at {round(mine)}% of their limit with all that is proposed here"
    if len(able) == 1:
        return f"{room}, and nobody else could take it"
    if mine <= min(shares[each.worker.pk] for each in able):
        return f"{room}, the least of {len(able)} who could take it"
    return f"{room}; {len(able)} could take it"


def _why_nobody(found: list[Candidate], able: list[Candidate]) -> str:
    """In the order in which somebody would look for a way round it."""
    if not found:
        return "Nobody takes families in this area."
    full = sum(each.over_limit for each in able)
    said = [
        (full, "would be over their limit"),
        (len(able) - full, "would be over their limit with what else is proposed here"),
        (sum(not each.fits for each in found), "cannot lead at tier 3"),
        (sum(each.fits and bool(each.brings.away) for each in found), "cannot begin, for leave"),
        (
            sum(each.fits and not each.brings.away and each.brings.avoided for each in found),
            "the family would not have",
        ),
    ]
    return f"Nobody can take it. Of {len(found)} here: {'; '.join(f'{number} {words}' for number, words in said if number)}."
