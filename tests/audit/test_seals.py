"""Who changed and who looked: added to, never altered, and whoever alters it all the same is found (promise P5)."""

import random
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, connections, transaction
from django.utils import timezone

from earlyhelp.audit import seals
from earlyhelp.audit.models import Access, Event, Log, Seal, Verification
from tests.audit.tampering import WAYS, above_the_rules, tamper, tamper_and_look, write
from tests.factories import MONDAY

NEVER = r"Cannot (update|delete|truncate)|never altered"
REFUSED = ["UPDATE {} SET id = id + 1000", "DELETE FROM {}", "TRUNCATE {}"]


@pytest.fixture
def sealed(db):
    write(60)


@pytest.mark.parametrize("statement", REFUSED)
@pytest.mark.parametrize("table", ["audit_event", "audit_access", "audit_seal"])
def test_nothing_that_is_written_is_changed_taken_out_or_emptied(sealed, table, statement):
    before = Event.objects.count(), Access.objects.count(), Seal.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a row of this very transaction would refuse by itself
    with (
        pytest.raises(InternalError, match=NEVER),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))

    assert (Event.objects.count(), Access.objects.count(), Seal.objects.count()) == before


@pytest.mark.parametrize("statement", REFUSED)
def test_nor_is_it_in_the_table_of_a_single_month(sealed, statement):
    month = f"audit_access_{timezone.now():%Y_%m}"
    with pytest.raises(InternalError, match="never altered"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(month))

    assert Access.objects.count() == 60


APPENDED_TO = [
    model
    for model in apps.get_models()
    if {"no_truncate"} & {each.name for each in getattr(model._meta, "triggers", [])}
]


@pytest.mark.parametrize("model", APPENDED_TO, ids=str)
def test_no_record_that_is_only_added_to_can_be_emptied(db, model):
    with (
        pytest.raises(InternalError, match="Cannot truncate"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


@pytest.mark.parametrize("model", APPENDED_TO, ids=str)
def test_whatever_is_only_added_to_is_guarded_against_changing_and_deleting(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(pg_get_triggerdef(oid), ' ') FROM pg_trigger "
            "WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND NOT tgisinternal",
            [model._meta.db_table],
        )
        guarded = cursor.fetchone()[0]

    assert all(f"{deed}" in guarded for deed in ("UPDATE", "DELETE", "BEFORE TRUNCATE"))


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER ROLE CURRENT_USER SUPERUSER",
    ],
)
def test_the_role_of_the_application_cannot_step_above_the_rules(db, statement):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_row_is_in_one_seal_and_the_seals_follow_each_other(sealed):
    chain = list(Seal.objects.all())

    assert [each.number for each in chain] == list(range(1, 7))
    assert [each.previous for each in chain] == ["", *(each.hash for each in chain[:-1])]
    for log in Log:
        assert sum(each.rows for each in chain if each.log == log) == 60
    assert seals.verify() == []


def test_what_is_sealed_is_not_sealed_again(sealed):
    assert seals.seal(now=MONDAY) == 0
    assert Seal.objects.count() == 6


def test_every_column_of_the_logs_is_sealed():
    for model, log in ((Event, Log.EVENT), (Access, Log.ACCESS)):
        assert set(seals.COLUMNS[log]) == {field.attname for field in model._meta.concrete_fields}


def test_a_long_log_is_sealed_a_batch_at_a_time(db, monkeypatch):
    monkeypatch.setattr(seals, "ROWS_A_SEAL", 10)
    write(25)

    assert list(Seal.objects.filter(log="event").values_list("rows", flat=True)) == [10, 10, 5]
    assert seals.verify() == []


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_still_on_its_way_is_not_passed_over(monkeypatch):
    """Ids are drawn in order and committed in any: a slow transaction holds a lower one than what is there already."""
    monkeypatch.setattr(seals, "TRIES", 2)
    write(5)
    slow = connections["slow"] = connection.copy("slow")
    with transaction.atomic(using="slow"):
        Event.objects.using("slow").create(at=MONDAY, kind="slow", subject="cases.case", subject_id=1)
        Event.objects.create(at=MONDAY, kind="quick", subject="cases.case", subject_id=1)
        seals.seal(now=MONDAY)
        assert Seal.objects.filter(log="event").count() == 1  # and it did not wait
    slow.close()
    del connections["slow"]

    seals.seal(now=MONDAY)
    assert Seal.objects.filter(log="event").last().rows == 2
    assert seals.verify() == []


