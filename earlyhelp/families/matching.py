"""Each night: which two records may be of one person. Like the search it blocks, then scores (performance.md). And who may
lay which two beside each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.families.models import Person, PossibleDuplicate
from earlyhelp.families.queries import NICKNAMES
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post

LIKELY = 5.0  # a whole name that agrees, and a date of birth; or nearly so, and a postcode besides
MOST_A_NIGHT = 2_000
SEARCHED_FOR = timedelta(days=1)

# Twins have one surname, date and home, and a brother may have nearly one’s name: first names have to agree for themselves.
# What is restricted is in no pair (promise P4), nor what was merged, nor two of whom somebody said what they are.
FIND = """
CREATE TEMPORARY TABLE likely_tonight ON COMMIT DROP AS
WITH open AS (
  SELECT p.id, lower(p.first_name) AS first, lower(p.known_as) AS known, lower(p.last_name) AS last, p.first_sound, p.last_sound,
         p.born_on, to_char(p.born_on, 'YYYYMMDD') AS day, to_char(p.born_on, 'YYYYDDMM') AS turned, p.postcode, p.sex,
         p.nhs_number, coalesce(n.formal, lower(p.first_name)) AS formal
  FROM families_person p
  LEFT JOIN unnest(%(short)s::text[], %(formal)s::text[]) AS n (short, formal) ON n.short = lower(p.first_name)
  WHERE p.merged_into_id IS NULL AND NOT EXISTS (
    SELECT FROM families_familymembership m JOIN families_family f ON f.id = m.family_id
    WHERE m.person_id = p.id AND m.until_on IS NULL AND f.restricted)
), pair AS (
  SELECT a.id AS a, b.id AS b FROM open a JOIN open b ON a.born_on = b.born_on AND a.last_sound = b.last_sound AND a.id < b.id
  UNION
  SELECT a.id, b.id FROM open a JOIN open b ON a.born_on = b.born_on AND a.first_sound = b.first_sound AND a.id < b.id
  WHERE a.postcode <> '' AND a.postcode = b.postcode OR levenshtein_less_equal(a.last, b.last, 2) <= 2
  UNION
  SELECT least(a.id, b.id), greatest(a.id, b.id) FROM open a JOIN open b
    ON a.last_sound = b.first_sound AND a.first_sound = b.last_sound AND a.born_on = b.born_on AND a.id <> b.id
  UNION
  SELECT a.id, b.id FROM open a JOIN open b
    ON a.last_sound = b.last_sound AND a.first_sound = b.first_sound AND a.postcode = b.postcode AND a.id < b.id
  WHERE a.postcode <> ''
  UNION
  SELECT a.id, b.id FROM open a JOIN open b ON a.last = b.last AND a.first = b.first AND a.day = b.turned AND a.id < b.id
), scored AS (
  SELECT p.a, p.b,
    greatest(similarity(a.last, b.last), (levenshtein_less_equal(a.last, b.last, 2) <= 1)::int * 0.8) AS by_last,
    greatest((a.first = b.first)::int, (a.formal = b.formal)::int * 0.95, similarity(a.first, b.first),
             (a.known <> '' AND a.known = b.first OR b.known <> '' AND b.known = a.first)::int * 0.9,
             (length(a.first) > 3 AND levenshtein_less_equal(a.first, b.first, 2) <= 1)::int * 0.8) AS by_first,
    least(similarity(a.last, b.first), similarity(a.first, b.last)) AS swapped,
    CASE WHEN a.born_on IS NULL OR b.born_on IS NULL THEN 0 WHEN a.born_on = b.born_on THEN 1
         WHEN a.day = b.turned THEN 0.8
         WHEN levenshtein(a.day, b.day) <= 1 THEN 0.6 ELSE -2 END AS by_date,
    (a.postcode <> '' AND a.postcode = b.postcode)::int AS by_postcode,
    (a.sex <> b.sex AND a.sex IN ('female', 'male') AND b.sex IN ('female', 'male'))::int AS sexes
  FROM pair p JOIN open a ON a.id = p.a JOIN open b ON b.id = p.b
  WHERE a.nhs_number = '' OR b.nhs_number = '' OR a.nhs_number = b.nhs_number
), likely AS (
  SELECT a, b, greatest(by_last * 2 + by_first * 2, swapped * 4 - 0.2) + by_date * 2 + by_postcode - sexes AS score,
    concat_ws(', ',
      CASE WHEN swapped >= 0.6 THEN 'names the other way round'
           WHEN by_last = 1 AND by_first = 1 THEN 'same name'
           WHEN by_last = 1 THEN 'same surname' WHEN by_last >= 0.8 THEN 'surname nearly the same' ELSE 'another surname' END,
      CASE WHEN swapped >= 0.6 OR by_last = 1 AND by_first = 1 THEN NULL
           WHEN by_first = 1 THEN 'same first name' WHEN by_first >= 0.9 THEN 'a short form of the first name'
           ELSE 'first name nearly the same' END,
      CASE by_date WHEN 1 THEN 'same date of birth' WHEN 0.8 THEN 'day and month exchanged'
                   WHEN 0.6 THEN 'date of birth nearly the same' ELSE 'one has no date of birth' END,
      CASE WHEN by_postcode = 1 THEN 'same postcode' END) AS why
  FROM scored WHERE by_first >= 0.75 OR swapped >= 0.6
)
SELECT a, b, score, left(why, 200) AS why FROM likely
WHERE score >= %(enough)s AND NOT EXISTS (
  SELECT FROM families_possibleduplicate said
  JOIN families_person p ON p.id = said.person_id JOIN families_person o ON o.id = said.other_id
  WHERE said.status = 'not_same' AND (coalesce(p.merged_into_id, p.id), coalesce(o.merged_into_id, o.id)) IN ((a, b), (b, a)))
