"""Finding a person among a million: block, then score (performance.md). A typo, a swapped name or a nickname still finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from earlyhelp.families.models import FamilyMembership, Person

NICKNAMES = {
    "liz": "elizabeth", "beth": "elizabeth", "bill": "william", "will": "william", "bob": "robert", "rob": "robert",
    "kate": "katherine", "katie": "katherine", "tom": "thomas", "dave": "david", "mike": "michael", "chris": "christopher",
    "jim": "james", "joe": "joseph", "sam": "samuel", "tony": "anthony", "nick": "nicholas", "maggie": "margaret",
    "ted": "edward", "dan": "daniel", "matt": "matthew", "alex": "alexander", "steve": "stephen", "sue": "susan",
    "jen": "jennifer", "jenny": "jennifer", "vicky": "victoria", "becky": "rebecca", "andy": "andrew", "charlie": "charles",
}  # fmt: skip

# Candidates come from equality on indexed columns only; the dearer comparison is made over at most 300 of them.
SEARCH = """
WITH sought AS (
  SELECT lower(%(first)s) AS first, lower(%(last)s) AS last, dmetaphone(%(first)s) AS fs, dmetaphone(%(last)s) AS ls,
         lower(%(formal)s) AS formal, dmetaphone(%(formal)s) AS ns, %(born)s::date AS born, %(turned)s::date AS turned,
         %(postcode)s AS postcode
), candidate AS (
  (SELECT p.id FROM families_person p, sought s WHERE s.born IS NOT NULL AND p.born_on = s.born LIMIT 120)
  UNION (SELECT p.id FROM families_person p, sought s WHERE s.turned IS NOT NULL AND p.born_on = s.turned LIMIT 60)
  UNION (SELECT p.id FROM families_person p, sought s WHERE s.postcode <> '' AND p.postcode = s.postcode LIMIT 60)
  UNION (SELECT p.id FROM families_person p, sought s
         WHERE s.ls <> '' AND p.last_sound = s.ls AND p.first_sound IN (s.fs, s.ns) LIMIT 120)
  UNION (SELECT p.id FROM families_person p, sought s
         WHERE s.ls <> '' AND s.first <> '' AND p.last_sound = s.ls AND left(lower(p.first_name), 1) = left(s.first, 1) LIMIT 120)
  UNION (SELECT p.id FROM families_person p, sought s
         WHERE s.fs <> '' AND p.last_sound = s.fs AND p.first_sound = s.ls LIMIT 60)
  UNION (SELECT p.id FROM families_person p, sought s
         WHERE s.born IS NOT NULL AND p.last_sound = s.ls AND p.born_on BETWEEN s.born - 366 AND s.born + 366 LIMIT 60)
  UNION (SELECT p.id FROM families_person p, sought s
         WHERE s.last <> '' AND lower(p.last_name) = s.last AND (s.first = '' OR left(lower(p.first_name), 2) = left(s.first, 2))
         LIMIT 120)
), scored AS (
  SELECT p.id,
    similarity(lower(p.last_name), s.last) AS by_last,
    greatest(similarity(lower(p.first_name), s.first), similarity(lower(p.known_as), s.first),
             similarity(lower(p.first_name), s.formal)) AS by_first,
    least(similarity(lower(p.last_name), s.first), similarity(lower(p.first_name), s.last)) AS swapped,
    (p.last_sound = s.ls)::int AS last_sounds, (p.first_sound IN (s.fs, s.ns))::int AS first_sounds,
    CASE WHEN s.born IS NULL OR p.born_on IS NULL THEN 0 WHEN p.born_on = s.born THEN 1.0 WHEN p.born_on = s.turned THEN 0.8
         WHEN levenshtein(to_char(p.born_on, 'YYYYMMDD'), to_char(s.born, 'YYYYMMDD')) <= 2 THEN 0.6 ELSE -0.3 END AS by_date,
    (s.postcode <> '' AND p.postcode = s.postcode)::int AS by_postcode
  FROM candidate c JOIN families_person p USING (id), sought s
  WHERE NOT p.restricted
)
SELECT id, by_last, by_first, swapped, last_sounds, first_sounds, by_date, by_postcode,
  greatest(by_last * 2 + by_first * 2, swapped * 4 - 0.2) + last_sounds * 0.8 + first_sounds * 0.6 + by_date * 2 + by_postcode AS score
FROM scored ORDER BY score DESC, id LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Match:
    """A person who may be the one sought, and in words why. Shows the minimum that avoids a duplicate (domain.md 5 i)."""

    person: Person
    score: float
    why: str
    known: bool

    @property
    def year(self) -> str:
        return str(self.person.born_on.year) if self.person.born_on else "year not known"


def search(*, first: str = "", last: str = "", born_on: date | None = None, postcode: str = "", limit: int = 10) -> list[Match]:
    """The likeliest people, best first, each with the reasons. Typing that finds nobody gives an empty list."""
    if not (first or last or born_on or postcode):
        return []
    values = {
        "first": first,
        "last": last,
        "formal": NICKNAMES.get(first.lower(), first),
        "born": born_on,
        "turned": _turned(born_on),
        "postcode": postcode.upper(),
        "limit": limit * 2,
    }
    with connection.cursor() as cursor:
        cursor.execute(SEARCH, values)
        rows = [dict(zip((column.name for column in cursor.description), row, strict=True)) for row in cursor.fetchall()]
    likely = [row for row in rows if row["score"] >= _threshold(first, last)][:limit]
    return _matches(likely)


def _threshold(first: str, last: str) -> float:
    """A whole name must mostly agree; a single thing typed alone must agree as a whole."""
    named = bool(first) + bool(last)
    return {2: 1.9, 1: 1.3, 0: 0.9}[named]


def _turned(day: date | None) -> date | None:
    """Day and month exchanged, the commonest slip of all; none where that is not a date."""
    if day is None or day.day > 12:
        return None
    return day.replace(month=day.day, day=day.month)


def _matches(rows: list[dict[str, Any]]) -> list[Match]:
    people = Person.objects.select_related("area").in_bulk([row["id"] for row in rows])
    known = set(FamilyMembership.objects.current().filter(person__in=people).values_list("person", flat=True))
    return [Match(people[row["id"]], float(row["score"]), _why(row), row["id"] in known) for row in rows if row["id"] in people]


def _why(row: dict[str, Any]) -> str:
    reasons = []
    if row["by_last"] == 1 and row["by_first"] == 1:
        reasons.append("same name")
    elif row["swapped"] >= 0.6:
        reasons.append("names the other way round")
    else:
        reasons += _name_reasons(row)
    reasons += {1.0: ["same date of birth"], 0.8: ["day and month exchanged"], 0.6: ["date of birth nearly the same"]}.get(float(row["by_date"]), [])
    if row["by_postcode"]:
        reasons.append("same postcode")
    return ", ".join(reasons) or "similar name"


def _name_reasons(row: dict[str, Any]) -> list[str]:
    reasons = []
    if row["by_last"] == 1:
        reasons.append("same surname")
    elif row["last_sounds"]:
        reasons.append("surname sounds the same")
    if row["by_first"] == 1:
        reasons.append("same first name")
    elif row["first_sounds"]:
        reasons.append("first name sounds the same")
    return reasons

