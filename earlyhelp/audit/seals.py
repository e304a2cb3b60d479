"""Seals over what is written and never altered: whoever alters it all the same is found (promise P5).

The database refuses the application every change of a log. Somebody above the rules, a superuser with the triggers
switched off, is not refused; so the rows are sealed in batches, each seal holding a digest of its rows and the hash of
the seal before. A chain drawn at each insert would make every reader of a record wait for every other.

**What is sealed.** Ids are drawn in order and committed in any. The horizon below which nothing more can come is taken
at a moment at which nobody is writing: a ``SHARE`` lock, which an ``INSERT`` excludes before it draws its id, asked for
without waiting and given back at once. Nobody ever queues behind it; where it is refused, another moment is tried.

**What it cannot find.** A row that is not sealed yet (a minute, as a rule), and a whole chain drawn anew, or cut off at
its end, by somebody who can write seals: against that the head is kept elsewhere, and given to ``verify``.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pgtrigger
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction

from earlyhelp.audit.models import Event, Log, Seal
from earlyhelp.core.words import within

LOWEST = -(2**63)  # the first seal begins here: no row can be slipped in before it
ROWS_A_SEAL = 5_000
TRIES, PAUSE = 100, 0.05  # seconds between two looks for a moment at which nobody writes
SEALS_AT_ONCE = 500  # compared in one query
ONE_SEALER = 7_120_914  # the advisory lock under which a seal is added

# Every column, in an order that is never changed: a column that is left out could be altered unseen.
COLUMNS = {
    Log.EVENT: ("id", "at", "actor_id", "kind", "subject", "subject_id", "was", "became", "reason", "facts"),
    Log.ACCESS: ("id", "at", "actor_id", "subject", "subject_id", "page", "request_id", "purpose"),
}
# What people wrote. It goes with the record that it speaks of; its digest stays: see ``erase_texts``.
TEXTS = ("reason", "facts")
NO_TEXTS = "r.reason = '' AND r.facts = '{}'"
TABLES = {Log.EVENT: "audit_event", Log.ACCESS: "audit_access"}


class Fault(NamedTuple):
    """What does not fit, and in which seal; 0 where it is what an entry says, and not the seal over it."""

    seal: int
    what: str

    def __str__(self) -> str:
        return f"seal {self.seal}: {self.what}" if self.seal else self.what


class Measured(NamedTuple):
    rows: int
    digest: str


# --- sealing ----------------------------------------------------------------------------------------------------------


def seal(*, now: datetime, using: str = DEFAULT_DB_ALIAS) -> int:
    """Seal whatever was written and is not sealed yet; says in how many seals. Safe to call at any time, by anybody."""
    return sum(_seal_log(log, now, using) for log in Log)


def _seal_log(log: Log, now: datetime, using: str) -> int:
    horizon = _horizon(log, using)
    if horizon is None:
        return 0
    made = 0
    while _seal_batch(log, horizon, now, using):
        made += 1
    return made


def _horizon(log: Log, using: str) -> int | None:
    """The highest id, at a moment at which no other can be on its way; none if there was no such moment, or no row."""
    for _ in range(TRIES):
        try:
            with transaction.atomic(using=using), connections[using].cursor() as cursor:
                cursor.execute(f"LOCK TABLE {TABLES[log]} IN SHARE MODE NOWAIT")
                cursor.execute(f"SELECT max(id) FROM {TABLES[log]}")
                [highest] = cursor.fetchone()
                return highest
        except OperationalError:  # somebody is writing
            time.sleep(PAUSE)
    return None


def _seal_batch(log: Log, horizon: int, now: datetime, using: str) -> bool:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_SEALER])
        seals = Seal.objects.using(using)
        last, last_of_log = seals.last(), seals.filter(log=log).last()
        begin = last_of_log.to_id + 1 if last_of_log else LOWEST
        next_rows = f"SELECT id FROM {TABLES[log]} WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s"
        cursor.execute(f"SELECT max(id) FROM ({next_rows}) AS batch", [begin, horizon, ROWS_A_SEAL])
        [end] = cursor.fetchone()
        if end is None:
            return False
        new = Seal(
            number=last.number + 1 if last else 1,
            log=log,
            from_id=begin,
            to_id=end,
            previous=last.hash if last else "",
            sealed_at=now,
        )
        new.rows, new.digest = _measure(cursor, log, begin, end)
        new.hash = hash_of(new)
        new.save(using=using, force_insert=True)
    return True


def hash_of(seal: Seal) -> str:
    """What a seal's hash must be: of everything else that it says."""
    said = [seal.number, seal.log, seal.from_id, seal.to_id, seal.rows, seal.digest, seal.previous]
    return hashlib.sha256(json.dumps([*said, seal.sealed_at.astimezone(UTC).isoformat()]).encode()).hexdigest()