AND NOT EXISTS (
  SELECT FROM families_relationship r WHERE r.error_at IS NULL AND (r.person_id, r.other_id) IN ((a, b), (b, a)))
ORDER BY score DESC, a, b LIMIT %(most)s
"""

# Nobody said anything of these, and by now they are not alike: a slip was corrected.
DROP = """
DELETE FROM families_possibleduplicate p WHERE p.status = 'open' AND p.said_by_id IS NULL
AND NOT EXISTS (SELECT FROM likely_tonight l WHERE l.a = p.person_id AND l.b = p.other_id)
"""
ADD = """
INSERT INTO families_possibleduplicate (person_id, other_id, score, why, found_at, status, note)
SELECT a, b, score, why, %(now)s, 'open', '' FROM likely_tonight ON CONFLICT DO NOTHING
"""


@transaction.atomic
def find_duplicates(*, now: datetime) -> int:
    """Write down the pairs that nobody has looked at yet; says how many are new. Done twice, each is there once."""
    values: dict[str, Any] = {
        "enough": LIKELY,
        "most": MOST_A_NIGHT,
        "short": [*NICKNAMES],
        "formal": [*NICKNAMES.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS likely_tonight")
        cursor.execute(FIND, values)
        cursor.execute(DROP)
        cursor.execute(ADD, {"now": now})
        found = cursor.rowcount
    if found:
        _bring(now)
    return found


def _bring(now: datetime) -> None:
    """EH Access hears of it once a night, with no name and no number."""
    notify(
        Post.objects.current().filter(role=Role.EH_ACCESS).holders(),
        kind=Kind.NEWS,
        title="Records that may be of one person were found",
        reference=f"{timezone.localdate(now):%d %B %Y}",
        url="/families/duplicates/",
        key=f"duplicates:{timezone.localdate(now):%Y%m%d}",
        now=now,
    )


def may_compare(user: Any, one: int, other: int, *, now: datetime) -> bool:
    """A pair that a night found; or two, each of whom they may open, or found by a search of their own since yesterday."""
    pair = {"person": min(one, other), "other": max(one, other)}
    if PossibleDuplicate.objects.for_user(user).filter(**pair).exists():
        return True
    seen = set(Person.objects.for_user(user).filter(pk__in=(one, other)).values_list("pk", flat=True))
    found = Access.objects.filter(subject=Person._meta.label_lower, subject_id__in={one, other} - seen, actor=user)
    searched = found.filter(at__gte=now - SEARCHED_FOR, page__startswith="/families/search")
    return seen | set(searched.values_list("subject_id", flat=True)) == {one, other}
