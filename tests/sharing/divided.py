"""Families in which two adults conflict, by the hundred: each says of every passage who may have it, in words of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from assessments.models import Goal, Plan
from earlyhelp.families.enums import RelationshipKind
from earlyhelp.families.models import Family, Relationship
from earlyhelp.families.services import add_event
from earlyhelp.sharing import transitions
from earlyhelp.sharing.copying import paper_of, prepare
from earlyhelp.sharing.services import begin_copy, record_conflict, record_wish
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, PersonFactory, secret_home

NAMES = ("Ash", "Blair", "Casey", "Drew")
SURNAMES = ("Orme", "Price", "O’Hara", "Vale-Smith")
DOCUMENTS = ("chronology", "plan")
LATER = MONDAY + timedelta(days=1)


@dataclass
class Divided:
    """``may``: for each canary, the readers (people, and «agency») who may have it."""

    family: Family
    people: dict[str, Any]
    may: dict[str, set[str]] = field(default_factory=dict)
    allowed: set[str] = field(default_factory=set)  # whom the agency may be told of
    responsible: set[str] = field(default_factory=set)


def divided(dice: Random, number: int, *, worker: Any, agency: Any) -> Divided:
    family = FamilyFactory(area=worker.team.area, name=f"Divided{number}")
    case = CaseFactory.led_by(worker, area=family.area, family=family)
    found = Divided(family, _people(family, dice))
    _set_apart(found, dice, number, worker)
    _wishes(found, dice, worker, agency)
    _happened(found, dice, number, worker)
    _planned(found, dice, number, case)
    return found


def _people(family: Family, dice: Random) -> dict[str, Any]:
    one, other = dice.sample(NAMES, 2)
    born = {"one": "1990-04-03", "other": "1988-01-09", "child": "2015-05-20", "gran": "1955-02-01"}
    named = {"one": one, "other": other, "child": "Pip", "gran": "Maureen"}
    last = _surnames(dice)
    people = {who: PersonFactory(first_name=named[who], last_name=last[who], born_on=born[who]) for who in named}
    for who, person in people.items():
        MemberFactory(family=family, person=person, role={"child": "child", "gran": "relative"}.get(who, "parent"))
    return people


def _surnames(dice: Random) -> dict[str, str]:
    """Some share one, some do not; the child bears that of either."""
    one, other = dice.sample(SURNAMES, 2) if dice.random() < 0.7 else [dice.choice(SURNAMES)] * 2
    return {"one": one, "other": other, "child": dice.choice([one, other]), "gran": other}


def _set_apart(found: Divided, dice: Random, number: int, worker: Any) -> None:
    one, other, child = found.people["one"], found.people["other"], found.people["child"]
    found.responsible = {"one"} | ({"other"} if dice.random() < 0.5 else set())
    for who in sorted(found.responsible):
        Relationship.objects.create(person=found.people[who], other=child, kind="parent", parental_responsibility=True)
    secret_home(one, line_1=f"{number} Hidden Lane", postcode="LE9 9ZZ")
    if dice.random() < 0.5:
        Relationship.objects.create(person=other, other=one, kind=RelationshipKind.FORMER_PARTNER)
    else:
        record_conflict(found.family, one=one, other=other, reason="He looked for her.", by=worker, now=MONDAY)


def _wishes(found: Divided, dice: Random, worker: Any, agency: Any) -> None:
    said = {"whom": "agency", "agency": agency, "how": "phone", "by": worker, "now": MONDAY}
    for who in ("one", "other", "child", "gran"):
        wish = dice.choice(["given", "given", "refused", "asked"])
        by = {"given_by": "parent", "parent": found.people["one"]} if who == "child" else {"given_by": "person"}
        record_wish(found.people[who], wish=wish, **said, **by)
        found.allowed |= {who} if wish == "given" else set()


def _happened(found: Divided, dice: Random, number: int, worker: Any) -> None:
    for n in range(12):
        text, person = _written(found, dice, number, f"Zq{number}x{n}k")
        add_event(found.family, happened_on="2026-01-05", kind="home", text=text, person=person, by=worker, now=MONDAY)


def _planned(found: Divided, dice: Random, number: int, case: Any) -> None:
    plan = Plan.objects.create(case=case)
    for n in range(6):
        words, whose = _written(found, dice, number, f"Zq{number}p{n}k")
        Goal.objects.create(plan=plan, words=words, whose=whose)


def _written(found: Divided, dice: Random, number: int, canary: str) -> tuple[str, Any]:
    """A text and whom it is about: of some, it names one of those who conflict, or says where somebody is hidden."""
    about = dice.choice(["all", "all", *found.people])
    text, may = canary, _who(found, about, set(found.people))
    if dice.random() < 0.4:
        named = dice.choice(["one", "other"])
        called, by_surname = _as_called(found.people[named], dice)
        text += f": {called} waited at the gate."
        reader = "other" if named == "one" else "one"
        may -= set() if by_surname and _shares_surname(found, named, reader) else {reader}
    if dice.random() < 0.2:
        text, may = f"{text} Write to {number} hidden lane.", set()
    found.may[canary] = may
    return text, None if about == "all" else found.people[about]


def _as_called(person: Any, dice: Random) -> tuple[str, bool]:
    surname = person.last_name
    return dice.choice(
        [
            (person.first_name, False),
            (f"Mr {surname}", True),
            (surname.upper().replace("’", "'"), True),
            (f"the car of {surname}’s mother", True),
        ]
    )


def _shares_surname(found: Divided, named: str, reader: str) -> bool:
    """With the reader, or with a child of theirs: it does not say who of them it is, and the second person reads for it."""
    theirs = {reader} | ({"child"} if reader in found.responsible else set())
    return found.people[named].last_name in {found.people[who].last_name for who in theirs}


def _who(found: Divided, about: str, everybody: set[str]) -> set[str]:
    agency = {"agency"} if (everybody if about == "all" else {about}) <= found.allowed else set()
    if about == "all":  # of two who conflict neither gets what is about both
        return everybody - {"one", "other"} | agency
    return {about} | agency | (found.responsible if about == "child" else set())


def copy_of(found: Divided, document: str, reader: str, *, worker: Any, second: Any, agency: Any) -> set[str]:
    """The canaries in the copy that the reader is given, made as a worker and a second person make it."""
    to = {"agency": agency, "recipient": "Tess"} if reader == "agency" else {"person": found.people[reader]}
    copy = begin_copy(found.family, document=document, purpose="help", by=worker, now=MONDAY, **to)
    transitions.ask(copy, by=worker, now=LATER)
    transitions.approve(copy, by=second, now=LATER, digest=prepare(copy, now=LATER).digest)
    try:
        made = transitions.make(copy, by=worker, now=LATER)
    except NotPossible:
        return set()
    said = "\n".join(section.heading + section.text for section in paper_of(made).sections)
    return {canary for canary in found.may if canary in said}


def faults(families: int, *, seed: int, worker: Any, second: Any, agency: Any) -> tuple[list[str], int]:
    """Every copy that holds what its reader may not have, or lacks what they may; and how many were made."""
    dice, found, made = Random(seed), [], 0
    for number in range(families):
        family = divided(dice, number, worker=worker, agency=agency)
        for reader in (*family.people, "agency"):
            to = {"worker": worker, "second": second, "agency": agency}
            got = set().union(*(copy_of(family, document, reader, **to) for document in DOCUMENTS))
            due = {canary for canary, may in family.may.items() if reader in may}
            found += [f"{reader} of family {number}: {sorted(got ^ due)}"] if got != due else []
            made += len(DOCUMENTS)
    return found, made
