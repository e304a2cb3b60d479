"""Who is around a family, as a picture: the household in the middle, people who work with it on the left, services on the right.

It asks nothing of the database: what goes in is a list, what comes out is where each box and line stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from earlyhelp.families.panels import Involvement
from earlyhelp.families.wrapping import shortened

WIDTH, BOX, HIGH, GAP, EDGE = 1000, 310, 74, 14, 12
MIDDLE_WIDE, MIDDLE_HIGH = 105, 62  # half of the ellipse
BOLD, LETTERS = 33, 40  # that a box is wide


@dataclass(frozen=True)
class Node:
    """One box: its corner, the two ends of its line, and its words on at most three lines."""

    each: Involvement
    x: float
    y: float
    near: tuple[float, float]
    far: tuple[float, float]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Ecomap:
    width: float
    height: float
    middle: tuple[float, float]
    nodes: list[Node]


def ecomap(involved: Sequence[Involvement]) -> Ecomap:
    """The boxes on each side as high as they are many."""
    people = [each for each in involved if not each.is_service]
    services = [each for each in involved if each.is_service]
    rows = max(len(people), len(services), 2)
    height = 2 * EDGE + rows * (HIGH + GAP) - GAP
    middle = (WIDTH / 2, height / 2)
    nodes = _column(people, EDGE, middle, left=True) + _column(services, WIDTH - EDGE - BOX, middle, left=False)
    return Ecomap(WIDTH, height, middle, nodes)


def _column(involved: Sequence[Involvement], x: float, middle: tuple[float, float], *, left: bool) -> list[Node]:
    start = middle[1] - (len(involved) * (HIGH + GAP) - GAP) / 2
    nodes = []
    for number, each in enumerate(involved):
        y = start + number * (HIGH + GAP)
        far = (x + BOX if left else x, y + HIGH / 2)
        near = (middle[0] + (-MIDDLE_WIDE if left else MIDDLE_WIDE), middle[1])
        nodes.append(Node(each, x, y, near, far, _words(each)))
    return nodes


def _words(each: Involvement) -> tuple[str, ...]:
    who, *others = (part for part in each.told if part)
    return shortened(who, BOLD), *(shortened(part, LETTERS) for part in others)
