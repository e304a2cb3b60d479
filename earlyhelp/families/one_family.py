"""Two records of one family become one, and are parted again where that was wrong: found at night, said by EH Access.

How it is done, and undone, is in ``joining``; here is what two records of a family ask for themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core import dates
from earlyhelp.core.rights import may
from earlyhelp.families import joining
from earlyhelp.families.enums import MatchStatus
from earlyhelp.families.homes import protect_together
from earlyhelp.families.joining import Journal, Moving, both_held, in_the_way, stays
from earlyhelp.families.models import Family, FamilyMembership, FamilyMerge, FamilyPair, OddRead, Person
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible

FACTS = ("name", "area")  # of these, either record's may be the right one
Forbid = Callable[[Family, Family], str]
FORBIDS: list[Forbid] = []
stays(FamilyMembership, "family")
stays(OddRead, "family")


def forbid(rule: Forbid) -> Forbid:
    """Lodge ``(kept, merged) -> why these two may not become one now``, or nothing."""
    FORBIDS.append(rule)
    return rule


# --- which may be one -------------------------------------------------------------------------------------------------

# A child of two homes is in two families, and rightly: so it takes two people, or everybody of one of the families. Two
# households at one address are brought only where a surname is the same too. What is restricted is in no pair (promise P4).
FIND = """
CREATE TEMPORARY TABLE families_tonight ON COMMIT DROP AS
WITH open AS (
  SELECT f.id, m.person_id, lower(p.last_name) AS last, h.line_1, h.postcode, count(*) OVER (PARTITION BY f.id) AS size
  FROM families_family f JOIN families_familymembership m ON m.family_id = f.id AND m.until_on IS NULL
  JOIN families_person p ON p.id = m.person_id AND p.merged_into_id IS NULL
  LEFT JOIN families_address h ON h.person_id = p.id AND h.until_on IS NULL AND NOT h.protected AND h.postcode <> ''
  WHERE NOT f.restricted AND f.merged_into_id IS NULL
), shared AS (
  SELECT a.id AS a, b.id AS b, count(*) AS n, min(least(a.size, b.size)) AS smaller
  FROM open a JOIN open b ON a.person_id = b.person_id AND a.id < b.id GROUP BY a.id, b.id
), likely AS (
  SELECT a, b, CASE WHEN n >= smaller THEN 'everybody of one is in the other' ELSE 'the same people: ' || n END AS why
  FROM shared WHERE n >= 2 OR n >= smaller
  UNION ALL
  SELECT DISTINCT a.id, b.id, 'the same surname at the same address'
  FROM open a JOIN open b ON a.postcode = b.postcode AND lower(a.line_1) = lower(b.line_1) AND a.last = b.last AND a.id < b.id
  WHERE NOT EXISTS (SELECT FROM shared s WHERE s.a = a.id AND s.b = b.id)
)
SELECT a, b, min(why) AS why FROM likely GROUP BY a, b LIMIT 2000
"""
DROP = """
DELETE FROM families_familypair p WHERE p.status = 'open' AND p.said_by_id IS NULL
AND NOT EXISTS (SELECT FROM families_tonight l WHERE l.a = p.family_id AND l.b = p.other_id)
"""
ADD = """
INSERT INTO families_familypair (family_id, other_id, why, found_at, status, note)
SELECT a, b, why, %(now)s, 'open', '' FROM families_tonight ON CONFLICT DO NOTHING
"""


@transaction.atomic
def find_pairs(*, now: datetime) -> int:
    """Each night: which two records may be of one family; says how many are new. Of whom somebody said it, it is not asked."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS families_tonight")
        cursor.execute(FIND)
        cursor.execute(DROP)
        cursor.execute(ADD, {"now": now})
        return cursor.rowcount


# --- before it is done ------------------------------------------------------------------------------------------------


def what_goes(kept: Family, merged: Family) -> list[Moving]:
    return joining.what_goes(kept, merged)


def why_not(kept: Family, merged: Family) -> list[str]:
    """All that stands in the way, in words for the page."""
    if kept.pk == merged.pk or kept.merged_into_id or merged.merged_into_id:
        return ["These are one record already."]
    found = []
    if kept.restricted or merged.restricted:
        found.append("Only named people may see one of them: it is joined with no other.")
    if said := FamilyPair.objects.of(kept, merged).filter(status=MatchStatus.NOT_SAME).first():
        day = dates.day(timezone.localdate(said.said_at))
        found.append(f"{said.said_by} said on {day} that they are two families. Take that back first.")
    found += in_the_way(what_goes(kept, merged), "family")
    return found + [why for rule in FORBIDS if (why := rule(kept, merged))]


def fact(name: str) -> Any:
    """The field of a family that holds it."""
    return Family._meta.get_field(name)


def differing(kept: Family, merged: Family) -> list[str]:
    return [name for name in FACTS if getattr(kept, name) != getattr(merged, name)]


