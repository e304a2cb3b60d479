"""What joins the people of one tree once they stand: couples, the lines to their children, and what else is said of two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from statistics import fmean
from typing import NamedTuple

from earlyhelp.families.genogram.bonds import Lanes
from earlyhelp.families.genogram.kin import Child, Couple, Union
from earlyhelp.families.genogram.parts import (
    COLUMN,
    DROP,
    HEADROOM,
    LABEL,
    LANE,
    SIDE,
    SYMBOL,
    TRACK,
    WORDS,
    Bond,
    Line,
    Point,
    Tie,
)
from earlyhelp.families.genogram.rows import Tree

HALF = SYMBOL / 2
BUS = 36  # between the line along brothers and sisters and their heads


class Band(NamedTuple):
    """People who stand side by side in one row and live together."""

    row: int
    west: float
    east: float
    top: float
    bottom: float

    def is_over(self, below: Band) -> bool:
        return below.row == self.row + 1 and self.west < below.east and below.west < self.east


@dataclass
class Drawing:
    """A tree with the height of each of its rows: below each there is room for as many lines as run side by side."""

    tree: Tree
    links: list[Tie]
    bonds: list[Bond] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.over = {row for row in range(len(self.tree.rows)) if self._runs_over(row)}
        self.track_of: dict[int, int] = {}
        self.tracks = [self._tracks(row) for row in range(len(self.tree.rows))]
        places = {key: (row, self.tree.x(key)) for key, row in self.tree.row_of.items()}
        self.lanes = Lanes(self.bonds, places)
        self.y: list[float] = []
        below: float = self.lanes.many(-1) * LANE
        for row, tracks in enumerate(self.tracks):
            head = HALF + (HEADROOM if row in self.over else 0)
            self.y.append(below + head)
            below = self.y[-1] + HALF + LABEL + DROP + max(0, tracks - 1) * TRACK + self.lanes.many(row) * LANE

    @property
    def width(self) -> float:
        return max(cluster.x + cluster.width for row in self.tree.rows for cluster in row)

    @property
    def height(self) -> float:
        return self.y[-1] + HALF + LABEL

    def spot(self, key: int) -> Point:
        return Point(self.tree.x(key), self.y[self.tree.row_of[key]])

    # --- room ----------------------------------------------------------------------------------------------------------

    def _runs_over(self, row: int) -> bool:
        """Whether lines run over the heads of this row: of two who are told of apart, or a couple with somebody between."""
        linked = any({self.tree.row_of[tie.one], self.tree.row_of[tie.other]} == {row} for tie in self.links)
        apart = (couple for couple in self.couples() if self.tree.row_of[couple.pair[0]] == row)
        return linked or any(not self._are_next(couple) for couple in apart)

    def _are_next(self, couple: Couple) -> bool:
        return abs(self.tree.x(couple.pair[0]) - self.tree.x(couple.pair[1])) <= COLUMN + 1

    def _tracks(self, row: int) -> int:
        """How many lines run side by side below a row; each union learns which is its own."""
        unions = [union for union in self.tree.unions if self.tree.row_of[union.parents[0]] == row]
        ends: list[float] = []
        for left, right, union in sorted((*self._extent(union), number) for number, union in enumerate(unions)):
            track = next((number for number, end in enumerate(ends) if end + TRACK < left), len(ends))
            ends[track : track + 1] = [right]
            self.track_of[id(unions[int(union)])] = track
        return len(ends)

    def _extent(self, union: Union) -> tuple[float, float]:
        places = [self.tree.middle(union), *(self.tree.x(child.key) for child in union.children)]
        return min(places), max(places)

    # --- lines ---------------------------------------------------------------------------------------------------------

    def couples(self) -> list[Couple]:
        return [couple for couple in self.tree.kin.couples.values() if self.tree.stand_beside(*couple.pair)]

    def lines(self) -> Iterator[Line]:
        for couple in self.couples():
            yield self._couple(couple)
        for union in self.tree.unions:
            yield from self._children(union)
        for tie in self.links:
            yield link(tie, self.spot(tie.one), self.spot(tie.other))

    def bond_lines(self) -> list[Line]:
        return self.lanes.lines(self.y)

    def _couple(self, couple: Couple) -> Line:
        left, right = sorted(self.spot(key) for key in couple.pair)
        if self._are_next(couple):
            points: tuple[Point, ...] = (Point(left.x + HALF, left.y), Point(right.x - HALF, right.y))
        else:
            over = left.y - HALF - TRACK
            points = (
                Point(left.x + 8, left.y - HALF), Point(left.x + 8, over),
                Point(right.x - 8, over), Point(right.x - 8, right.y - HALF),
            )  # fmt: skip
        middle = Point(fmean(point.x for point in points) - (0 if len(points) > 2 else 16), points[len(points) // 2].y)
        return Line("couple", points, couple.ties, couple.how, couple.pair, middle)

    def _children(self, union: Union) -> Iterator[Line]:
        """From the couple, or from under the name of one parent, down to a bar; from the bar to the head of each child."""
        middle, start = self.tree.middle(union), self._start(union)
        heads = self.spot(union.children[0].key).y - HALF
        bar = heads - BUS - self.track_of[id(union)] * TRACK
        drops = [(fmean(self.tree.x(twin.key) for twin in twins), twins) for twins in _twins(union.children, self.tree)]
        ends = [middle, *(x for x, _ in drops)]
        along = (Point(min(ends), bar), Point(max(ends), bar)) if max(ends) - min(ends) > 0.5 else ()
        yield Line("descent", (Point(middle, start), Point(middle, bar)))
        if along:
            yield Line("descent", along)
        for x, twins in drops:
            for child in twins:
                head = Point(self.tree.x(child.key), heads)
                points = (Point(x, bar), head)
                yield Line("child", points, child.ties, child.how, (child.key,), Point(head.x + 9, heads - 8))
            yield from self._bars(Point(x, bar), heads, twins)

    def _start(self, union: Union) -> float:
        parent = self.spot(union.parents[0])
        if len(union.parents) == 1:
            return parent.y + HALF + LABEL - (3 - self.tree.kin.people[union.parents[0]].rows) * WORDS
        one, other = (self.tree.x(key) for key in union.parents)
        return parent.y if abs(one - other) <= COLUMN + 1 else parent.y - HALF - TRACK

    def _bars(self, apex: Point, heads: float, twins: list[Child]) -> Iterator[Line]:
        """Identical twins are joined halfway."""
        keys = {child.key for child in twins}
        for tie in self.tree.kin.ties:
            if tie.kind == "identical_twin" and {tie.one, tie.other} <= keys:
                y = (apex.y + heads) / 2
                ends = (Point((apex.x + self.tree.x(key)) / 2, y) for key in (tie.one, tie.other))
                yield Line("twins", tuple(sorted(ends)), (tie.key,), "identical")

    # --- the household -------------------------------------------------------------------------------------------------

    def homes(self) -> list[tuple[Point, ...]]:
        """Around those who live together: one outline where nobody else stands between, else one around each group."""
        outlines: list[list[Band]] = []
        for row in range(len(self.tree.rows)):
            bands = list(self._bands(row))
            for band in bands:
                above = [each for each in outlines if len(bands) == 1 and each[-1].is_over(band)]
                if above:
                    above[0].append(band)
                else:
                    outlines.append([band])
        return [_outline(each) for each in outlines]

    def _bands(self, row: int) -> Iterator[Band]:
        """Each run of people in a row who live in the household."""
        keys = [key for cluster in self.tree.rows[row] for key in cluster.keys]
        for at_home, run in groupby(self._where(keys), key=itemgetter(1)):
            if at_home:
                places, y = [self.tree.x(key) for key, _ in run], self.y[row]
                yield Band(row, min(places) - SIDE, max(places) + SIDE, y - HALF - 12, y + HALF + LABEL + 2)

    def _where(self, keys: list[int]) -> list[tuple[int, bool]]:
        """Each with whether they stand in the household: who was lost before birth, where those on both sides do."""
        people = [self.tree.kin.people[key] for key in keys]
        living = [human.at_home for human in people if not human.is_lost]
        found, passed = [], 0
        for human in people:
            beside = living[max(passed - 1, 0) : passed + 1] if passed < len(living) else [False]
            found.append((human.key, (passed > 0 and all(beside)) if human.is_lost else human.at_home))
            passed += not human.is_lost
        return found


def link(tie: Tie, one: Point, other: Point) -> Line:
    """Over the heads of two in one row; else down from the name of the upper to the head of the lower."""
    (_, upper), (_, lower) = sorted(((each.y, each.x), each) for each in (one, other))
    if upper.y == lower.y:
        top = upper.y - HALF
        points = (Point(upper.x, top), Point((upper.x + lower.x) / 2, top - HEADROOM), Point(lower.x, top))
        return Line("link", points, (tie.key,), mark=Point(points[1].x, top - HEADROOM / 2 - 4))
    start, end = Point(upper.x - 12, upper.y + HALF + LABEL), Point(lower.x - 12, lower.y - HALF)
    middle = Point((start.x + end.x) / 2, (start.y + end.y) / 2)
    along = 0.35 + 0.15 * (tie.key % 3)  # so that the words of two that lie close seldom meet
    mark = Point(start.x + along * (end.x - start.x), start.y + along * (end.y - start.y) + 4)
    return Line("link", (start, middle, end), (tie.key,), mark=mark)


def _outline(bands: list[Band]) -> tuple[Point, ...]:
    """Down the right side and up the left; each step lies close over the heads of a row, clear of the bar to them."""
    right, left = [], []
    for number, band in enumerate(bands):
        last = band.bottom if number == len(bands) - 1 else bands[number + 1].top
        right += [Point(band.east, band.top), Point(band.east, last)]
        left += [Point(band.west, band.top), Point(band.west, last)]
    return (*right, *reversed(left))


def _twins(children: list[Child], tree: Tree) -> Iterable[list[Child]]:
    """Children of the same parents and the same day, by birth, come together; of whom nobody knows the day, each alone."""
    groups = defaultdict(list)
    for child in children:
        human = tree.kin.people[child.key]
        groups[(human.born, child.how) if human.born and not human.is_alone else child.key].append(child)
    return groups.values()