@pytest.mark.django_db(transaction=True)
def test_sealing_keeps_nobody_from_writing_for_long(monkeypatch):
    """The moment at which nobody writes is asked for without waiting: who writes meanwhile is before it or after it."""
    write(5)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '50ms'")
        Event.objects.create(at=MONDAY, kind="late", subject="cases.case", subject_id=1)
    assert seals.seal(now=MONDAY) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", WAYS)
def test_a_tampering_is_found(way):
    write(60)
    expect = seals.head().hash
    with above_the_rules() as using:
        for seed in range(3):
            assert tamper_and_look(using, way, random.Random(seed), expect)
        assert seals.verify(using=using, expect=expect) == []


@pytest.mark.django_db(transaction=True)
def test_a_hundred_tamperings_are_all_found():
    tried, missed = tamper(100, rows=100, seed=5)

    assert sum(tried.values()) == 100
    assert missed == []


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE audit_event SET reason = 'another' WHERE id = (SELECT min(id) FROM audit_event)", "rows were altered"),
        ("DELETE FROM audit_event WHERE id = (SELECT min(id) FROM audit_event)", "1 of its rows are missing"),
        ("UPDATE audit_event SET id = -1 WHERE id = (SELECT max(id) FROM audit_event)", "1 rows were added"),
        ("DELETE FROM audit_seal WHERE number = 2", "the seals before it are missing"),
        ("UPDATE audit_seal SET rows = 2 WHERE number = 2", "the seal was altered"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_what_was_done_is_said_and_in_which_seal(tampering, said):
    write(60)
    with above_the_rules() as using, transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(tampering)
        faults = list(map(str, seals.verify(using=using)))
        transaction.set_rollback(True, using=using)

    assert any(said in fault for fault in faults)
    assert all(re.match(r"seal \d+: ", fault) for fault in faults)


def test_what_people_wrote_goes_with_the_record_and_the_seals_still_fit(sealed):
    assert seals.erase_texts("cases.case", [3, 4], because="disposal 1", now=MONDAY) == 2

    assert list(Event.objects.filter(subject_id__in=[3, 4]).values_list("reason", "facts")) == [("", {})] * 2
    assert Event.objects.exclude(reason="").count() == 58
    assert seals.verify() == []
    assert seals.erase_texts("cases.case", [3, 4], because="DIS-2", now=MONDAY) == 0


@pytest.mark.django_db(transaction=True)
def test_an_event_whose_texts_were_erased_is_sealed_still():
    write(10)
    seals.erase_texts("cases.case", [3], because="disposal 1", now=MONDAY)
    for tampering in ("reason = 'another'", "actor_id = NULL", "kind = 'another'"):
        with above_the_rules() as using, transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(f"UPDATE audit_event SET {tampering} WHERE subject_id = 3")
            assert len(seals.verify(using=using)) == 1
            transaction.set_rollback(True, using=using)


def test_the_last_days_alone_are_compared_with_the_seals_they_follow(sealed):
    assert seals.verify(since=timezone.now() - timedelta(days=1)) == []
    assert seals.verify(since=Seal.objects.get(number=4).sealed_at) == []
    assert seals.verify(since=timezone.now() + timedelta(days=1)) == []


def test_the_command_says_that_all_is_well_and_prints_the_head(sealed, capsys):
    call_command("audit", "verify")
    call_command("audit", "head")
    out = capsys.readouterr().out

    assert "All is as it was written, up to seal 6" in out
    assert seals.head().hash in out
    call_command("audit", "verify", "--expect", Seal.objects.get(number=3).hash)


def test_the_command_ends_with_one_where_the_head_is_not_in_the_chain(sealed, capsys):
    with pytest.raises(CommandError) as stopped:
        call_command("audit", "verify", "--expect", "0" * 64)

    assert stopped.value.returncode == 1
    assert "cut off or drawn anew" in capsys.readouterr().out
    assert not Verification.objects.exists()
