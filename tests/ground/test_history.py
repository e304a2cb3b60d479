"""Every change of a record leaves a version behind, whichever way it came: the database writes it, not the code."""

import pghistory
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from earlyhelp.families.models import Family
from earlyhelp.families.queries import sole_plan_is_barred
from tests.factories import AreaFactory, FamilyFactory


@pytest.fixture
def family(db):
    return FamilyFactory(name="Sharma")


def versions(family):
    history = Family.history.rel.related_model
    return list(history.objects.filter(pgh_obj_id=family.pk).order_by("pgh_id").values_list("pgh_label", "name"))


def by_saving(family):
    family.name = "Grant"
    family.save()


def by_update(family):
    Family.objects.filter(pk=family.pk).update(name="Grant")


def by_bulk_update(family):
    family.name = "Grant"
    Family.objects.bulk_update([family], ["name"])


def by_raw_sql(family):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE families_family SET name = 'Grant' WHERE id = %s", [family.pk])


def by_an_upsert(family):
    family.name = "Grant"
    Family.objects.bulk_create([family], update_conflicts=True, unique_fields=["id"], update_fields=["name"])


@pytest.mark.parametrize("change", [by_saving, by_update, by_bulk_update, by_an_upsert, by_raw_sql])
def test_a_change_keeps_what_was_there(family, change):
    change(family)

    assert versions(family) == [("insert", "Sharma"), ("update", "Grant")]


def test_rows_made_in_bulk_are_kept_from_the_first(db):
    area = AreaFactory()
    made = Family.objects.bulk_create(FamilyFactory.build(area=area) for _ in range(3))

    assert [versions(family) for family in made] == [[("insert", family.name)] for family in made]


def test_a_row_that_raw_sql_puts_in_is_kept_from_the_first(family):
    columns = ", ".join(field.column for field in Family._meta.concrete_fields if field.name not in ("id", "reference"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO families_family (reference, {columns}) SELECT 'FAM-RAW', {columns} FROM families_family"
        )

    assert versions(Family.objects.get(reference="FAM-RAW")) == [("insert", "Sharma")]


def one_by_one(family):
    Family.objects.get(pk=family.pk).delete()


def all_at_once(family):
    Family.objects.filter(pk=family.pk).delete()


def with_raw_sql(family):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM families_family WHERE id = %s", [family.pk])


@pytest.mark.parametrize("delete", [one_by_one, all_at_once, with_raw_sql])
def test_what_is_deleted_is_kept(family, delete):
    delete(family)

    assert versions(family) == [("insert", "Sharma"), ("delete", "Sharma")]


def test_a_change_that_changes_nothing_leaves_nothing(family):
    Family.objects.filter(pk=family.pk).update(name="Sharma")

    assert versions(family) == [("insert", "Sharma")]


def test_a_change_says_on_whose_behalf_it_was_made_and_what_changes_nothing_does_not(family):
    """Said with each change: what was said before a savepoint that is taken back is gone with it."""
    with CaptureQueriesContext(connection) as asked, pghistory.context(user=7):
        assert not sole_plan_is_barred(family.pk)
        with transaction.atomic():
            by_update(family)
            transaction.set_rollback(True)
        sole_plan_is_barred(family.pk)
        by_saving(family)

    [last] = family.history.filter(pgh_label="update")
    assert last.pgh_context.metadata == {"user": 7}
    said = [query["sql"] for query in asked if "set_config" in query["sql"]]
    assert said
    assert not any("EXECUTE" in sql or "SAVEPOINT" in sql for sql in said)


TRACKED = [model for model in apps.get_models() if hasattr(model, "history")]
TRIGGERS = """
    SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND NOT tgisinternal
"""


@pytest.mark.parametrize("model", TRACKED, ids=str)
def test_each_kind_of_record_with_a_history_has_all_three_triggers_switched_on(model, db):
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS, [model._meta.db_table])
        names = " ".join(name for (name,) in cursor.fetchall())

    assert [what for what in ("insert_insert", "update_update", "delete_delete") if what not in names] == []
