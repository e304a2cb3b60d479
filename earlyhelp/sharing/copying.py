"""A copy as it would be made now: who its reader is, what goes to them, and the digest by which a second person approves it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from earlyhelp.core import dates
from earlyhelp.core.documents import Paper, Section
from earlyhelp.core.sealing import unseal
from earlyhelp.families.enums import FORMER
from earlyhelp.families.models import Address, Family, Person, Relationship
from earlyhelp.families.secrets import secrets_of
from earlyhelp.sharing.enums import DECIDES_FROM
from earlyhelp.sharing.models import Conflict, RecipientCopy
from earlyhelp.sharing.passages import DOCUMENTS
from earlyhelp.sharing.queries import can_share, current_people
from earlyhelp.sharing.selecting import Choice, Reader, choose, stands_in


@dataclass(frozen=True)
class Prepared:
    choices: list[Choice]
    subjects: frozenset[int]
    in_conflict: bool
    said: str  # the content as it is sealed
    people: frozenset[int]  # of the family now
    limits: list[tuple[str, str]]  # (whose, what they do not want told), in their own words
    in_the_way: list[tuple[str, str, int]]  # (whose yes is lacking, why, of how many parts)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.said.encode()).hexdigest()

    @property
    def goes(self) -> list[Choice]:
        return [each for each in self.choices if each.goes]


def prepare(copy: RecipientCopy, *, now: datetime) -> Prepared:
    people = current_people(copy.family)
    pairs = conflicts(copy.family)
    reader = reader_of(copy, people, pairs, now=now)
    choices = choose(DOCUMENTS[copy.document].passages(copy.family), reader, copy.left_out)
    everybody = frozenset(person.pk for person in people)
    subjects = frozenset().union(*(each.passage.subjects or everybody for each in choices if each.goes))
    limits = [(reader.people[pk], answer.limits) for pk, answer in reader.answers.items() if answer.limits]
    return Prepared(
        choices, subjects, bool(pairs), _as_text(copy, choices), everybody, limits, _in_the_way(choices, reader)
    )


def _in_the_way(choices: list[Choice], reader: Reader) -> list[tuple[str, str, int]]:
    """So that whoever makes it knows whom to ask: the one of whom the most waits first."""
    waiting = Counter(pk for each in choices for pk in each.waits_for)
    return [
        (reader.people[pk], reader.answers[pk].why, parts) for pk, parts in waiting.most_common() if pk in reader.people
    ]


def _as_text(copy: RecipientCopy, choices: list[Choice]) -> str:
    told = [[each.passage.key, each.passage.heading, each.passage.text] for each in choices if each.goes]
    return json.dumps({"document": copy.document, "recipient": copy.recipient, "passages": told}, ensure_ascii=False)


def conflicts(family: Family) -> set[frozenset[int]]:
    """Pairs of whom it is written down; and former partners of whom one has a protected address."""
    here = family.memberships.current().values("person")
    written: Any = Conflict.objects.filter(family=family, ended_at=None).values_list("one", "other")
    hidden = Address.objects.filter(person__in=here, until_on=None, protected=True).values("person")
    couples = Q(kind__in=[*FORMER, *FORMER.values()])  # one who hides, and whoever they may hide from
    parted: Any = Relationship.objects.standing().filter(couples, person__in=here, other__in=here)
    parted = parted.filter(Q(person__in=hidden) | Q(other__in=hidden)).values_list("person", "other")
    return {frozenset((one, other)) for one, other in (*written, *parted)}


def reader_of(copy: RecipientCopy, people: list[Person], pairs: set[frozenset[int]], *, now: datetime) -> Reader:
    names = {person.pk: person.name for person in people}
    secrets = secrets_of([copy.family_id])
    if copy.agency is not None:
        answers = {person.pk: can_share(person, copy.agency, copy.purpose, now=now) for person in people}
        return Reader(agency=copy.agency_id, people=names, answers=answers, secrets=secrets)
    opposed = {pk for pair in pairs if copy.person_id in pair for pk in pair} - {copy.person_id}
    ties: Any = Relationship.objects.responsible().filter(person=copy.person)
    held = list(ties.values_list("other", "other__last_name", "other__born_on"))
    shared = {copy.person.last_name, *(surname for _, surname, _ in held)} if copy.person else set()
    called = {person.pk: _called(person, shared) for person in Person.objects.filter(pk__in=opposed)}
    responsible_for = frozenset(child for child, _, born_on in held if not _decides(born_on, now))
    return Reader(copy.person_id, None, responsible_for, called, names, secrets=secrets)


def _decides(born_on: date | None, now: datetime) -> bool:
    """From sixteen on they say themselves who reads of them, and no parent is given it in their place (domain.md 16)."""
    return born_on is not None and dates.years_old(born_on, timezone.localdate(now)) >= DECIDES_FROM


def _called(person: Person, shared: Iterable[str]) -> tuple[str, ...]:
    """By which names they are known in a text. A surname that the reader or their child bears too says of nobody who it is."""
    own = () if any(stands_in(person.last_name, each) for each in shared) else (person.last_name,)
    return (person.first_name, person.known_as, *own)


def paper_of(copy: RecipientCopy) -> Paper:
    """As it was sealed. Raises ``Unsealable`` if it was altered, or belongs to another copy."""
    sealed: Any = copy.sealed  # there, if it is made: the database sees to it
    made_at: Any = copy.made_at
    return _paper(copy, unseal(sealed, bound_to=copy.binding), f"Copy {copy.pk}, made on {dates.moment(made_at)}")


def preview_of(copy: RecipientCopy, prepared: Prepared) -> Paper:
    return _paper(copy, prepared.said, "Not made yet: not for handing out")


def _paper(copy: RecipientCopy, said: str, made: str) -> Paper:
    told: list[Any] = json.loads(said)["passages"]
    return Paper(
        title=DOCUMENTS[copy.document].label,
        reference="",
        marking=f"CONFIDENTIAL. A copy for {copy.recipient}, and for nobody else.",
        made=made,
        sections=[Section(heading, text=text) for _, heading, text in told] or [Section("Nothing", nothing=NOTHING)],
    )


NOTHING = "There is nothing in this document that may be given to you."
