"""What goes in and what comes out. All measures are units of the drawing, which the page scales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

SIDE = 51  # from a person to the outline of the household
COLUMN = 120  # from one person to the next
SYMBOL = 44  # the side of a square, the width of a circle
WORDS = 15  # one row of words
LABEL = 50  # the name and what stands below it, under the symbol
TRACK = 14  # between two lines that run side by side
DROP = 58  # from the label of a parent to the head of a child, where one line runs between them
HEADROOM = 34  # above a row, where lines run over the heads
MARGIN = 36
LANE = 11  # between two lines of how people get on
CLEAR = 8  # from what is written to such a line

BIRTH, ADOPTED, FOSTERED = "birth", "adopted", "foster"
MANNERS = {
    "parent": BIRTH,
    "adoptive_parent": ADOPTED,
    "foster_carer": FOSTERED,
    "private_foster_carer": FOSTERED,
}
# Of two people the first of these that is said of them is drawn: what is now before what was.
COUPLES = {"spouse": "married", "partner": "together", "former_spouse": "divorced", "former_partner": "separated"}
NOW = ("married", "together")
UNSAID = "unsaid"  # two parents of whom nobody has said what they are to each other
SIBLINGS = ("sibling", "half_sibling", "identical_twin")
# How many generations the second stands below the first, where that says something of where they stand.
BELOW = {"step_parent": 1, "grandparent": 2, "great_grandparent": 3, "aunt_uncle": 1, "cousin": 0, "step_sibling": 0}


@dataclass(frozen=True)
class Human:
    key: int
    shape: str = "other"  # male, female, other, unborn
    born: date | None = None  # or expected: brothers and sisters stand eldest first
    at_home: bool = False
    rows: int = 3  # of words beneath the symbol, of at most three
    is_lost: bool = False  # before birth: it lives nowhere, and stands in the household where those on both sides do
    is_alone: bool = False  # of one birth with nobody, whatever its day


@dataclass(frozen=True)
class Tie:
    """``kind`` is one of ``enums.RelationshipKind``; of a couple that has parted, as it stands now."""

    key: int
    one: int
    other: int
    kind: str
    ended: bool = False


@dataclass(frozen=True)
class Bond:
    """How two people get on; ``kind`` is one of ``enums.BondKind``."""

    key: int
    one: int
    other: int
    kind: str


class Point(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True)
class Spot:
    """The middle of a person's symbol. ``notes``: ties that are told in words beneath the name, not drawn."""

    key: int
    x: float
    y: float
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """``kind``: couple, descent, child, twins, link or bond; ``how``: of a couple, a child and a bond. ``ties``: what it says."""

    kind: str
    points: tuple[Point, ...]
    ties: tuple[int, ...] = ()
    how: str = ""
    who: tuple[int, ...] = ()  # of a child, whose line it is
    mark: Point | None = None  # where the slashes of a parting, the letter of a child or the words of a link stand


@dataclass(frozen=True)
class Picture:
    width: float
    height: float
    spots: dict[int, Spot]
    lines: tuple[Line, ...]
    homes: tuple[tuple[Point, ...], ...]  # corners of what is drawn around the household
    implied: frozenset[int]  # ties that the lines of others say already: a grandparent through a parent
    friends_at: float | None = None  # where those begin who are not of the family tree
    unlinked_at: float | None = None  # where those begin of whom nobody has said who they are
    bonds: tuple[Line, ...] = ()  # how two get on; ``ties`` holds the bond
    untold: tuple[int, ...] = ()  # bonds of two who stand in no one tree: said in words, for no line would be short
