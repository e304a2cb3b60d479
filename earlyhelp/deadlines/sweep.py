"""The sweep: what has rung owes one notice to each who must hear, and is set to ring again on its next rung.

One statement does the whole of it: claim (other sweepers skip what is claimed), find who is to hear, write the notices
under their unique key and as each person chose to hear, set the next ring. Killed anywhere, it has either happened or
not. After a week's silence an owner hears of the highest rung passed, once, and not of every rung below it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from earlyhelp.deadlines.models import Deadline
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import next_digest
from earlyhelp.partnership.enums import Role

BATCH = 500

# Who hears at which rung (domain.md 7): 1 amber and 2 due: the holder; 3, a working day after, also their manager; 4, five
# after, and 5, ten after: also those to whom this kind of promise escalates (``Deadline.ESCALATES_TO``). Each rung adds and
# none takes away, so that a rung reached after an outage leaves nobody out. A holder who has left is never told: their
# manager is, from the first. Of a restricted record nobody on the ladder hears but its holder: in the place of all others
# stands whoever keeps such records safe. And nobody hears by a post alone of what is closed to them: who declared an interest.
SWEEP = """
WITH rung AS (
  SELECT d.id, d.owner_id, d.code, d.label, d.reference, d.url, d.area_id, d.holder_id, d.holder_role, d.rungs, u.team_id,
         COALESCE(u.is_active, FALSE) AS here,
         (SELECT count(*) FROM unnest(d.rungs) AS moment WHERE moment <= %(now)s)::int AS n
  FROM {table} d LEFT JOIN partnership_user u ON u.id = d.holder_id
  WHERE d.met_at IS NULL AND d.void_at IS NULL AND d.rings_at <= %(now)s
  ORDER BY d.rings_at, d.id LIMIT %(batch)s FOR UPDATE OF d SKIP LOCKED
), hidden (id) AS ({restricted}
), closed (owner_id, user_id) AS ({closed}
), post AS (
  SELECT p.role, p.area_id, p.team_id, p.user_id FROM partnership_post p JOIN partnership_user u ON u.id = p.user_id
  WHERE u.is_active AND p.from_on <= %(today)s AND (p.until_on IS NULL OR p.until_on >= %(today)s)
), open_rung AS (SELECT * FROM rung WHERE id NOT IN (SELECT id FROM hidden)
), hears AS (
  SELECT r.id, r.holder_id AS user_id FROM rung r WHERE r.here
  UNION
  SELECT r.id, p.user_id FROM open_rung r JOIN partnership_area a ON a.id = r.area_id
    JOIN post p ON p.role = r.holder_role AND p.area_id = ANY(a.lineage) WHERE r.holder_id IS NULL
  UNION
  SELECT r.id, p.user_id FROM open_rung r JOIN post p ON p.role = %(manager)s AND p.team_id = r.team_id
    WHERE r.n >= 3 OR (r.holder_id IS NOT NULL AND NOT r.here)
  UNION
  SELECT r.id, p.user_id FROM open_rung r JOIN partnership_area a ON a.id = r.area_id
    JOIN post p ON p.area_id = ANY(a.lineage)
    WHERE (r.n >= 4 AND p.role = %(first)s) OR (r.n = 5 AND p.role = %(second)s)
  UNION
  SELECT r.id, p.user_id FROM rung r JOIN hidden ON hidden.id = r.id JOIN partnership_area a ON a.id = r.area_id
    JOIN post p ON p.role = %(keeper)s AND p.area_id = ANY(a.lineage) WHERE r.n >= 3 OR NOT r.here
), told AS (
  INSERT INTO notices_notice (to_id, kind, title, reference, url, key, urgent, how, created_at, email_after, attempts)
  SELECT h.user_id, %(kind)s, CASE WHEN r.n = 1 THEN r.label || ': due soon' WHEN r.n = 2 THEN r.label || ': due now'
                                   ELSE r.label || ': overdue' END,
         r.reference, r.url, %(table)s || ':' || r.id || ':' || r.n, FALSE, COALESCE(c.how, 'digest'), %(now)s,
         CASE c.how WHEN 'at_once' THEN %(now)s WHEN 'page' THEN NULL ELSE %(digest)s END, 0
  FROM rung r JOIN hears h ON h.id = r.id
    LEFT JOIN notices_preference c ON c.user_id = h.user_id AND c.kind = %(kind)s
  WHERE h.user_id = r.holder_id
    OR NOT EXISTS (SELECT FROM closed x WHERE x.owner_id = r.owner_id AND x.user_id = h.user_id)
  ON CONFLICT (key, to_id) DO NOTHING RETURNING 1
), rung_again AS (
  UPDATE {table} d SET rings_at = d.rungs[r.n + 1] FROM rung r WHERE d.id = r.id RETURNING 1
)
SELECT (SELECT count(*) FROM rung_again), (SELECT count(*) FROM told)
"""


# Lodged by rooms above, for a kind of promise: which of its owners are closed to whom, in pairs of their keys.
CLOSED: dict[type[Deadline], Callable[[], Any]] = {}


def closed_to(kind: type[Deadline]) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    def lodge(pairs: Callable[[], Any]) -> Callable[[], Any]:
        CLOSED[kind] = pairs
        return pairs

    return lodge


def ring(*, now: datetime, batch: int = BATCH) -> tuple[int, int]:
    """Ring every deadline that is due to; says how many rang and how many notices that made."""
    rang = told = 0
    for kind in kinds():
        while True:
            batch_rang, batch_told = _ring_batch(kind, now, batch)
            rang, told = rang + batch_rang, told + batch_told
            if batch_rang < batch:
                break
    return rang, told


def kinds() -> list[type[Deadline]]:
    """Every kind of deadline there is, each with a table of its own."""
    return [model for model in apps.get_models() if issubclass(model, Deadline)]


def _ring_batch(kind: type[Deadline], now: datetime, batch: int) -> tuple[int, int]:
    table, (first, second) = kind._meta.db_table, kind.ESCALATES_TO
    values: dict[str, Any] = {
        "now": now,
        "today": timezone.localdate(now),
        "digest": next_digest(now),
        "batch": batch,
        "table": table,
        "kind": Kind.REMINDER.value,
        "manager": Role.TEAM_MANAGER.value,
        "first": first.value,
        "second": second.value,
        "keeper": Role.IG_LEAD.value,
    }
    claimed = kind._base_manager.filter(kind.RESTRICTED, pk__in=RawSQL("SELECT id FROM rung", ()))
    restricted, about = _named(claimed.values("pk"), "restricted")
    pairs = CLOSED.get(kind)
    closed, to_whom = _named(pairs(), "closed") if pairs else ("SELECT 0::bigint, 0::bigint WHERE FALSE", {})
    with connection.cursor() as cursor:
        cursor.execute(SWEEP.format(table=table, restricted=restricted, closed=closed), values | about | to_whom)
        return cursor.fetchone()


def _named(rows: Any, called: str) -> tuple[str, dict[str, Any]]:
    """A statement, and its values by name."""
    sql, params = rows.query.sql_with_params()
    names = [f"{called}_{n}" for n in range(len(params))]
    return sql % tuple(f"%({name})s" for name in names), dict(zip(names, params, strict=True))
