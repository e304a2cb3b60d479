"""What somebody above the rules could do to the logs: a superuser's connection, with every trigger switched off."""

import random
import uuid
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, connections, transaction
from django.utils import timezone

from earlyhelp.audit import seals
from earlyhelp.audit.models import Access, Event, Log, Seal
from earlyhelp.audit.seals import COLUMNS, TABLES, hash_of
from earlyhelp.embedded.postgres import SUPERUSER
from tests.factories import MONDAY, UserFactory

OTHER = {
    "at": "at + interval '1 second'",
    "actor_id": "NULL",
    "subject_id": "subject_id + 1",
    "facts": """facts || '{"more": 1}'""",
    "request_id": "gen_random_uuid()",
    "id": None,  # has a way of its own
}


def write(rows):
    """So many rows in each log, sealed a few at a time."""
    user = UserFactory()
    for start in range(0, rows, 25):
        some = range(start, min(start + 25, rows))
        Event.objects.bulk_create(
            Event(
                at=MONDAY + timedelta(minutes=n),
                actor=user,
                kind="case.step",
                subject="cases.case",
                subject_id=n,
                was="opened",
                became="closed",
                reason=f"because {n}",
                facts={"tier": n % 4},
            )
            for n in some
        )
        Access.objects.bulk_create(
            Access(
                at=timezone.now(),
                actor=user,
                subject="cases.case",
                subject_id=n,
                page="/cases/",
                request_id=uuid.uuid4(),
                purpose=f"to look {n}",
            )
            for n in some
        )
        seals.seal(now=timezone.now())


@contextmanager
def above_the_rules():
    """The name of a connection that no rule of the database binds."""
    name = "superuser"
    connections[name] = connection.copy(name)
    connections[name].settings_dict["USER"] = SUPERUSER
    try:
        with connections[name].cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        yield name
    finally:
        connections[name].close()
        del connections[name]


