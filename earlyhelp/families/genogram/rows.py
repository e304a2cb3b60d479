"""Which generation each stands in, in which order, and how far from the left."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import fmean

from earlyhelp.families.genogram.kin import Child, Kin, Union, age_order
from earlyhelp.families.genogram.parts import COLUMN

Step = tuple[int, int, int]
SWEEPS = 8


def generations(kin: Kin) -> list[dict[int, int]]:
    """For each group of people who are of one tree: the row of each. Nobody twice, whatever the ties say."""
    order = sorted(kin.people, key=lambda key: age_order(kin.people[key]))
    trees = _placed(order, kin.steps())
    home = {key: number for number, tree in enumerate(trees) for key in tree}
    between = [  # two trees that an aunt or a grandparent joins: the one moves as a whole
        (home[one], home[other], trees[home[one]][one] + below - trees[home[other]][other])
        for one, other, below in kin.looser_steps()
        if home[one] != home[other]
    ]
    joined = []
    for group in _placed(range(len(trees)), between):
        rows = {key: row + down for number, down in group.items() for key, row in trees[number].items()}
        top = min(rows.values())
        joined.append({key: row - top for key, row in rows.items()})
    return sorted(joined, key=lambda rows: -len(rows))


def _placed(order: Iterable[int], steps: Iterable[Step]) -> list[dict[int, int]]:
    """From each of ``order`` that stands nowhere yet, everybody who can be reached. The first answer for a person holds."""
    beside = defaultdict(list)
    for one, other, below in steps:
        beside[one].append((other, below))
        beside[other].append((one, -below))
    seen: set[int] = set()
    groups = []
    for start in order:
        if start in seen:
            continue
        rows, waiting = {start: 0}, deque([start])
        while waiting:
            here = waiting.popleft()
            for there, below in beside[here]:
                if there not in rows:
                    rows[there] = rows[here] + below
                    waiting.append(there)
        seen |= rows.keys()
        groups.append(rows)
    return groups


@dataclass
class Cluster:
    """People who stand side by side because they are, or were, couples. ``x`` is where the first of them stands."""

    keys: list[int]
    x: float = 0

    def at(self, key: int) -> float:
        return self.x + self.keys.index(key) * COLUMN

    @property
    def width(self) -> float:
        return len(self.keys) * COLUMN


@dataclass
class Tree:
    """One group, in rows of clusters."""

    kin: Kin
    row_of: dict[int, int]
    rows: list[list[Cluster]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = [[] for _ in range(max(self.row_of.values()) + 1)]
        for keys in self._side_by_side():
            self.rows[self.row_of[keys[0]]].append(Cluster(keys))
        for row in self.rows:
            _pack(row)

    def _side_by_side(self) -> Iterator[list[int]]:
        pairs = [couple for couple in self.kin.couples.values() if self.stand_beside(*couple.pair)]
        partners = defaultdict(list)
        for couple in pairs:
            one, other = couple.pair
            partners[one].append((other, couple.is_now))
            partners[other].append((one, couple.is_now))
        seen: set[int] = set()
        order = sorted(self.row_of, key=lambda key: (-len(partners[key]), *age_order(self.kin.people[key])))
        for key in order:
            if key not in seen:
                chain = _chain(key, partners, seen)
                yield self._man_left(chain) if len(chain) == 2 else chain

    def _man_left(self, pair: list[int]) -> list[int]:
        return sorted(pair, key=lambda key: (self.kin.people[key].shape != "male", pair.index(key)))

    def stand_beside(self, one: int, other: int) -> bool:
        return one in self.row_of and other in self.row_of and self.row_of[one] == self.row_of[other]

    @cached_property
    def unions(self) -> list[Union]:
        """Of parents who stand side by side, with those children who stand one row below them. What does not fit is no union."""
        found = []
        for union in self.kin.unions:
            for parents in self._fitting(union.parents):
                row = self.row_of[parents[0]] + 1
                below = [self._of(parents, each) for each in union.children if self.row_of.get(each.key) == row]
                if below:
                    found.append(Union(parents, below))
        return found

    def _of(self, parents: tuple[int, ...], child: Child) -> Child:
        return replace(child, ties=tuple(key for key in child.ties if self._parent_in[key] in parents))

    @cached_property
    def _parent_in(self) -> dict[int, int]:
        return {tie.key: tie.one for tie in self.kin.ties}

    def _fitting(self, parents: tuple[int, ...]) -> list[tuple[int, ...]]:
        here = [each for each in parents if each in self.row_of]
        if len(here) == 2 and self.stand_beside(*here):
            return [tuple(here)]
        return [(each,) for each in here]

    @cached_property
    def cluster_of(self) -> dict[int, Cluster]:
        return {key: cluster for row in self.rows for cluster in row for key in cluster.keys}

    def x(self, key: int) -> float:
        return self.cluster_of[key].at(key)

    def middle(self, union: Union) -> float:
        """Where the line to the children starts: between two who stand next to each other, else beside the outer of them."""
        if len(union.parents) == 1:
            return self.x(union.parents[0])
        inner, outer = sorted(union.parents, key=lambda key: -self._partners[key])
        return self.x(outer) + (COLUMN if self.x(inner) > self.x(outer) else -COLUMN) / 2

    @cached_property
    def _partners(self) -> Counter[int]:
        return Counter(key for pair in self.kin.couples for key in pair)

    # --- order and place -----------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Order the rows so that lines seldom cross, then bring parents and children as near as the room allows."""
        for _ in range(SWEEPS):
            for row in self.rows:
                self._sort(row, self._from_above)
                _pack(row)
            for row in reversed(self.rows):
                self._sort(row, self._from_below)
                _pack(row)
        for row in self.rows:
            self._sort(row, self._from_above)
            _pack(row)
        for _ in range(SWEEPS):
            for row in [*self.rows, *reversed(self.rows)]:
                _spread(row, [self._wanted(cluster) for cluster in row])
        left = min(cluster.x for row in self.rows for cluster in row)
        for row in self.rows:
            for cluster in row:
                cluster.x = round(cluster.x - left, 1)

    def _sort(self, row: list[Cluster], pulls: object) -> None:
        wanted = {}
        for cluster in row:
            drawn = [place + offset for place, offset in pulls(cluster)]  # type: ignore[operator]
            wanted[id(cluster)] = fmean(drawn) if drawn else cluster.x + (cluster.width - COLUMN) / 2
        row.sort(key=lambda cluster: (round(wanted[id(cluster)], 1), self._eldest(cluster)))

    def _eldest(self, cluster: Cluster) -> tuple[bool, str, int]:
        children = [key for key in cluster.keys if self.kin.parents_of[key]] or cluster.keys
        return min(age_order(self.kin.people[key]) for key in children)

    def _from_above(self, cluster: Cluster) -> list[tuple[float, float]]:
        """(where the parents stand, nothing) for each of the cluster who has parents above."""
        return [(self.middle(union), 0) for key in cluster.keys for union in self._born_of[key]]

    def _from_below(self, cluster: Cluster) -> list[tuple[float, float]]:
        unions = {id(union): union for key in cluster.keys for union in self._having[key]}
        return [(fmean(self.x(child.key) for child in union.children), 0) for union in unions.values()]

    @cached_property
    def _born_of(self) -> dict[int, list[Union]]:
        found = defaultdict(list)
        for union in self.unions:
            for child in union.children:
                found[child.key].append(union)
        return found

    @cached_property
    def _having(self) -> dict[int, list[Union]]:
        found = defaultdict(list)
        for union in self.unions:
            for parent in union.parents:
                found[parent].append(union)
        return found

    def _wanted(self, cluster: Cluster) -> float:
        """Where its first would stand, if all its parents and children had their way."""
        pulls = [self.middle(union) - (self.x(key) - cluster.x) for key in cluster.keys for union in self._born_of[key]]
        unions = {id(union): union for key in cluster.keys for union in self._having[key]}
        for union in unions.values():
            places = [self.x(child.key) for child in union.children]
            pulls.append((min(places) + max(places)) / 2 - (self.middle(union) - cluster.x))
        return fmean(pulls) if pulls else cluster.x