# --- doing it ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def join(
    kept: Family, merged: Family, *, by: Any, now: datetime, reason: str, take: tuple[str, ...] = ()
) -> FamilyMerge:
    """Make one record of two. ``take``: of which facts the merged record's are right.

    Raises ``PermissionDenied``, and ``NotPossible`` with the first thing that stands in the way.
    """
    kept, merged = both_held(kept, merged, by)
    if found := why_not(kept, merged):
        raise NotPossible(found[0])
    journal = Journal()
    for each in what_goes(kept, merged):
        if each.model is FamilyMembership:
            _leave_twice(journal, each, now)
        journal.move(each, kept)
    for name in take:
        journal.change(kept, name, getattr(merged, fact(name).attname))
    _now_one_with(merged, kept)
    _settle(kept)
    facts = {"moved": journal.moved, "changed": journal.changed, "reason": reason, "by": by, "at": now}
    done = FamilyMerge.objects.create(kept=kept, merged=merged, **facts)
    _remember(kept, merged, MatchStatus.SAME, by=by, now=now, note=reason)
    for family, other in ((kept, merged), (merged, kept)):
        record("families.family.join", family, by=by, at=now, reason=reason, other=other.pk)
    return done


@transaction.atomic
def part(done: FamilyMerge, *, by: Any, now: datetime, reason: str) -> FamilyMerge:
    """They are two after all: each has again what was theirs. What was written down since stays with the record it is on."""
    done = lock(done)
    if done.undone_at:
        raise NotPossible(f"{done.undone_by} has undone this already.")
    held = {pk: lock(Family(pk=pk)) for pk in sorted((done.kept_id, done.merged_id))}
    kept, merged = held[done.kept_id], held[done.merged_id]
    by.forget_scope()
    if not may(by, "view", done):
        raise PermissionDenied
    if kept.merged_into_id:
        raise NotPossible("The record that was kept became one with another since. Undo that first.")
    if found := next((why for rule in FORBIDS if (why := rule(kept, merged))), ""):
        raise NotPossible(found)
    journal = Journal(done.moved, done.changed)
    journal.move_back(kept, merged)
    journal.put_back()
    _now_one_with(merged, None)
    for family in (kept, merged):
        _settle(family)
    done.undone_by, done.undone_at, done.undone_why = by, now, reason
    done.save(update_fields=["undone_by", "undone_at", "undone_why"])
    _remember(kept, merged, MatchStatus.NOT_SAME, by=by, now=now, note=reason)
    for family, other in ((kept, merged), (merged, kept)):
        record("families.family.part", family, by=by, at=now, reason=reason, other=other.pk)
    return done


def _leave_twice(journal: Journal, each: Moving, now: datetime) -> None:
    """Nobody is in a family twice: under the merged record their membership ends, and under the kept one it goes on."""
    for membership in FamilyMembership.objects.filter(pk__in=each.clashing):
        journal.change(membership, "until_on", timezone.localdate(now))


def _now_one_with(merged: Family, kept: Family | None) -> None:
    Family.objects.filter(pk=merged.pk).update(merged_into=kept, version=models.F("version") + 1)


def _settle(family: Family) -> None:
    """What follows from who is in it: a secret address of one is kept secret of all who live there."""
    for person in Person.objects.filter(memberships__family=family, memberships__until_on=None):
        protect_together(person)
    Family.objects.filter(pk=family.pk).update(version=models.F("version") + 1)


# --- what was said of two records -------------------------------------------------------------------------------------


@transaction.atomic
def say_two(one: Family, other: Family, *, by: Any, now: datetime, note: str) -> FamilyPair:
    """They are two families: no night offers them again, and nobody joins them unless this is taken back."""
    one, other = both_held(one, other, by)
    if one.merged_into_id or other.merged_into_id:
        raise NotPossible("These are one record already. Undo that first.")
    record("families.family.not_same", one, by=by, at=now, reason=note, other=other.pk)
    return _remember(one, other, MatchStatus.NOT_SAME, by=by, now=now, note=note)


@transaction.atomic
def look_again(one: Family, other: Family, *, by: Any, now: datetime, note: str) -> FamilyPair:
    """Take back that they are two: they are among the likely ones again."""
    one, other = both_held(one, other, by)
    record("families.family.look_again", one, by=by, at=now, reason=note, other=other.pk)
    return _remember(one, other, MatchStatus.OPEN, by=by, now=now, note=note)


def _remember(one: Family, other: Family, status: MatchStatus, *, by: Any, now: datetime, note: str) -> FamilyPair:
    said = {"status": status, "said_by": by, "said_at": now, "note": note}
    pair, _ = FamilyPair.objects.update_or_create(
        family_id=min(one.pk, other.pk),
        other_id=max(one.pk, other.pk),
        defaults=said,
        create_defaults=said | {"found_at": now},
    )
    return pair
