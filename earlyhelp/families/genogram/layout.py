"""The whole picture: the trees beside each other, then those who belong to none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from earlyhelp.families.genogram.kin import Kin, age_order, is_parent
from earlyhelp.families.genogram.lines import HALF, Drawing, link
from earlyhelp.families.genogram.parts import (
    BELOW,
    COLUMN,
    COUPLES,
    LABEL,
    MARGIN,
    SIBLINGS,
    SIDE,
    SYMBOL,
    WORDS,
    Bond,
    Human,
    Line,
    Picture,
    Point,
    Spot,
    Tie,
)
from earlyhelp.families.genogram.rows import Tree, generations

WIDE = 1.5 * COLUMN  # of whoever stands apart: what is said of them is written beneath
MOST_NOTES = 4  # rows of words beneath a name, two for each tie
APART = 5  # of those in a row, at least
BAND = 34  # for the heading over those who stand apart


def layout(humans: Iterable[Human], ties: Iterable[Tie], bonds: Iterable[Bond] = ()) -> Picture:
    """Of any people, any ties between them, and how any two get on; what leads to anybody else is left out."""
    people = {human.key: human for human in humans}
    known = [tie for tie in ties if tie.one in people and tie.other in people and tie.one != tie.other]
    in_tree = {key for tie in known if _holds(tie) for key in (tie.one, tie.other)}
    kin = Kin({key: people[key] for key in in_tree}, tuple(tie for tie in known if {tie.one, tie.other} <= in_tree))
    felt = [bond for bond in bonds if {bond.one, bond.other} <= people.keys() and bond.one != bond.other]
    drawings, implied = _drawings(kin, felt)
    spots, lines, felt_lines, homes, size = _beside_each_other(drawings)
    lines += _between_trees(kin, drawings, spots)
    notes = _notes(known, in_tree)
    friends = sorted((people[key] for key in notes), key=age_order)
    unlinked = sorted((people[key] for key in people if key not in in_tree and key not in notes), key=age_order)
    size, friends_at = _apart(spots, friends, notes, size)
    size, unlinked_at = _apart(spots, unlinked, {}, size)
    return Picture(
        width=size.x + 2 * MARGIN,
        height=size.y + 2 * MARGIN,
        spots=spots,
        lines=tuple(lines),
        homes=tuple(homes) + tuple(_alone(spots[human.key]) for human in (*friends, *unlinked) if human.at_home),
        implied=implied,
        friends_at=friends_at,
        unlinked_at=unlinked_at,
        bonds=tuple(felt_lines),
        untold=tuple(bond.key for bond in felt if not any(bond in drawing.bonds for drawing in drawings)),
    )


def _holds(tie: Tie) -> bool:
    """Whether it says where two people stand in a tree. A friend, a neighbour or a carer stands beside it."""
    return is_parent(tie) or (not tie.ended and (tie.kind in SIBLINGS or tie.kind in BELOW)) or tie.kind in COUPLES


def _drawings(kin: Kin, bonds: list[Bond]) -> tuple[list[Drawing], frozenset[int]]:
    """Each tree, settled, with those ties as links of their own that no other line says."""
    drawings, implied = [], set()
    for row_of in generations(kin) if kin.people else ():
        tree = Tree(kin, row_of)
        tree.settle()
        told = {key for union in tree.unions for child in union.children for key in child.ties}
        told |= {key for couple in kin.couples.values() if tree.stand_beside(*couple.pair) for key in couple.ties}
        rest = [tie for tie in kin.ties if tie.one in row_of and tie.key not in told and tie.other in row_of]
        said = {tie.key for tie in rest if kin.is_implied(tie)}
        bars = {line.ties[0] for line in Drawing(tree, []).lines() if line.kind == "twins"}
        implied |= said - bars
        within = [bond for bond in bonds if bond.one in row_of and bond.other in row_of]
        drawings.append(Drawing(tree, [tie for tie in rest if tie.key not in said | bars], within))
    return drawings, frozenset(implied)


def _beside_each_other(
    drawings: list[Drawing],
) -> tuple[dict[int, Spot], list[Line], list[Line], list[tuple[Point, ...]], Point]:
    spots: dict[int, Spot] = {}
    lines: list[Line] = []
    bonds: list[Line] = []
    homes: list[tuple[Point, ...]] = []
    x, height = MARGIN + COLUMN / 2, 0.0
    for drawing in drawings:
        for key in drawing.tree.row_of:
            place = _moved(drawing.spot(key), x)
            spots[key] = Spot(key, place.x, place.y)
        lines += [_line_moved(line, x) for line in drawing.lines()]
        bonds += [_line_moved(line, x) for line in drawing.bond_lines()]
        homes += [tuple(_moved(point, x) for point in home) for home in drawing.homes()]
        x += drawing.width
        height = max(height, drawing.height)
    return spots, lines, bonds, homes, Point(max(x - MARGIN - COLUMN / 2, COLUMN), height)


def _between_trees(kin: Kin, drawings: list[Drawing], spots: dict[int, Spot]) -> list[Line]:
    """A friend or a carer may join two who are of no one tree."""
    tree = {key: number for number, drawing in enumerate(drawings) for key in drawing.tree.row_of}
    places = {key: Point(spot.x, spot.y) for key, spot in spots.items()}
    apart = [tie for tie in kin.ties if tree[tie.one] != tree[tie.other]]
    return [link(tie, places[tie.one], places[tie.other]) for tie in apart]


def _moved(point: Point, x: float) -> Point:
    return Point(round(point.x + x, 1), round(point.y + MARGIN, 1))


def _line_moved(line: Line, x: float) -> Line:
    mark = _moved(line.mark, x) if line.mark else None
    return replace(line, points=tuple(_moved(point, x) for point in line.points), mark=mark)


def _notes(known: list[Tie], in_tree: set[int]) -> dict[int, tuple[int, ...]]:
    """What joins whoever stands apart to others, under their own name: under one of the two, if both do."""
    notes = defaultdict(list)
    for tie in known:
        if not {tie.one, tie.other} <= in_tree:
            notes[tie.one if tie.one not in in_tree else tie.other].append(tie.key)
            if tie.one not in in_tree and tie.other not in in_tree:
                notes[tie.other] += []
    return {key: tuple(ties) for key, ties in notes.items()}


def _apart(
    spots: dict[int, Spot], humans: list[Human], notes: dict[int, tuple[int, ...]], size: Point
) -> tuple[Point, float | None]:
    """In rows under the trees; answers how large the picture has become, and where their heading stands."""
    if not humans:
        return size, None
    across = max(APART, int(size.x // WIDE))
    top = size.y + (BAND if size.y else 0)
    said = max((2 * len(notes.get(human.key, ())) for human in humans), default=0)
    deep = SYMBOL + LABEL + min(said, MOST_NOTES) * WORDS
    for number, human in enumerate(humans):
        x = MARGIN + WIDE / 2 + (number % across) * WIDE
        y = MARGIN + top + BAND + HALF + (number // across) * deep
        spots[human.key] = Spot(human.key, round(x, 1), round(y, 1), notes.get(human.key, ()))
    rows = -(-len(humans) // across)
    return Point(max(size.x, min(len(humans), across) * WIDE), top + BAND + rows * deep), MARGIN + top + 12


def _alone(spot: Spot) -> tuple[Point, ...]:
    top, bottom = spot.y - HALF - 12, spot.y + HALF + LABEL + 2
    return (
        Point(spot.x + SIDE, top), Point(spot.x + SIDE, bottom), Point(spot.x - SIDE, bottom), Point(spot.x - SIDE, top),
    )  # fmt: skip