def head(*, using: str = DEFAULT_DB_ALIAS) -> Seal | None:
    """The last seal. Its hash, kept elsewhere, says later whether the chain was cut off or drawn anew."""
    return Seal.objects.using(using).last()


def waiting_since(*, using: str = DEFAULT_DB_ALIAS) -> datetime | None:
    """Since when the oldest row that is not sealed has been waiting for its seal."""
    moments = []
    with connections[using].cursor() as cursor:
        for log, table in TABLES.items():
            last = Seal.objects.using(using).filter(log=log).last()
            cursor.execute(
                f"SELECT at FROM {table} WHERE id > %s ORDER BY id LIMIT 1", [last.to_id if last else LOWEST]
            )
            moments += [at for (at,) in cursor.fetchall()]
    return min(moments, default=None)


Look = Callable[[str], Iterable[str]]
LOOKS: list[Look] = []


def also_verified(look: Look) -> Look:
    """Lodge ``(database) -> what does not fit``: what a room above altered by right, and its entry in the log says so."""
    LOOKS.append(look)
    return look


# --- verifying --------------------------------------------------------------------------------------------------------


def verify(*, since: datetime | None = None, expect: str = "", using: str = DEFAULT_DB_ALIAS) -> list[Fault]:
    """Recompute every seal, or those made ``since``, and say what does not fit; nothing if all of it does.

    ``expect`` is the hash of a head that was kept elsewhere: it must still be in the chain.
    """
    faults: list[Fault] = []
    with transaction.atomic(using=using):
        before: dict[str, Seal] = {}  # by log, and the last of all under ""
        for group in _groups(since, before, using):
            measured = _measure_all(group, using)
            for each in group:
                faults += _faults_of_chain(each, before)
                faults += _faults_of_rows(each, measured[each.number])
                before[""] = before[each.log] = each
        if expect and not Seal.objects.using(using).filter(hash=expect).exists():
            last = before[""].number if before else 0
            faults.append(
                Fault(last, "the head that was kept elsewhere is not in the chain: it was cut off or drawn anew")
            )
        faults += [Fault(0, what) for look in LOOKS for what in look(using)]
    return faults


def _groups(since: datetime | None, before: dict[str, Seal], using: str) -> Iterator[list[Seal]]:
    """The seals to compare, some hundred at a time. With ``since``, ``before`` is told which seals they must follow."""
    seals = Seal.objects.using(using).order_by("number")
    reached = -1
    if since and (first := seals.filter(sealed_at__gte=since).first()):
        reached = first.number - 1
        for log in ("", *Log.values):
            earlier = seals.filter(number__lt=first.number, **({"log": log} if log else {})).last()
            if earlier:
                before[log] = earlier
    elif since:
        return
    while group := list(seals.filter(number__gt=reached)[:SEALS_AT_ONCE]):
        yield group
        reached = group[-1].number


def _faults_of_chain(each: Seal, before: dict[str, Seal]) -> Iterator[Fault]:
    last, of_log = before.get(""), before.get(each.log)
    if each.number != (last.number + 1 if last else 1):
        yield Fault(each.number, "the seals before it are missing")
    if each.previous != (last.hash if last else ""):
        yield Fault(each.number, "it does not follow the seal before it")
    if each.from_id != (of_log.to_id + 1 if of_log else LOWEST):
        yield Fault(each.number, "it does not begin where the seal before it ends")
    if each.hash != hash_of(each):
        yield Fault(each.number, "the seal was altered")


