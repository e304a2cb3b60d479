"""Families in which two adults conflict, by the hundred: each says of every passage who may have it, in words of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from earlyhelp.families.enums import RelationshipKind
from earlyhelp.families.models import Family, Relationship
from earlyhelp.families.services import add_event
from earlyhelp.sharing import transitions
from earlyhelp.sharing.copying import paper_of, prepare
from earlyhelp.sharing.services import begin_copy, record_conflict, record_wish
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, PersonFactory, secret_home

NAMES = ("Ash", "Blair", "Casey", "Drew")
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
    CaseFactory.led_by(worker, area=family.area, family=family)
    found = Divided(family, _people(family, dice))
    _set_apart(found, dice, number, worker)
    _wishes(found, dice, worker, agency)
    _happened(found, dice, number, worker)
    return found


def _people(family: Family, dice: Random) -> dict[str, Any]:
    one, other = dice.sample(NAMES, 2)
    born = {"one": "1990-04-03", "other": "1988-01-09", "child": "2015-05-20", "gran": "1955-02-01"}
    named = {"one": one, "other": other, "child": "Pip", "gran": "Maureen"}
    people = {who: PersonFactory(first_name=named[who], last_name="Divided", born_on=born[who]) for who in named}
    for who, person in people.items():
        MemberFactory(family=family, person=person, role={"child": "child", "gran": "relative"}.get(who, "parent"))
    return people


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
    everybody = set(found.people)
    for n in range(12):
        canary, about = f"Zq{number}x{n}k", dice.choice(["all", "all", *found.people])
        text, may = canary, _who(found, about, everybody)
        if dice.random() < 0.3:
            named = dice.choice(["one", "other"])
            text += f": {found.people[named].first_name} waited at the gate."
            may -= {"other" if named == "one" else "one"}
        if dice.random() < 0.2:
            text, may = f"{text} Write to {number} hidden lane.", set()
        person = None if about == "all" else found.people[about]
        add_event(found.family, happened_on="2026-01-05", kind="home", text=text, person=person, by=worker, now=MONDAY)
        found.may[canary] = may


def _who(found: Divided, about: str, everybody: set[str]) -> set[str]:
    agency = {"agency"} if (everybody if about == "all" else {about}) <= found.allowed else set()
    if about == "all":  # of two who conflict neither gets what is about both
        return everybody - {"one", "other"} | agency
    return {about} | agency | (found.responsible if about == "child" else set())


def copy_of(found: Divided, reader: str, *, worker: Any, second: Any, agency: Any) -> set[str]:
    """The canaries in the copy that the reader is given, made as a worker and a second person make it."""
    to = {"agency": agency, "recipient": "Tess"} if reader == "agency" else {"person": found.people[reader]}
    copy = begin_copy(found.family, document="chronology", purpose="help", by=worker, now=MONDAY, **to)
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
            got = copy_of(family, reader, worker=worker, second=second, agency=agency)
            due = {canary for canary, may in family.may.items() if reader in may}
            found += [f"{reader} of family {number}: {sorted(got ^ due)}"] if got != due else []
            made += 1
    return found, made
