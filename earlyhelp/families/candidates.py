"""The statements by which somebody is found: block, then score (performance.md).

Candidates come from equality on indexed keys only; the dearer comparison is made over a few hundred of them at most. They are
named by the place of their row (``ctid``), which one statement may rely on: so each is read again without an index.
"""

from __future__ import annotations

# Two letters exchanged, or one wrong, missing or too many: as good as nearly the same. What is quickly asked is asked first.
SLIP = """CASE WHEN length({typed}) < 4 THEN 0
  WHEN levenshtein_less_equal({name}, {typed}, 1) <= 1 THEN 0.8
  WHEN length({name}) = length({typed}) AND levenshtein_less_equal({name}, {typed}, 2) = 2
    AND translate({name}, {typed}, '') = '' AND translate({typed}, {name}, '') = '' THEN 0.8 ELSE 0 END"""
LAST_SLIP = SLIP.format(name="lower(p.last_name)", typed="s.last")
FIRST_SLIP = SLIP.format(name="lower(p.first_name)", typed="s.first")

# Where whoever searches knows more than a name: whom the date, the home, or the sound of both names points to.
SURE = (
    """(SELECT p.ctid FROM families_person p, sought s WHERE s.born IS NOT NULL AND p.born_on = s.born LIMIT 120)""",
    # In a county of a million more are born on some days than the line above reads: of those, whoever agrees in one thing more.
    """(SELECT p.ctid FROM families_person p, sought s WHERE s.born IS NOT NULL AND p.born_on = s.born
       AND (p.postcode = s.postcode OR p.last_sound = s.ls OR p.first_sound IN (s.fs, s.ns) OR lower(p.first_name) = ANY (s.names)
            OR p.last_sound = s.fs AND p.first_sound = s.ls) LIMIT 120)""",
    """(SELECT p.ctid FROM families_person p, sought s WHERE s.turned IS NOT NULL AND p.born_on = s.turned LIMIT 60)""",
    """(SELECT p.ctid FROM families_person p, sought s WHERE p.postcode <> '' AND p.postcode = s.postcode LIMIT 60)""",
    """(SELECT p.ctid FROM families_person p, sought s
       WHERE s.ls <> '' AND p.last_sound = s.ls AND p.first_sound IN (s.fs, s.ns) LIMIT 120)""",
    # William, written down as Bill. The sounds are there for the index.
    """(SELECT p.ctid FROM families_person p, sought s
       WHERE s.ls <> '' AND p.last_sound = s.ls AND p.first_sound = ANY (s.sounds) AND lower(p.first_name) = ANY (s.names)
       LIMIT 60)""",
    # Of a postcode only the beginning is known: no index begins with it in every locale, so it chooses among those of a sound.
    """(SELECT p.ctid FROM families_person p, sought s
       WHERE s.part <> '' AND s.ls <> '' AND p.last_sound = s.ls AND starts_with(p.postcode, s.part) LIMIT 120)""",
    """(SELECT p.ctid FROM families_person p, sought s
       WHERE s.fs <> '' AND p.last_sound = s.fs AND p.first_sound = s.ls LIMIT 60)""",
)
# Besides, for a name alone, and where none of those was right.
MORE = (
    """(SELECT p.ctid FROM families_person p, sought s
       WHERE s.ls <> '' AND s.first <> '' AND p.last_sound = s.ls
       AND left(lower(p.first_name), 1) = left(s.first, 1) LIMIT 120)""",
    """(SELECT p.ctid FROM families_person p, sought s
       WHERE s.born IS NOT NULL AND p.last_sound = s.ls AND p.born_on BETWEEN s.born - 366 AND s.born + 366 LIMIT 60)""",
    """(SELECT p.ctid FROM families_person p, sought s
       WHERE s.last <> '' AND lower(p.last_name) = s.last AND lower(p.first_name) ~>=~ left(s.first, 2)
       AND lower(p.first_name) ~<~ (left(s.first, 2) || chr(1114109)) LIMIT 120)""",
    """(SELECT p.ctid FROM families_person p, sought s
       WHERE s.last <> '' AND lower(p.first_name) = s.first AND lower(p.last_name) ~>=~ left(s.last, 2)
       AND lower(p.last_name) ~<~ (left(s.last, 2) || chr(1114109)) LIMIT 120)""",
    """(SELECT p.ctid FROM families_person p, sought s WHERE s.last <> '' AND lower(p.last_name) = s.last LIMIT 60)""",
    # A slip in the surname: of those, a first name leaves who begins as it does, and the index knows that beginning too.
    """(SELECT p.ctid FROM families_person p, sought s
       WHERE length(s.last) > 3 AND s.first <> '' AND families_slips_after(lower(p.last_name), lower(p.first_name))
         && families_slips_after(lower(left(%(last)s, 80)), lower(left(%(first)s, 80))) LIMIT 120)""",
    """(SELECT p.ctid FROM families_person p, sought s
       WHERE length(s.last) > 3 AND s.first = ''
       AND families_slips(lower(p.last_name)) && families_slips(lower(left(%(last)s, 80))) LIMIT 120)""",
    """(SELECT p.ctid FROM families_person p, sought s WHERE s.first = '' AND s.ls <> '' AND p.last_sound = s.ls LIMIT 120)""",
    """(SELECT p.ctid FROM families_person p WHERE (SELECT last = '' AND first <> '' FROM sought)
       AND lower(p.first_name) = (SELECT first FROM sought) ORDER BY lower(p.last_name) USING ~<~ LIMIT 60)""",
)