def tamper_and_look(using, name, chance, expect):
    """Tamper in a way of that name, look, and take it back; what was found."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        WAYS[name](cursor, chance, using)
        found = seals.verify(expect=expect, using=using)
        transaction.set_rollback(True, using=using)
    return found


def _some_log(chance):
    return chance.choice(list(Log))


def _some_id(cursor, log, chance):
    cursor.execute(f"SELECT id FROM {TABLES[log]} ORDER BY id")
    return chance.choice(cursor.fetchall())[0]


def change_a_field(cursor, chance, using):
    log = _some_log(chance)
    field = chance.choice([name for name in COLUMNS[log] if name != "id"])
    other = OTHER.get(field, f"{field} || ' '")
    cursor.execute(f"UPDATE {TABLES[log]} SET {field} = {other} WHERE id = %s", [_some_id(cursor, log, chance)])
    assert cursor.rowcount == 1


def take_a_row_out(cursor, chance, using):
    log = _some_log(chance)
    cursor.execute(f"DELETE FROM {TABLES[log]} WHERE id = %s", [_some_id(cursor, log, chance)])
    assert cursor.rowcount == 1


def take_the_last_row_out(cursor, chance, using):
    log = _some_log(chance)
    cursor.execute(f"DELETE FROM {TABLES[log]} WHERE id = (SELECT max(id) FROM {TABLES[log]})")
    assert cursor.rowcount == 1


def put_a_row_in(cursor, chance, using):
    log, columns = _some_log(chance), None
    columns = ", ".join(COLUMNS[log][1:])
    where = chance.choice(["-5", "0"]) if log == Log.EVENT else chance.choice(["-5", "0", "id"])
    cursor.execute(
        f"INSERT INTO {TABLES[log]} (id, {columns}) SELECT {where}, {columns} FROM {TABLES[log]} WHERE id = %s",
        [_some_id(cursor, log, chance)],
    )
    assert cursor.rowcount == 1


def swap_two_rows(cursor, chance, using):
    log = _some_log(chance)
    one, two = _some_id(cursor, log, chance), _some_id(cursor, log, chance)
    while one == two:
        two = _some_id(cursor, log, chance)
    table = TABLES[log]
    for was, becomes in ((one, -(10**12)), (two, one), (-(10**12), two)):
        cursor.execute(f"UPDATE {table} SET id = %s WHERE id = %s", [becomes, was])


def replace_a_row(cursor, chance, using):
    """One out and another in: the number of rows is as it was."""
    log = _some_log(chance)
    row, columns = _some_id(cursor, log, chance), ", ".join(COLUMNS[log][2:])
    cursor.execute(
        f"WITH old AS (DELETE FROM {TABLES[log]} WHERE id = %s RETURNING *) "
        f"INSERT INTO {TABLES[log]} (id, at, {columns}) SELECT id, at - interval '1 day', {columns} FROM old",
        [row],
    )
    assert cursor.rowcount == 1


def take_a_seal_out(cursor, chance, using):
    cursor.execute("DELETE FROM audit_seal WHERE number = %s", [chance.choice(_numbers(cursor))])
    assert cursor.rowcount == 1


def take_the_last_seals_out(cursor, chance, using):
    numbers = _numbers(cursor)
    cursor.execute("DELETE FROM audit_seal WHERE number > %s", [chance.choice(numbers[:-1])])


def change_a_seal(cursor, chance, using):
    field = chance.choice(["rows", "digest", "previous", "hash", "sealed_at", "from_id", "to_id", "number", "log"])
    other = {
        "rows": "rows + 1",
        "sealed_at": "sealed_at - interval '1 second'",
        "from_id": "from_id + 1",
        "to_id": "to_id + 1",
        "number": "number + 1000",
        "log": "CASE log WHEN 'event' THEN 'access' ELSE 'event' END",
    }.get(field, f"reverse({field}) || 'f'" if field == "previous" else f"translate({field}, '0123', '3210')")
    other = f"left({other}, 64)" if field == "previous" else other
    cursor.execute(f"UPDATE audit_seal SET {field} = {other} WHERE number = %s", [chance.choice(_numbers(cursor))])
    assert cursor.rowcount == 1


def draw_a_seal_anew(cursor, chance, using):
    """A row is changed, and its seal made to fit: its own hash is right, and it is the last or another follows it."""
    each = Seal.objects.using(using).get(number=chance.choice(_numbers(cursor)))
    log = Log(each.log)
    cursor.execute(
        f"UPDATE {TABLES[log]} SET subject_id = subject_id + 1 WHERE id = (SELECT min(id) FROM {TABLES[log]} "
        "WHERE id BETWEEN %s AND %s)",
        [each.from_id, each.to_id],
    )
    each.rows, each.digest = seals._measure(cursor, log, each.from_id, each.to_id)
    each.hash = hash_of(each)
    each.save(using=using)


def draw_the_chain_anew(cursor, chance, using):
    """A row is taken out and every seal made again, as if it had never been."""
    take_a_row_out(cursor, chance, using)
    cursor.execute("DELETE FROM audit_seal")
    for log in chance.sample(list(Log), 2):
        while seals._seal_batch(log, 10**15, MONDAY, using):
            pass


def _numbers(cursor):
    cursor.execute("SELECT number FROM audit_seal ORDER BY number")
    return [number for (number,) in cursor.fetchall()]


WAYS = {
    way.__name__: way
    for way in (
        change_a_field,
        take_a_row_out,
        take_the_last_row_out,
        put_a_row_in,
        swap_two_rows,
        replace_a_row,
        take_a_seal_out,
        take_the_last_seals_out,
        change_a_seal,
        draw_a_seal_anew,
        draw_the_chain_anew,
    )
}


def tamper(times, *, rows, seed):
    """Tamper so many times, a way at random each time; how often each was tried, and how often it was not found."""
    write(rows)
    expect, chance = seals.head().hash, random.Random(seed)
    tried, missed = dict.fromkeys(WAYS, 0), []
    with above_the_rules() as using:
        assert seals.verify(expect=expect, using=using) == []
        for turn in range(times):
            name = list(WAYS)[turn % len(WAYS)]
            tried[name] += 1
            if not tamper_and_look(using, name, chance, expect):
                missed.append(name)
        assert seals.verify(expect=expect, using=using) == []
    return tried, missed
