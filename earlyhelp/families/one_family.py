"""Two records of one family become one, and are parted again where that was wrong: found at night, said by EH Access.

How it is done, and undone, is in ``joining``; here is what two records of a family ask for themselves.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from earlyhelp.core import dates
from earlyhelp.families import joining
from earlyhelp.families.enums import MatchStatus
from earlyhelp.families.homes import protect_together
from earlyhelp.families.joining import Forbid, Journal, Moving, both_held, in_the_way, stays
from earlyhelp.families.models import Family, FamilyMembership, FamilyMerge, FamilyPair, OddRead, Person
from earlyhelp.workflow.transitions import NotPossible

FACTS = ("name", "area")  # of these, either record's may be the right one
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
    joining.move_all(journal, what_goes(kept, merged), kept, now=now)
    for name in take:
        journal.change(kept, name, getattr(merged, fact(name).attname))
    joining.now_one_with(merged, kept)
    _settle(kept)
    facts = {"moved": journal.moved, "changed": journal.changed, "reason": reason, "by": by, "at": now}
    done = FamilyMerge.objects.create(kept=kept, merged=merged, **facts)
    joining.remember(FamilyPair, MatchStatus.SAME, kept, merged, by=by, now=now, note=reason)
    joining.tell_both("families.family.join", kept, merged, by=by, now=now, reason=reason)
    return done


@transaction.atomic
def part(done: FamilyMerge, *, by: Any, now: datetime, reason: str) -> FamilyMerge:
    """They are two after all: each has again what was theirs. What was written down since stays with the record it is on."""
    done = joining.undo(done, by=by, now=now, reason=reason, forbids=FORBIDS, settle=_settle)
    joining.remember(FamilyPair, MatchStatus.NOT_SAME, done.kept, done.merged, by=by, now=now, note=reason)
    joining.tell_both("families.family.part", done.kept, done.merged, by=by, now=now, reason=reason)
    return done


def _settle(family: Family) -> None:
    """What follows from who is in it: a secret address of one is kept secret of all who live there."""
    for person in Person.objects.filter(memberships__family=family, memberships__until_on=None):
        protect_together(person)
    Family.objects.filter(pk=family.pk).update(version=models.F("version") + 1)


# --- what was said of two records -------------------------------------------------------------------------------------


@transaction.atomic
def say_two(one: Family, other: Family, *, by: Any, now: datetime, note: str) -> FamilyPair:
    """They are two families: no night offers them again, and nobody joins them unless this is taken back."""
    kind = "families.family.not_same"
    return joining.say(FamilyPair, MatchStatus.NOT_SAME, one, other, kind=kind, by=by, now=now, note=note)


@transaction.atomic
def look_again(one: Family, other: Family, *, by: Any, now: datetime, note: str) -> FamilyPair:
    """Take back that they are two: they are among the likely ones again."""
    kind = "families.family.look_again"
    return joining.say(FamilyPair, MatchStatus.OPEN, one, other, kind=kind, by=by, now=now, note=note)
