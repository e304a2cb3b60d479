"""A family's genogram from its record: who is drawn, what each line says, and the same in words.

Who lives in the household comes from the membership alone, never from an address: a protected address has no part in it.
Nobody is drawn whom the reader may not see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from earlyhelp.core import dates
from earlyhelp.families import genogram
from earlyhelp.families.enums import FamilyRole, Sex
from earlyhelp.families.genogram import Human, Line, Picture, Point, Spot, Tie, layout
from earlyhelp.families.genogram.bonds import cut, zigzag
from earlyhelp.families.kin import bonds_seen, losses_seen
from earlyhelp.families.models import Bond, Family, FamilyMembership, Person, PregnancyLoss, Relationship
from earlyhelp.families.queries import ties_seen
from earlyhelp.families.wrapping import wrapped

NAME_LETTERS, NOTE_LETTERS = 15, 24  # that a name, and a note beneath one, are wide
NOTE_ROWS = 4
LETTER_WIDE, ROW_HIGH = 7, 18  # of the words beneath the picture
SHAPES = {Sex.MALE: "male", Sex.FEMALE: "female"}
LETTER = {"adopted": "A", "foster": "F"}


@dataclass(frozen=True)
class Figure:
    """One person of the picture."""

    person: Person
    spot: Spot
    shape: str
    inside: str  # the age; at death, if they have died
    name: list[str]
    beneath: str
    at_home: bool
    is_focus: bool
    note_rows: list[str]
    words: str


@dataclass(frozen=True)
class Lost:
    """A pregnancy that ended: a small sign, and no person."""

    loss: PregnancyLoss
    spot: Spot
    name: list[str]
    beneath: str
    words: str

    @property
    def shape(self) -> str:
        return SHAPES.get(Sex(self.loss.sex), "other") if self.loss.is_stillbirth else "early"


@dataclass(frozen=True)
class Felt:
    """The line of how two people get on: as paths, and in words."""

    line: Line
    words: str

    @property
    def paths(self) -> list[str]:
        if self.line.how == "conflict":
            return [_path(zigzag(self.line.points))]
        if self.line.how == "cut_off":
            parts, bars = cut(self.line.points)
            return [_path(each) for each in (*parts, *bars)]
        return [_path(self.line.points)]


@dataclass(frozen=True)
class Stroke:
    """One line of the picture with what it says in words."""

    line: Line
    words: str
    label: str = ""

    @property
    def path(self) -> str:
        return _path(self.line.points, "Q" if self.line.kind == "link" else "L")


@dataclass(frozen=True)
class Genogram:
    """``members`` are those who are in the family now, ``ties`` the relationships that the reader may see.

    A loss has its place as a child has, under a key below nothing, so that it is nobody's; its two ties likewise.
    """

    members: dict[int, FamilyMembership]
    ties: list[Relationship]
    today: date
    is_case: bool
    losses: list[PregnancyLoss] = field(default_factory=list)
    bonds: list[Bond] = field(default_factory=list)

    @cached_property
    def people(self) -> dict[int, Person]:
        people = {key: member.person for key, member in self.members.items()}
        for tie in self.ties:
            people |= {tie.person_id: tie.person, tie.other_id: tie.other}
        return people

    @cached_property
    def picture(self) -> Picture:
        ties = [
            Tie(tie.pk, tie.person_id, tie.other_id, str(tie.stands_as), tie.ended_on is not None) for tie in self.ties
        ]
        ties += [tie for loss in self.losses for tie in self._ties_of(loss)]
        humans = [self._human(person) for person in self.people.values()] + [_lost(loss) for loss in self.losses]
        bonds = [genogram.Bond(bond.pk, bond.person_id, bond.other_id, bond.kind) for bond in self.bonds]
        return layout(humans, ties, bonds)

    def _ties_of(self, loss: PregnancyLoss) -> list[Tie]:
        ties = [Tie(-2 * loss.pk, loss.mother_id, -loss.pk, "parent")]
        if loss.father_id in self.people:
            ties.append(Tie(-2 * loss.pk - 1, loss.father_id, -loss.pk, "parent"))
        return ties

    def _human(self, person: Person) -> Human:
        rows = len(wrapped(person.name, NAME_LETTERS, 2)) + bool(beneath(person))
        return Human(person.pk, shape_of(person), person.born_on or person.expected_on, self.at_home(person), rows)

    def at_home(self, person: Person) -> bool:
        return person.pk in self.members and self.members[person.pk].lives_in_household

    def is_focus(self, person: Person) -> bool:
        """The children of a family with an open case: whom it is about."""
        return self.is_case and person.pk in self.members and self.members[person.pk].role == FamilyRole.CHILD

    # --- what is drawn ---------------------------------------------------------------------------------------------------

    @cached_property
    def figures(self) -> list[Figure]:
        """From the top, and in each row from the left: the order in which the keyboard goes through them."""
        spots = sorted(self.picture.spots.values(), key=lambda spot: (spot.y, spot.x))
        return [self._figure(self.people[spot.key], spot) for spot in spots if spot.key in self.people]

    @cached_property
    def lost(self) -> list[Lost]:
        spots = self.picture.spots
        return [
            Lost(loss, spots[-loss.pk], wrapped(loss.name, NAME_LETTERS, 2), _when(loss), self.said_of_loss(loss))
            for loss in self.losses
        ]

    @cached_property
    def felt(self) -> list[Felt]:
        by_key = {bond.pk: bond for bond in self.bonds}
        return [Felt(line, self.said_of_bond(by_key[line.ties[0]])) for line in self.picture.bonds]

    @cached_property
    def untold_rows(self) -> list[str]:
        """Of two who stand far apart the picture says in words how they get on."""
        said = [self.said_of_bond(bond) for bond in self.bonds if bond.pk in self.picture.untold]
        return [row for each in said for row in wrapped(each, int(self.picture.width / LETTER_WIDE) - 8, 3)]

    @property
    def height(self) -> float:
        rows = len(self.untold_rows)
        return self.picture.height + ((rows + 1) * ROW_HIGH if rows else 0)

    def _figure(self, person: Person, spot: Spot) -> Figure:
        notes = [f"{tie.seen_from(person)} {self._beyond(tie, person).name}{tie.until}" for tie in self._told_at(spot)]
        return Figure(
            person=person,
            spot=spot,
            shape=shape_of(person),
            inside=self._inside(person),
            name=wrapped(person.name, NAME_LETTERS, 2),
            beneath=beneath(person),
            at_home=self.at_home(person),
            is_focus=self.is_focus(person),
            note_rows=[row for note in notes for row in wrapped(note[:1].upper() + note[1:], NOTE_LETTERS, 2)][
                :NOTE_ROWS
            ],
            words=". ".join([f"{person.name}, {self.said_of(person)}", *(tie.sentence for tie in self._of[person.pk])]),
        )

    def _told_at(self, spot: Spot) -> list[Relationship]:
        return [tie for tie in self.ties if tie.pk in spot.notes]

    @staticmethod
    def _beyond(tie: Relationship, person: Person) -> Person:
        return tie.other if tie.person_id == person.pk else tie.person

    def _inside(self, person: Person) -> str:
        if person.expected_on:
            return ""
        if not person.born_on:
            return "?"
        age = person.age_on(person.died_on or self.today)
        return "0" if "month" in age else age

    @cached_property
    def _of(self) -> dict[int, list[Relationship]]:
        found = defaultdict(list)
        for tie in self.ties:
            found[tie.person_id].append(tie)
            found[tie.other_id].append(tie)
        return found

    @cached_property
    def strokes(self) -> list[Stroke]:
        by_key = {tie.pk: tie for tie in self.ties}
        return [self._stroke(line, [by_key[key] for key in line.ties if key in by_key]) for line in self.picture.lines]

    def _stroke(self, line: Line, ties: list[Relationship]) -> Stroke:
        label = LETTER.get(line.how, "") if line.kind == "child" else ""
        if line.kind == "link" and ties:
            label = (
                ties[0].stands_as.label.removesuffix(" of").removesuffix(" to").removesuffix(" with") + ties[0].until
            )
        return Stroke(line, ". ".join(tie.sentence for tie in ties), label)

    # --- the same in words -----------------------------------------------------------------------------------------------

    def said_of(self, person: Person) -> str:
        """Everything that the sign of a person says, but for their name."""
        parts = [SEX_SAID[shape_of(person)], self._age_said(person)]
        parts += ["lives in the household"] * self.at_home(person)
        parts += ["the case is about them"] * self.is_focus(person)
        return ", ".join(filter(None, parts))

    def _age_said(self, person: Person) -> str:
        if person.died_on:
            age = person.age_on(person.died_on)
            aged = f" aged {age}" if age and person.born_on else ""
            return f"died {dates.day(person.died_on)}{aged}"
        if person.expected_on:
            return person.expected
        return f"aged {person.age_on(self.today)}" if person.born_on else "age not known"

    def said_of_loss(self, loss: PregnancyLoss) -> str:
        """With its mother; with its father too where he is drawn."""
        father = f" and {self.people[loss.father_id].name}" if loss.father_id in self.people else ""
        return f"{loss.told}: {'child ' if loss.is_stillbirth else ''}of {loss.mother.name}{father}"

    def said_of_bond(self, bond: Bond) -> str:
        """Who said so is named where they are drawn: nobody else is shown here."""
        if bond.said_by_id and bond.said_by_id not in self.people:
            return bond.as_seen_by("somebody who is not shown here")
        return bond.sentence

    def is_among(self, bond: Bond) -> bool:
        """Whether both are in the family now: its record says so, and whoever keeps it may change that."""
        return {bond.person_id, bond.other_id} <= self.members.keys()

    @cached_property
    def sentences(self) -> list[str]:
        """Each tie once, who are twins, and who was lost; in the order in which they were written down."""
        return [*(tie.sentence for tie in self.ties), *self._twins(), *map(self.said_of_loss, self.losses)]

    def _twins(self) -> list[str]:
        together = defaultdict(list)
        lost = {-loss.pk: loss for loss in self.losses}
        for line in self.picture.lines:
            if line.kind == "child":
                (key,) = line.who
                name, day = (
                    (lost[key].name or "a child who was stillborn", lost[key].ended_on)
                    if key in lost
                    else (self.people[key].name, self.people[key].born_on)
                )
                together[line.points[0], day].append(name)
        born_together = {2: "twins", 3: "triplets"}
        return [
            f"{', '.join(names[:-1])} and {names[-1]} are {born_together.get(len(names), 'of one birth')}"
            for names in together.values()
            if len(names) > 1
        ]


SEX_SAID = {"male": "male", "female": "female", "unborn": "not born yet", "other": ""}


def genogram_of(family: Family, user: Any, *, today: date, is_case: bool, feelings: bool = True) -> Genogram:
    """Four queries, however many people: those who are in the family now, whom they are related to in the reader's sight, whom
    they lost, and how they get on.
    """
    rows = family.memberships.current().select_related("person").order_by("person__born_on", "pk")
    members = {row.person_id: row for row in rows}
    ties = ties_seen(user, people=list(members))
    plain = Genogram(members, ties, today, is_case)
    drawn = list(plain.people)
    return replace(
        plain, losses=losses_seen(user, people=drawn), bonds=bonds_seen(user, people=drawn) if feelings else []
    )


def _lost(loss: PregnancyLoss) -> Human:
    """Where it stands among brothers and sisters. Only who were stillborn on one day are of one birth."""
    born = loss.ended_on or (date(loss.ended_year, 12, 31) if loss.ended_year else None)
    rows = len(wrapped(loss.name, NAME_LETTERS, 2)) + bool(_when(loss))
    is_alone = not (loss.is_stillbirth and loss.ended_on)
    return Human(-loss.pk, "other", born, rows=rows, is_lost=True, is_alone=is_alone)


def _when(loss: PregnancyLoss) -> str:
    year = loss.ended_on.year if loss.ended_on else loss.ended_year
    return str(year) if year else ""


def _path(points: Sequence[Point], curve: str = "L") -> str:
    first, *others = (f"{point.x:g} {point.y:g}" for point in points)
    return f"M{first}{curve}{' '.join(others)}"


def shape_of(person: Person) -> str:
    return "unborn" if person.expected_on else SHAPES.get(Sex(person.sex), "other")


def beneath(person: Person) -> str:
    """The last line under the symbol: what neither its form nor the age in it says."""
    if person.died_on:
        return f"died {person.died_on.year}"
    return f"due {person.expected_on:%B %Y}" if person.expected_on else ""