# Who may not be shown is left out of each block, and not afterwards: they would crowd others out of it, and leave a gap.
SHOWN = "p.merged_into_id IS NULL AND p.id NOT IN (SELECT id FROM hidden)"


def statement(blocks: tuple[str, ...]) -> str:
    """Equality counts apart from similarity, which knows only Latin letters where the database's locale is C.

    Similarity is the dearest of all that is asked of a candidate: where it cannot add anything it is asked of NULL, which
    costs nothing and which ``greatest`` leaves out.
    """
    candidates = "\n  UNION ".join(block.replace("WHERE ", f"WHERE {SHOWN} AND ", 1) for block in blocks)
    return f"""
WITH hidden AS (
  SELECT unnest(families_in_restricted()) AS id
), sought AS (
  SELECT lower(left(%(first)s, 80)) AS first, lower(left(%(last)s, 80)) AS last,
         dmetaphone(%(first)s) AS fs, dmetaphone(%(last)s) AS ls,
         names, nullif(names[1], lower(left(%(first)s, 80))) AS formal, dmetaphone(names[1]) AS ns,
         ARRAY(SELECT dmetaphone(each) FROM unnest(names) AS each) AS sounds,
         %(born)s::date AS born, %(turned)s::date AS turned, %(postcode)s AS postcode, %(part)s::text AS part
  FROM (SELECT %(names)s::text[] AS names) AS known
), candidate AS (
  {candidates}
), scored AS (
  SELECT p.id,
    CASE WHEN lower(p.last_name) = s.last THEN 1 ELSE
      greatest(similarity(lower(p.last_name), s.last), {LAST_SLIP}) END AS by_last,
    CASE WHEN lower(p.first_name) = s.first THEN 1 ELSE
      greatest(similarity(lower(p.first_name), s.first), similarity(lower(nullif(p.known_as, '')), s.first),
               (lower(p.first_name) = ANY (s.names))::int * 0.95, similarity(lower(p.first_name), s.formal) * 0.95,
               {FIRST_SLIP}) END AS by_first,
    (lower(p.first_name) <> s.first AND lower(p.first_name) = ANY (s.names))::int AS short_form,
    least(similarity(lower(p.last_name), s.first), similarity(lower(p.first_name), s.last)) AS swapped,
    (p.last_sound = s.ls)::int AS last_sounds, (p.first_sound IN (s.fs, s.ns))::int AS first_sounds,
    CASE WHEN s.born IS NULL OR p.born_on IS NULL THEN 0 WHEN p.born_on = s.born THEN 1.0 WHEN p.born_on = s.turned THEN 0.8
         WHEN levenshtein(to_char(p.born_on, 'YYYYMMDD'), to_char(s.born, 'YYYYMMDD')) <= 2 THEN 0.6 ELSE -0.3 END AS by_date,
    CASE WHEN s.postcode <> '' AND p.postcode = s.postcode THEN 1.0 WHEN s.part = '' OR NOT starts_with(p.postcode, s.part) THEN 0
         WHEN right(s.part, 1) = ' ' THEN 0.3 ELSE 0.6 END AS by_postcode
  FROM candidate c JOIN families_person p ON p.ctid = c.ctid, sought s
)
SELECT id, by_last, by_first, swapped, last_sounds, first_sounds, short_form, by_date, by_postcode,
  greatest(by_last * 2 + by_first * 2, swapped * 4 - 0.2)
    + last_sounds * 0.8 + first_sounds * 0.6 + by_date * 2 + by_postcode AS score
FROM scored ORDER BY score DESC, id LIMIT %(limit)s
"""


SEARCH_SURE, SEARCH = statement(SURE), statement(SURE + MORE)
