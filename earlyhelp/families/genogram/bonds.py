"""Lines of how two people get on. They run round the names, through room of their own, so that nothing written is crossed.

Two who stand side by side are joined at once. Else the line leaves by the side of the upper one, goes down where nobody
stands, along a lane of its own beneath the names of that row, and comes to the other from above.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import hypot

from earlyhelp.families.genogram.parts import CLEAR, COLUMN, LABEL, LANE, SYMBOL, Bond, Line, Point

HALF = SYMBOL / 2
ABOVE = 15  # the line of a couple
GUTTER = COLUMN / 2  # from the middle of a person to where nobody stands
BESIDE = (6, -6, 0)  # lines that share a gutter, the last with the line from a couple to its children
SIDES = (5, 12, 18)  # below the middle, where lines leave one person
HEADS = (-8, 8, -15, 15)  # where lines come to one head, clear of the line to the parents and of its letter
STEP, SWING = 4, 3  # of a zigzag
GAP, BAR = 5, 6  # of a line that is cut

Place = tuple[int, float]  # the row, and how far from the left


class Lanes:
    """Which bond runs where: known before the rows have their heights, for they are higher where lanes run between them."""

    def __init__(self, bonds: Sequence[Bond], places: Mapping[int, Place]) -> None:
        self.places = places
        self.bonds = sorted(bonds, key=lambda bond: (self._length(bond), bond.key))
        self.lane_of: dict[tuple[int, int], int] = {}  # by bond and by the row above the lane; above the first it is -1
        for bond in self.bonds:
            for row in self._passes(bond):
                self.lane_of[bond.key, row] = self.many(row)

    def many(self, row: int) -> int:
        return sum(each == row for _, each in self.lane_of)

    def lines(self, y: Sequence[float]) -> list[Line]:
        """``y``: of the middle of each row."""
        self.y = y
        self.shared: Counter[object] = Counter()
        return [Line("bond", tuple(self._route(b)), (b.key,), b.kind, (b.one, b.other)) for b in self.bonds]

    def _length(self, bond: Bond) -> tuple[int, float]:
        upper, lower = self._ends(bond)
        return lower[0] - upper[0], abs(lower[1] - upper[1])

    def _ends(self, bond: Bond) -> tuple[Place, Place]:
        upper, lower = sorted((self.places[bond.one], self.places[bond.other]))
        return upper, lower

    def _passes(self, bond: Bond) -> range:
        upper, lower = self._ends(bond)
        if upper[0] < lower[0]:
            return range(upper[0], lower[0])
        return range(0) if lower[1] - upper[1] <= COLUMN + 1 else range(upper[0] - 1, upper[0])

    # --- where it runs -------------------------------------------------------------------------------------------------

    def _route(self, bond: Bond) -> Iterator[Point]:
        (top, start), (row, end) = self._ends(bond)
        passes = self._passes(bond)
        if not passes:
            yield Point(start + HALF - 6, self.y[row] - ABOVE)
            yield Point(end - HALF + 6, self.y[row] - ABOVE)
            return
        if top == row:
            x = self._at_head(top, start)
            yield Point(x, self.y[top] - 4)
        else:
            x = self._gutter(top, start + GUTTER if end >= start else start - GUTTER)
            leaves = self.y[top] + SIDES[self._share("side", top, start) % len(SIDES)]
            yield from (Point(start + (12 if x > start else -12), leaves), Point(x, leaves))
        for each in passes:
            lane = self._lane(bond, each)
            yield Point(x, lane)
            x = self._at_head(row, end) if each == passes[-1] else self._gutter(each + 1, self._free(each + 1, end))
            yield Point(x, lane)
        yield Point(x, self.y[row] - 4)

    def _lane(self, bond: Bond, row: int) -> float:
        lane = self.lane_of[bond.key, row] * LANE
        return self.y[row] + HALF + LABEL + CLEAR + lane if row >= 0 else lane + CLEAR / 2

    def _at_head(self, row: int, x: float) -> float:
        return x + HEADS[self._share("head", row, x) % len(HEADS)]

    def _gutter(self, row: int, x: float) -> float:
        return x + BESIDE[self._share("gutter", row, round(x)) % len(BESIDE)]

    def _share(self, *what: object) -> int:
        """How many run there already."""
        self.shared[what] += 1
        return self.shared[what] - 1

    def _free(self, row: int, near: float) -> float:
        """Where nobody of this row stands, as near as may be. Where nobody is known in a generation, its row is empty."""
        taken = [x for each, x in self.places.values() if each == row]
        beside = [x + side for x in taken for side in (-GUTTER, GUTTER)]
        free = [x for x in beside if all(abs(x - each) >= GUTTER - 1 for each in taken)]
        return min(free, key=lambda x: abs(x - near), default=near)


# --- how it is drawn --------------------------------------------------------------------------------------------------


def zigzag(points: Sequence[Point]) -> list[Point]:
    """To and fro along a line; straight for a little at each corner."""
    found = [points[0]]
    for one, other in pairwise(points):
        length = hypot(other.x - one.x, other.y - one.y)
        along = ((other.x - one.x) / length, (other.y - one.y) / length) if length else (0.0, 0.0)
        turns = int(length // STEP)
        for turn in range(1, turns):
            swing = SWING if turn % 2 else -SWING
            found.append(
                Point(
                    round(one.x + along[0] * turn * STEP - along[1] * swing, 1),
                    round(one.y + along[1] * turn * STEP + along[0] * swing, 1),
                )
            )
        found.append(other)
    return found


def cut(points: Sequence[Point]) -> tuple[list[list[Point]], list[list[Point]]]:
    """A line in two parts, and the two bars on either side of the gap, in the middle of its longest stretch."""
    stretches = list(pairwise(points))
    number = max(range(len(stretches)), key=lambda each: hypot(*_between(*stretches[each])))
    one, other = stretches[number]
    (dx, dy), length = _between(one, other), hypot(*_between(one, other)) or 1
    ends = [Point(one.x + dx * at, one.y + dy * at) for at in (0.5 - GAP / length, 0.5 + GAP / length)]
    across = (-dy / length * BAR, dx / length * BAR)
    bars = [[Point(end.x - across[0], end.y - across[1]), Point(end.x + across[0], end.y + across[1])] for end in ends]
    return [[*points[: number + 1], ends[0]], [ends[1], *points[number + 1 :]]], bars


def _between(one: Point, other: Point) -> tuple[float, float]:
    return other.x - one.x, other.y - one.y
