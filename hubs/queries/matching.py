"""What a family needs of whoever leads, and what each worker brings: near, known, understood, wished for, and there.

Nobody is asked for any of it: it is read off the record. Which language needs an interpreter, how old the children are,
who was on a team of this family before, where posts are held, and who is away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.text import capfirst

from earlyhelp.cases.enums import CaseKind
from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.core.dates import day
from earlyhelp.core.words import within
from earlyhelp.families.enums import FamilyRole
from earlyhelp.families.models import FamilyMembership
from earlyhelp.partnership.enums import Skill
from earlyhelp.partnership.models import Leave, Post, User

SOON, LONG = timedelta(days=28), 10  # whoever is away for ten of the next 28 days could not begin with a family
ELSEWHERE = 9  # further than any area around a place


@dataclass(frozen=True)
class Asked:
    """A family for whom a lead is sought, at a tier, and whom they said they would like, or would rather not have.

    ``from_on``: the day from which somebody else has to lead, where that is not today.
    """

    case: Case
    tier: int
    liked: int | None = None
    avoided: int | None = None
    from_on: date | None = None


@dataclass(frozen=True)
class Need:
    """What a family needs of whoever leads."""

    languages: tuple[str, ...] = ()
    skills: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        spoken = [f"an interpreter for {language}" for language in self.languages]
        return "; ".join([*spoken, *(within(Skill(each).label) for each in sorted(self.skills))])


@dataclass(frozen=True)
class Brought:
    """What one worker brings to one family."""

    distance: int = ELSEWHERE
    where: str = ""
    knows: bool = False
    speaks: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    liked: bool = False
    avoided: bool = False
    away: str = ""
    back: str = ""
    leave: str = ""
    need: Need = field(default_factory=Need)

    @property
    def reasons(self) -> list[str]:
        """What speaks for them besides having room, the weightiest first."""
        said = [
            (self.liked, "the family would like them"),
            (bool(self.speaks), f"speaks {' and '.join(self.speaks)}"),
            (self.knows, "worked with this family before"),
        ]
        return [words for true, words in said if true]

    @property
    def lines(self) -> list[str]:
        """All of it, line by line, as it stands beside the others’; whom the family would rather not have is said louder."""
        said = [
            "the family would like them" if self.liked else "",
            "worked with this family before" if self.knows else "",
            *(f"speaks {each}" for each in self.speaks),
            *(f"needs an interpreter for {each}" for each in self.lacks),
            self.where,
            f"good with {', '.join(self.skills)}" if self.skills else "",
            self.away or self.leave,
        ]
        return [capfirst(each) for each in said if each]


@dataclass(frozen=True)
class Place:
    """An area in which somebody holds a post."""

    name: str
    lineage: tuple[int, ...]

    def distance_to(self, case: Case) -> int:
        """0 in the family’s own area or inside it, then how many areas around it; far if it is another one."""
        area, around = self.lineage[-1], case.area.lineage
        if case.area_id in self.lineage:
            return 0
        return len(around) - 1 - around.index(area) if area in around else ELSEWHERE


@dataclass(frozen=True)
class Facts:
    """All that was read about some workers and some families."""

    today: date
    known: frozenset[tuple[int, int]] = frozenset()  # of a person and a case
    places: dict[int, list[Place]] = field(default_factory=dict)
    leave: dict[int, list[Leave]] = field(default_factory=dict)
    needs: dict[int, Need] = field(default_factory=dict)  # by family

    def need(self, case: Case) -> Need:
        return self.needs.get(case.family_id, Need())

    def brought(self, worker: User, asked: Asked) -> Brought:
        need, spoken = self.need(asked.case), {language.casefold() for language in worker.languages}
        distance, where = self._near(worker, asked.case)
        away = self._away(worker, max(self.today, asked.from_on or self.today))
        return Brought(
            distance=distance,
            where=where,
            knows=(worker.pk, asked.case.pk) in self.known,
            speaks=tuple(each for each in need.languages if each.casefold() in spoken),
            lacks=tuple(each for each in need.languages if each.casefold() not in spoken),
            skills=tuple(within(Skill(each).label) for each in worker.skills if each in need.skills),
            liked=worker.pk == asked.liked,
            avoided=worker.pk == asked.avoided,
            away=away,
            back="" if away else self._back(worker),
            leave=self._leave(worker),
            need=need,
        )

    def _near(self, worker: User, case: Case) -> tuple[int, str]:
        places = self.places.get(worker.pk, [])
        if not places:
            return ELSEWHERE, "through their agency"
        nearest = min(places, key=lambda place: (place.distance_to(case), place.name))
        distance = nearest.distance_to(case)
        if distance == 0:
            return 0, f"works in {nearest.name}, the family’s own area"
        return (
            distance,
            f"works across {nearest.name}" if distance < ELSEWHERE else f"works elsewhere, in {nearest.name}",
        )

    def _away(self, worker: User, on: date) -> str:
        """Why they could not begin on this day: away then, or for most of the weeks after it."""
        planned = self.leave.get(worker.pk, [])
        if then := next((each for each in planned if each.from_on <= on <= each.until_on), None):
            return f"away until {day(then.until_on)}"
        days = sum(each.days_between(on, on + SOON) for each in planned)
        coming = "next" if on == self.today else "first"
        return f"away for {days} of the {coming} {SOON.days} days" if days >= LONG else ""

    def _back(self, worker: User) -> str:
        """Of somebody who can begin when they are needed, and is not here today."""
        now = next((each for each in self.leave.get(worker.pk, []) if each.from_on <= self.today), None)
        return f"away until {day(now.until_on)}, and back in time" if now else ""

    def _leave(self, worker: User) -> str:
        planned = self.leave.get(worker.pk, [])
        return "; ".join(f"away from {day(each.from_on)} to {day(each.until_on)}" for each in planned)


def gathered(ids: Sequence[int], families: Sequence[Asked], *, now: datetime) -> Facts:
    """Four queries, however many workers and families."""
    today = timezone.localdate(now)
    cases = [asked.case for asked in families]
    last = max((asked.from_on for asked in families if asked.from_on), default=today)
    return Facts(
        today=today,
        known=frozenset(_known(ids, cases)),
        places=_places(ids),
        leave=_leave(ids, today, max(today, last) + SOON),
        needs=needs_of(cases, today=today),
    )


def _known(ids: Sequence[int], cases: Sequence[Case]) -> set[tuple[int, int]]:
    """Who was on a team of the family in an earlier episode; of a restricted one only where this one is restricted too."""
    rows = _BEFORE(None, ids=list(ids), families=[case.family_id for case in cases])
    return {
        (person, case.pk)
        for person, family, before, restricted, ended in rows
        for case in cases
        if case.family_id == family and (before != case.pk or ended) and restricted in (False, case.restricted)
    }


@PlannedOnce
def _BEFORE(user: None, ids: Any, families: Any) -> Any:
    before = TeamMember.objects.filter(case__family__in=families, user__in=ids).annotate(
        of=F("case__family"), hidden=F("case__restricted")
    )
    return before.order_by().values_list("user", "of", "case", "hidden", "until_at")


def _places(ids: Sequence[int]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = defaultdict(list)
    for person, name, lineage in _POSTS(None, ids=list(ids)):
        found[person].append(Place(name, tuple(lineage)))
    return found


@PlannedOnce
def _POSTS(user: None, ids: Any) -> Any:
    held = Post.objects.current().filter(user__in=ids)
    return held.order_by("area__name").values_list("user", "area__name", "area__lineage")


def _leave(ids: Sequence[int], today: date, last: date) -> dict[int, list[Leave]]:
    found: dict[int, list[Leave]] = defaultdict(list)
    for leave in _LEAVE(None, ids=list(ids), today=today, last=last):
        found[leave.person_id].append(leave)
    return found


@PlannedOnce
def _LEAVE(user: None, ids: Any, today: Any, last: Any) -> Any:
    return Leave.objects.between(today, last).filter(person__in=ids).order_by("from_on", "pk")


def needs_of(cases: Sequence[Case], *, today: date) -> dict[int, Need]:
    """By family. Whoever lives elsewhere is not who the lead mostly speaks with."""
    at_home: dict[int, list[Any]] = defaultdict(list)
    for member in _AT_HOME(None, families=[case.family_id for case in cases]):
        at_home[member.family_id].append(member)
    return {case.family_id: _need(case, at_home[case.family_id], today) for case in cases}


@PlannedOnce
def _AT_HOME(user: None, families: Any) -> Any:
    members = FamilyMembership.objects.current().filter(family__in=families, lives_in_household=True)
    return members.select_related("person").order_by("pk")


def _need(case: Case, members: list[Any], today: date) -> Need:
    spoken = [each.person.language for each in members if each.person.interpreter and each.person.language]
    ages = [_age(each.person, today) for each in members if each.role == FamilyRole.CHILD]
    skills = {
        Skill.UNDER_FIVES: any(age is not None and age < 5 for age in ages),
        Skill.TEENAGERS: any(age is not None and 13 <= age < 18 for age in ages),
        Skill.ADULTS: case.kind == CaseKind.ADULT,
    }
    return Need(tuple(dict.fromkeys(spoken)), frozenset(each.value for each, wanted in skills.items() if wanted))


def _age(person: Any, today: date) -> int | None:
    """In years; 0 for a child not born yet."""
    if person.born_on is None:
        return 0 if person.expected_on else None
    return today.year - person.born_on.year - ((today.month, today.day) < (person.born_on.month, person.born_on.day))
