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
from earlyhelp.families.models import Address, FamilyMembership, Merge, Person, PossibleDuplicate, Relationship
from earlyhelp.workflow.transitions import NotPossible

# Of these, either record's value may be the right one.
FACTS = (
    "first_name",
    "last_name",
    "known_as",
    "born_on",
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
ONE_EACH = "nhs_number"  # of one person there is never a second
SYMMETRIC = [kind for kind in RelationshipKind if kind not in INVERSE]

FORBIDS: list[Forbid] = []
for _model, _name in (
    (FamilyMembership, "person"),
    (Relationship, "person"),
    (Relationship, "other"),
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
    if Relationship.objects.filter(Q(person=kept, other=merged) | Q(person=merged, other=kept)).exists():
        found.append("They are written down as related to each other: take that back first.")
    if said := PossibleDuplicate.objects.of(kept, merged).filter(status=MatchStatus.NOT_SAME).first():
        day = dates.day(timezone.localdate(said.said_at))
        found.append(f"{said.said_by} said on {day} that they are not the same person. Take that back first.")
    found += in_the_way(what_goes(kept, merged), "person")
    return found + [why for rule in FORBIDS if (why := rule(kept, merged))]


def differing(kept: Person, merged: Person) -> list[str]:
    """Of which facts both know something, and not the same."""
    pairs = {name: (_fact(kept, name), _fact(merged, name)) for name in FACTS}
    return [name for name, (mine, theirs) in pairs.items() if mine != theirs and _known(mine) and _known(theirs)]


def in_words(person: Person, name: str) -> str:
    """A fact as a page says it; empty where it is not known."""
    value = getattr(person, name)
    if not _known(value):
        return ""
    if isinstance(value, bool):
        return "Yes"
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
    """«Brother of» is one fact whichever of the two stands first."""
    if reference.model is not Relationship:
        return set()
    mine, theirs = ("person", "other") if reference.name == "person" else ("other", "person")
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


def _take_facts(journal: Journal, kept: Person, merged: Person, take: Iterable[str]) -> None:
    for name in FACTS:
        mine, theirs = _fact(kept, name), _fact(merged, name)
        if not _known(theirs) or mine == theirs or (_known(mine) and name not in take):
            continue
        if name == ONE_EACH:
            journal.change(merged, name, "")
        journal.change(kept, name, theirs)


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
