"""Who is whose: couples, the children of each, and what follows from that without being drawn again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from earlyhelp.families.genogram.parts import BELOW, COUPLES, MANNERS, NOW, SIBLINGS, UNSAID, Human, Tie

Pair = tuple[int, int]


@dataclass(frozen=True)
class Couple:
    pair: Pair
    how: str
    ties: tuple[int, ...]

    @property
    def is_now(self) -> bool:
        return self.how in NOW


@dataclass(frozen=True)
class Child:
    key: int
    how: str  # birth, adopted, foster
    ties: tuple[int, ...]


@dataclass
class Union:
    """One parent, or two, and the children they have together."""

    parents: tuple[int, ...]
    children: list[Child] = field(default_factory=list)


@dataclass(frozen=True)
class Kin:
    people: Mapping[int, Human]
    ties: tuple[Tie, ...]

    @cached_property
    def couples(self) -> dict[Pair, Couple]:
        """Each two once, as what they are now; and the parents of a child of whom nothing is said."""
        said = defaultdict(list)
        for tie in self.ties:
            if tie.kind in COUPLES:
                said[_pair(tie.one, tie.other)].append(tie)
        found = {pair: _strongest(pair, ties) for pair, ties in said.items()}
        for union in self.unions:
            if len(union.parents) == 2 and union.parents not in found:
                found[_pair(*union.parents)] = Couple(_pair(*union.parents), UNSAID, ())
        return dict(sorted(found.items()))

    @cached_property
    def unions(self) -> list[Union]:
        """Children by their parents, eldest first. Of more than two parents of one manner, those after the couple stand alone."""
        unions: dict[tuple[int, ...], Union] = {}
        for (child, how), ties in sorted(self._parents.items()):
            for parents in self._paired([tie.one for tie in ties]):
                union = unions.setdefault(parents, Union(parents))
                keys = tuple(tie.key for tie in ties if tie.one in parents)
                union.children.append(Child(child, how, keys))
        for union in unions.values():
            union.children.sort(key=lambda child: age_order(self.people[child.key]))
        return [unions[parents] for parents in sorted(unions)]

    @cached_property
    def _parents(self) -> dict[tuple[int, str], list[Tie]]:
        found = defaultdict(list)
        for tie in self.ties:
            if is_parent(tie):
                found[tie.other, MANNERS[tie.kind]].append(tie)
        return found

    def _paired(self, parents: Iterable[int]) -> list[tuple[int, ...]]:
        rest = sorted(set(parents))
        if len(rest) <= 2:
            return [tuple(rest)]
        known = {_pair(tie.one, tie.other) for tie in self.ties if tie.kind in COUPLES}
        couple = next((pair for pair in sorted(known) if set(pair) <= set(rest)), (rest[0], rest[1]))
        return [couple, *((each,) for each in rest if each not in couple)]

    @cached_property
    def parents_of(self) -> dict[int, set[int]]:
        found = defaultdict(set)
        for tie in self.ties:
            if is_parent(tie):
                found[tie.other].add(tie.one)
        return found

    def steps(self) -> list[tuple[int, int, int]]:
        """(one, other, generations below), of what fixes where people stand."""
        sure = [(tie.one, tie.other, 1) for tie in self.ties if is_parent(tie)]
        sure += [(*pair, 0) for pair in self.couples]
        return sure + [(tie.one, tie.other, 0) for tie in self.ties if tie.kind in SIBLINGS]

    def looser_steps(self) -> list[tuple[int, int, int]]:
        return [(tie.one, tie.other, BELOW[tie.kind]) for tie in self.ties if tie.kind in BELOW]

    # --- what is said already ------------------------------------------------------------------------------------------

    def is_implied(self, tie: Tie) -> bool:
        """Whether the lines of others say it already: a grandparent through the parent between them."""
        one, other = tie.one, tie.other
        if tie.ended:
            return False
        match tie.kind:
            case "grandparent":
                return one in self._above(other, 2)
            case "great_grandparent":
                return one in self._above(other, 3)
            case "aunt_uncle":
                return any(self._are_siblings(one, parent) for parent in self.parents_of[other])
            case "cousin":
                return any(self._are_siblings(a, b) for a in self.parents_of[one] for b in self.parents_of[other])
            case "step_parent":
                return any(self._are_coupled(one, parent) for parent in self.parents_of[other])
            case "step_sibling":
                return any(self._are_coupled(a, b) for a in self.parents_of[one] for b in self.parents_of[other])
            case _:
                return tie.kind in SIBLINGS and bool(self.parents_of[one] & self.parents_of[other])

    def _above(self, person: int, generations: int) -> set[int]:
        found = {person}
        for _ in range(generations):
            found = {parent for each in found for parent in self.parents_of[each]}
        return found

    def _are_siblings(self, one: int, other: int) -> bool:
        said = any({tie.one, tie.other} == {one, other} for tie in self.ties if tie.kind in SIBLINGS)
        return one != other and (said or bool(self.parents_of[one] & self.parents_of[other]))

    def _are_coupled(self, one: int, other: int) -> bool:
        return _pair(one, other) in self.couples


def is_parent(tie: Tie) -> bool:
    """One that is over, such as a foster carer until last year, is told beside the tree and holds nobody in it."""
    return tie.kind in MANNERS and not tie.ended


def age_order(human: Human) -> tuple[bool, str, int]:
    """Eldest first; of whom nobody knows it, last."""
    return human.born is None, str(human.born or ""), abs(human.key)


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _strongest(pair: Pair, ties: list[Tie]) -> Couple:
    order = list(COUPLES)
    best = min(ties, key=lambda tie: (order.index(tie.kind), tie.key))
    return Couple(pair, COUPLES[best.kind], tuple(tie.key for tie in ties))
