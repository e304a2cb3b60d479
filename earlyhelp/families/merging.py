"""Two records of one person become one, and are parted again where that was wrong.

How it is done, and undone, is in ``joining``; here is what two records of a person ask for themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from earlyhelp.core import dates
from earlyhelp.families import joining
from earlyhelp.families.enums import INVERSE, MatchStatus, RelationshipKind, Sex
from earlyhelp.families.homes import protect_together
from earlyhelp.families.joining import Forbid, Journal, Moving, both_held, in_the_way, rows_of, stays
from earlyhelp.families.models import (
    LONGEST_WAIT,
    Address,
    Bond,
    FamilyMembership,
    Merge,
    Person,
    PossibleDuplicate,
    Relationship,
)
from earlyhelp.families.queries import WITH_THE_ADDRESS, hides_now
from earlyhelp.workflow.transitions import NotPossible

# Of these, either record's value may be the right one.
FACTS = (
    "first_name",
    "last_name",
    "known_as",
    "born_on",
    "expected_on",
    "died_on",
    "sex",
    "nhs_number",
    "upn",
    "phone",
    "email",
    "language",
    "interpreter",
    "communication",
    "area",
)
# Of these each record keeps its own.
LEFT_OUT = {
    "created_by": "who wrote that record down",
    "created_at": "when it was written down",
}
ONE_EACH = "nhs_number"  # of one person there is never a second
SYMMETRIC = [kind for kind in RelationshipKind if kind not in INVERSE]

FORBIDS: list[Forbid] = []
for _model, _name in (
    (FamilyMembership, "person"),
    (Relationship, "person"),
    (Relationship, "other"),
    (Bond, "person"),
    (Bond, "other"),
    (Address, "person"),  # of two homes one is chosen
):
    stays(_model, _name)


def forbid(rule: Forbid) -> Forbid:
    """Lodge ``(kept, merged) -> why these two may not become one now``, or nothing."""
    FORBIDS.append(rule)
    return rule


# --- before it is done ------------------------------------------------------------------------------------------------


def what_goes(kept: Person, merged: Person) -> list[Moving]:
    return joining.what_goes(kept, merged, _said_from_the_other_side)


def why_not(kept: Person, merged: Person) -> list[str]:
    """All that stands in the way, in words for the page."""
    if kept.pk == merged.pk or kept.merged_into_id or merged.merged_into_id:
        return ["These are one record already."]
    found = []
    if kept.nhs_number and merged.nhs_number and kept.nhs_number != merged.nhs_number:
        found.append(
            "They have two different NHS numbers. One person has one: find out whose each is, and correct it first."
        )
    found += [why for why in (_never_born_so(kept, merged), _never_died_so(kept, merged)) if why]
    if Relationship.objects.standing().filter(Q(person=kept, other=merged) | Q(person=merged, other=kept)).exists():
        found.append("They are written down as related to each other: take that back first.")
    if said := PossibleDuplicate.objects.of(kept, merged).filter(status=MatchStatus.NOT_SAME).first():
        day = dates.day(timezone.localdate(said.said_at))
        found.append(f"{said.said_by} said on {day} that they are not the same person. Take that back first.")
    found += in_the_way(what_goes(kept, merged), "person")
    return found + [why for rule in FORBIDS if (why := rule(kept, merged))]


def _never_born_so(kept: Person, merged: Person) -> str:
    """A child who is born was expected about that day: somebody born long before is another."""
    births, waits = _known_of("born_on", kept, merged), _known_of("expected_on", kept, merged)
    if all(abs(born - expected) <= LONGEST_WAIT for born in births for expected in waits):
        return ""
    return "One is a child not born yet, and the other was born long before or after: correct the wrong date first."


def _never_died_so(kept: Person, merged: Person) -> str:
    births, deaths = _known_of("born_on", kept, merged), _known_of("died_on", kept, merged)
    if not (births and deaths) or min(births) <= max(deaths):
        return ""
    return "One says that they died before the other says they were born: correct the wrong date first."


def _known_of(name: str, *people: Person) -> list[date]:
    return [day for person in people if (day := getattr(person, name))]


def differing(kept: Person, merged: Person) -> list[str]:
    """Of which facts both know something, and not the same. When a birth was expected is no question once it is known."""
    born = kept.born_on or merged.born_on
    pairs = {name: (_fact(kept, name), _fact(merged, name)) for name in FACTS if not (born and name == "expected_on")}
    return [name for name, (mine, theirs) in pairs.items() if mine != theirs and _known(mine) and _known(theirs)]


def in_words(person: Person, name: str) -> str:
    """A fact as a page says it; empty where it is not known."""
    value = getattr(person, name)
    if not _known(value):
        return ""
    if isinstance(value, bool):
        return "Yes"
    if name == "phone" and hides_now(person):
        return WITH_THE_ADDRESS
    if name == ONE_EACH:
        return person.nhs_number_said
    return dates.day(value) if isinstance(value, date) else dict(fact(name).flatchoices).get(value) or str(value)


def fact(name: str) -> Any:
    """The field of a person that holds it."""
    return Person._meta.get_field(name)


def _fact(person: Person, name: str) -> Any:
    return getattr(person, fact(name).attname)


def _known(value: Any) -> bool:
    return value not in (None, "", False, Sex.UNKNOWN)


def _said_from_the_other_side(reference: Any, kept: Person, merged: Person) -> set[int]:
    """«Brother of» is one fact whichever of the two stands first; and how two get on is said once at a time."""
    mine, theirs = ("person", "other") if reference.name == "person" else ("other", "person")
    if reference.model is Bond and reference.name in (mine, theirs):
        said = Bond.objects.live().filter(**{theirs: kept, mine: OuterRef(theirs)})
        return set(rows_of(reference, merged).filter(Exists(said), Bond.LIVE).values_list("pk", flat=True))
    if reference.model is not Relationship:
        return set()
    turned = Relationship.objects.filter(**{theirs: kept, mine: OuterRef(theirs), "kind": OuterRef("kind")})
    rows = rows_of(reference, merged).filter(kind__in=SYMMETRIC)
    return set(rows.filter(Exists(turned)).values_list("pk", flat=True))


# --- doing it ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def merge(
    kept: Person,
    merged: Person,
    *,
    by: Any,
    now: datetime,
    reason: str,
    take: Iterable[str] = (),
    home_of_merged: bool = False,
) -> Merge:
    """Make one record of two. ``take``: of which facts the merged record's are right; what only it knows is taken anyway.

    Raises ``PermissionDenied``, and ``NotPossible`` with the first thing that stands in the way.
    """
    kept, merged = both_held(kept, merged, by)
    if found := why_not(kept, merged):
        raise NotPossible(found[0])
    journal = Journal()
    _choose_home(journal, kept, merged, now, theirs=home_of_merged)
    joining.move_all(journal, what_goes(kept, merged), kept, now=now)
    _take_facts(journal, kept, merged, take)
    joining.now_one_with(merged, kept)
    _settle(kept)
    done = Merge.objects.create(
        kept=kept, merged=merged, reason=reason, moved=journal.moved, changed=journal.changed, by=by, at=now
    )
    joining.remember(PossibleDuplicate, MatchStatus.SAME, kept, merged, by=by, now=now, note=reason)
    joining.tell_both("families.person.merge", kept, merged, by=by, now=now, reason=reason)
    return done


@transaction.atomic
def undo(done: Merge, *, by: Any, now: datetime, reason: str) -> Merge:
    """They are two after all: each has again what was theirs. What was written down since stays with the record it is on."""
    done = joining.undo(done, by=by, now=now, reason=reason, forbids=FORBIDS, settle=_settle)
    joining.remember(PossibleDuplicate, MatchStatus.NOT_SAME, done.kept, done.merged, by=by, now=now, note=reason)
    joining.tell_both("families.person.split", done.kept, done.merged, by=by, now=now, reason=reason)
    return done


def _choose_home(journal: Journal, kept: Person, merged: Person, now: datetime, *, theirs: bool) -> None:
    """One lives in one place: where both have a home now, one of them becomes where they lived."""
    homes = {home.person_id: home for home in Address.objects.filter(person__in=[kept, merged], until_on=None)}
    if len(homes) == 2:
        journal.change(homes[kept.pk if theirs else merged.pk], "until_on", timezone.localdate(now))


def _chosen(kept: Person, merged: Person, take: Iterable[str]) -> dict[str, Any]:
    """What the record that is kept says otherwise afterwards. Raises ``NotPossible`` where its dates could not be so."""
    pairs = {name: (_fact(kept, name), _fact(merged, name)) for name in FACTS}
    chosen = {
        name: theirs
        for name, (mine, theirs) in pairs.items()
        if _known(theirs) and mine != theirs and (not _known(mine) or name in take)
    }
    born, died = (chosen.get(name) or _fact(kept, name) for name in ("born_on", "died_on"))
    if born and died and died < born:
        raise NotPossible(
            "With these two dates they would have died before they were born: choose again.", field="died_on"
        )
    if born:  # and expected no longer
        chosen.pop("expected_on", None)
        chosen |= {"expected_on": None} if kept.expected_on else {}
    return chosen


def _take_facts(journal: Journal, kept: Person, merged: Person, take: Iterable[str]) -> None:
    for name, value in _step_by_step(kept, _chosen(kept, merged, take)):
        if name == ONE_EACH:
            journal.change(merged, name, "")
        journal.change(kept, name, value)


def _step_by_step(kept: Person, chosen: dict[str, Any]) -> list[tuple[str, Any]]:
    """In an order in which no step, nor any on the way back, says of somebody born that they are expected, or died before."""
    died = chosen.get("died_on")
    earlier = bool(died and kept.born_on and died < kept.born_on)
    order = ["expected_on", "born_on", "died_on"] if earlier else ["expected_on", "died_on", "born_on"]
    return sorted(chosen.items(), key=lambda each: order.index(each[0]) if each[0] in order else -1)


def _settle(person: Person) -> None:
    """What follows from where they live, and from whose family they are in."""
    protect_together(person)
    home = person.addresses.filter(until_on=None).first()
    postcode = home.postcode if home and not home.protected else ""
    Person.objects.filter(pk=person.pk).update(postcode=postcode, version=models.F("version") + 1)


# --- what was said of two records -------------------------------------------------------------------------------------


@transaction.atomic
def say_not_same(one: Person, other: Person, *, by: Any, now: datetime, note: str) -> PossibleDuplicate:
    """They are two people: no night offers them again, and nobody merges them unless this is taken back."""
    kind = "families.person.not_same"
    return joining.say(PossibleDuplicate, MatchStatus.NOT_SAME, one, other, kind=kind, by=by, now=now, note=note)


@transaction.atomic
def look_again(one: Person, other: Person, *, by: Any, now: datetime, note: str) -> PossibleDuplicate:
    """Take back that they are two: they are among the likely ones again."""
    kind = "families.person.look_again"
    return joining.say(PossibleDuplicate, MatchStatus.OPEN, one, other, kind=kind, by=by, now=now, note=note)