def _chain(start: int, partners: dict[int, list[tuple[int, bool]]], seen: set[int]) -> list[int]:
    """Whoever has most partners in the middle: former ones to the left, the present one to the right."""
    seen.add(start)
    around = sorted(partners[start])
    before = [key for key, is_now in around if not is_now]
    now = [key for key, is_now in around if is_now]
    if not now:
        before, now = before[::2], before[1::2]
    left = [key for each in before if each not in seen for key in _onward(each, partners, seen)]
    right = [key for each in now if each not in seen for key in _onward(each, partners, seen)]
    return [*reversed(left), start, *right]


def _onward(start: int, partners: dict[int, list[tuple[int, bool]]], seen: set[int]) -> list[int]:
    found, waiting = [], deque([start])
    while waiting:
        here = waiting.popleft()
        if here not in seen:
            seen.add(here)
            found.append(here)
            waiting.extend(key for key, _ in sorted(partners[here]))
    return found


def _pack(row: list[Cluster]) -> None:
    x = 0.0
    for cluster in row:
        cluster.x = x
        x += cluster.width


def _spread(row: list[Cluster], wanted: list[float]) -> None:
    """Each as near as may be to where it wants to stand, in this order and without overlap (least squares, pooled)."""
    pools: list[tuple[float, int]] = []  # mean of what its clusters want, less the room before each; how many they are
    room, before = [], 0.0
    for cluster in row:
        room.append(before)
        before += cluster.width
    for place, start in zip(wanted, room, strict=True):
        mean, count = place - start, 1
        while pools and pools[-1][0] > mean:
            earlier, many = pools.pop()
            mean, count = (earlier * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    means = [mean for mean, count in pools for _ in range(count)]
    for cluster, mean, start in zip(row, means, room, strict=True):
        cluster.x = mean + start