def _faults_of_rows(each: Seal, found: Measured) -> Iterator[Fault]:
    name = within(Log(each.log).label) if each.log in Log.values else "an unknown log"
    if found.rows < each.rows:
        yield Fault(each.number, f"{each.rows - found.rows} of its rows are missing ({name})")
    elif found.rows > each.rows:
        yield Fault(each.number, f"{found.rows - each.rows} rows were added ({name})")
    elif found.digest != each.digest:
        yield Fault(each.number, f"rows were altered ({name})")


# --- erasing ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def erase_texts(subject: str, ids: Iterable[int], *, because: str, now: datetime) -> int:
    """Take out what people wrote in the events of records that are no more; says of how many events.

    That it happened, when, by whom and to which number stays, and so do the seals.
    """
    return erase_texts_of(Event.objects.filter(subject=subject, subject_id__in=list(ids)), because=because, now=now)


@transaction.atomic
def erase_texts_of(events: Any, *, because: str, now: datetime) -> int:
    """The same of single events, whose record stays: all that was written in each, for a seal holds by the whole of it."""
    events = events.exclude(reason="", facts={})
    found = list(events.values_list("pk", flat=True))
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_erasure (event_id, digest, because, at) SELECT r.id, {_sha256(TEXTS)}, %s, %s "
            "FROM audit_event AS r WHERE r.id = ANY(%s) ON CONFLICT DO NOTHING",
            [because, now, found],
        )
    with pgtrigger.ignore("audit.Event:append_only"):
        return Event.objects.filter(pk__in=found).update(reason="", facts={})


# --- digests ----------------------------------------------------------------------------------------------------------


def _rows_digest(log: Log) -> str:
    """SQL for the digest of some rows ``r``: of the digests of each, in the order of their ids."""
    row = _sha256([name for name in COLUMNS[log] if log == Log.ACCESS or name not in TEXTS])
    if log == Log.EVENT:
        texts = f"CASE WHEN e.event_id IS NOT NULL AND {NO_TEXTS} THEN e.digest ELSE {_sha256(TEXTS)} END"
        row = f"sha256({row} || {texts})"
    return f"encode(sha256(coalesce(string_agg({row}, ''::bytea ORDER BY r.id, {row}), ''::bytea)), 'hex')"


def _sha256(names: Iterable[str]) -> str:
    columns = ", ".join(f"extract(epoch FROM r.{name})" if name == "at" else f"r.{name}" for name in names)
    return f"sha256(convert_to(jsonb_build_array({columns})::text, 'UTF8'))"


def _erased(log: Log) -> str:
    return "LEFT JOIN audit_erasure AS e ON e.event_id = r.id" if log == Log.EVENT else ""


def _measure(cursor: Any, log: Log, begin: int, end: int) -> Measured:
    cursor.execute(
        f"SELECT count(*), {_rows_digest(log)} FROM {TABLES[log]} AS r {_erased(log)} WHERE r.id BETWEEN %s AND %s",
        [begin, end],
    )
    return Measured(*cursor.fetchone())


def _measure_all(seals: list[Seal], using: str) -> dict[int, Measured]:
    """What the logs hold now between the ids of each seal."""
    measured = {each.number: Measured(0, "") for each in seals}
    with connections[using].cursor() as cursor:
        for log in Log:
            cursor.execute(
                f"""
                SELECT s.number, count(r.id), {_rows_digest(log)}
                FROM audit_seal AS s LEFT JOIN {TABLES[log]} AS r ON r.id BETWEEN s.from_id AND s.to_id
                {_erased(log)} WHERE s.log = %s AND s.number BETWEEN %s AND %s GROUP BY s.number
                """,
                [log, seals[0].number, seals[-1].number],
            )
            measured |= {number: Measured(rows, digest) for number, rows, digest in cursor.fetchall()}
    return measured
