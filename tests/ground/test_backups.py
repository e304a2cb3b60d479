"""One command backs up, one restores, and what comes out equals what went in (promise P16)."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from earlyhelp.audit import seals
from earlyhelp.audit.models import Event, record
from earlyhelp.backups import making, measuring
from earlyhelp.backups.making import back_up
from earlyhelp.backups.programs import Failed
from earlyhelp.backups.restoring import differences, restore
from earlyhelp.families.models import Family
from tests.backups import elsewhere, measured
from tests.factories import MONDAY, CaseFactory, PostFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def family():
    """A family with a case, and something in the trail; committed, for a backup sees nothing else."""
    case = CaseFactory()
    record("test.happened", case, by=PostFactory().user, at=MONDAY, reason="¡Año, “quotes”, 'and' \\ a\ttab\n")
    connections["default"].close()
    return case.family


@pytest.fixture
def documents(settings, tmp_path):
    """A store of the record's files, as another storey of the house brings it."""
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "store"}}
    settings.STORAGES = settings.STORAGES | {"documents": kept}
    store = storages["documents"]
    store.save("2026/11/letter.sealed", ContentFile(b"\x00sealed"))
    return store


@pytest.fixture
def backup(family, tmp_path):
    folder = tmp_path / "monday"
    back_up(folder, now=MONDAY)
    return folder


def test_what_is_restored_elsewhere_equals_what_was_backed_up(backup):
    with elsewhere() as there:
        restore(backup, using=there)

        tables, sequences = measured()
        assert measured(there) == (tables, sequences)
        assert tables['"public"."families_family"']["rows"] == 1
        assert len(sequences) > 50


def test_what_is_restored_keeps_its_rules(backup, family):
    with elsewhere() as there:
        restore(backup, using=there)

        with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic(using=there):
            Event.objects.using(there).update(reason="another")
        again = Family.objects.using(there).create(name="New", area_id=family.area_id, created_at=MONDAY)
        assert again.pk > Family.objects.get().pk


def test_a_backup_sees_one_moment_however_much_is_written_meanwhile(family, tmp_path, monkeypatch):
    dump = making.dump

    def dump_while_somebody_writes(using, **options):
        dump(using, **options)
        connections["late"] = connections["default"].copy("late")
        Family.objects.using("late").create(name="Late", area_id=family.area_id, created_at=MONDAY)
        connections["late"].close()
        del connections["late"]

    monkeypatch.setattr(making, "dump", dump_while_somebody_writes)
    manifest = back_up(tmp_path / "monday", now=MONDAY)

    assert Family.objects.count() == 2
    assert manifest["database"]["tables"]['"public"."families_family"']["rows"] == 1
    with elsewhere() as there:
        restore(tmp_path / "monday", using=there)


def test_the_documents_go_with_it_and_come_back(family, documents, tmp_path):
    back_up(tmp_path / "monday", now=MONDAY)
    documents.delete("2026/11/letter.sealed")
    documents.save("stray.sealed", ContentFile(b"of no row"))
    with elsewhere() as there:
        restore(tmp_path / "monday", using=there)

    assert list(measuring.stored(documents)) == ["2026/11/letter.sealed"]
    assert documents.open("2026/11/letter.sealed").read() == b"\x00sealed"


def test_the_manifest_names_the_sealing_keys_and_holds_none(backup, settings):
    text = (backup / "manifest.json").read_text()

    assert json.loads(text)["sealing_keys"] == ["demo"]
    assert settings.SECRET_KEY not in text


def test_the_manifest_keeps_the_head_of_the_log(family, tmp_path):
    seals.seal(now=MONDAY)
    connections["default"].close()
    manifest = back_up(tmp_path / "monday", now=MONDAY)

    assert manifest["database"]["audit_head"] == seals.head().hash
    with elsewhere() as there:
        restore(tmp_path / "monday", using=there)
        assert seals.verify(expect=seals.head().hash, using=there) == []


def test_nobody_else_may_enter_a_backup(backup):
    assert backup.stat().st_mode & 0o077 == 0


def test_nothing_is_written_over_a_backup(backup):
    before = (backup / "manifest.json").read_text()
    with pytest.raises(Failed, match="nothing is written over a backup"):
        back_up(backup, now=MONDAY)

    assert (backup / "manifest.json").read_text() == before


def test_a_backup_that_breaks_off_never_bears_its_name(family, tmp_path, monkeypatch):
    monkeypatch.setattr(making, "_documents", lambda folder: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        back_up(tmp_path / "monday", now=MONDAY)

    assert not (tmp_path / "monday").exists()
    with pytest.raises(Failed, match="not a whole one"):
        restore(tmp_path / "monday.unfinished")


def test_a_database_that_holds_something_is_replaced_only_when_told_to(backup):
    Family.objects.update(name="Later")
    with pytest.raises(Failed, match="--replace"):
        restore(backup)
    assert Family.objects.get().name == "Later"

    restore(backup, replace=True)
    assert Family.objects.get().name != "Later"
    connections["default"].close()


def test_a_table_that_the_backup_does_not_know_is_gone_after_a_restore(backup):
    with elsewhere() as there:
        with connections[there].cursor() as cursor:
            cursor.execute("CREATE TABLE of_a_newer_release (id bigint)")
        restore(backup, using=there, replace=True)

        assert measured(there) == measured()


def test_a_database_that_somebody_uses_is_not_replaced(backup):
    connections["web"] = connections["default"].copy("web")
    try:
        connections["web"].ensure_connection()
        with pytest.raises(Failed, match="1 others are connected"):
            restore(backup, replace=True)
    finally:
        connections["web"].close()
        del connections["web"]

    assert Family.objects.count() == 1


def test_a_damaged_backup_is_refused_and_nothing_is_touched(backup):
    Family.objects.update(name="Later")
    dump = backup / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-1] + b"?")

    with pytest.raises(Failed, match=r"damaged: database\.dump\. Nothing was changed"):
        restore(backup, replace=True)
    assert Family.objects.get().name == "Later"


def test_what_cannot_be_put_back_whole_is_not_put_back_at_all(backup):
    manifest = json.loads((backup / "manifest.json").read_text())
    (backup / "database.dump").write_bytes(b"PGDMP is how it begins, and no more")
    with (backup / "database.dump").open("rb") as file:
        manifest["database"]["sha256"] = measuring.digest(file)
    (backup / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(Failed):
        restore(backup, replace=True)
    assert Family.objects.count() == 1


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE partnership_area SET name = name || ' '",
        "DELETE FROM deadlines_servicestandard WHERE id = (SELECT min(id) FROM deadlines_servicestandard)",
        "INSERT INTO django_session VALUES ('a', 'b', now())",
        "SELECT setval('families_family_id_seq', 1, false)",
    ],
)
def test_any_difference_is_found(backup, tampering):
    manifest = json.loads((backup / "manifest.json").read_text())
    assert differences(manifest, "default") == []
    with connections["default"].cursor() as cursor:
        cursor.execute(tampering)

    assert len(differences(manifest, "default")) == 1


def test_the_commands_say_what_they_did(family, tmp_path, capsys):
    call_command("backup", tmp_path / "monday")
    assert "Keep those elsewhere" in capsys.readouterr().out

    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", tmp_path / "monday")
    call_command("restore", tmp_path / "monday", "--replace")
    assert "equal to what was backed up" in capsys.readouterr().out
    connections["default"].close()
