"""What every request passes: a page that shows cannot change anything, however the statement is worded."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from earlyhelp.core.composed import PLAN_ONCE
from earlyhelp.core.middleware import ReadOnlyPages, changes_something
from earlyhelp.families.models import Family
from tests.factories import FamilyFactory

WRITES = [
    'INSERT INTO "a" VALUES (1)',
    "  update a set b = 1",
    'WITH x AS (INSERT INTO "a" VALUES (1) RETURNING 1) SELECT * FROM x',
    "with x as materialized (\n  delete from a returning 1) select 1",
    'WITH x AS (SELECT 1) DELETE FROM "a"',
    "WITH x AS (SELECT 1)\nUPDATE a SET b = 1",
    "/* only looking */ DELETE FROM a",
    "-- only looking\nDELETE FROM a",
    "SELECT 1; DROP TABLE a",
    "MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE",
    'SELECT "a"."id" FROM "a" FOR UPDATE',
    "SELECT 1 FROM a FOR NO KEY UPDATE OF a SKIP LOCKED",
    "SELECT 1 FROM a FOR KEY SHARE",
    "SELECT nextval('a_id_seq')",
    "SELECT pg_advisory_xact_lock(1)",
    "SELECT a INTO b FROM c",
    "EXPLAIN ANALYZE DELETE FROM a",
    "CALL tidy()",
    'INSERT INTO "audit_access" SELECT 1; DELETE FROM "audit_event"',
    'WITH x AS (DELETE FROM "a" RETURNING 1) INSERT INTO "audit_access" SELECT 1',
    'UPDATE "partnership_user" SET "is_active" = true',
    f'{PLAN_ONCE}EXECUTE composed_7 (%s); DELETE FROM "a"',
    f"{PLAN_ONCE}EXECUTE anything (%s)",
]
READS = [
    "SELECT 1",
    'SELECT "a"."update", ("a"."delete") FROM "a" WHERE "a"."insert" = %s',
    'SELECT "a"."updated_at" FROM "a" ORDER BY "a"."do" DESC',
    'WITH x AS (SELECT 1) SELECT * FROM x WHERE ("x"."kind" IN (%s, %s))',
    'INSERT INTO "audit_access" ("at", "actor_id") VALUES (%s, %s), (%s, %s)',
    'INSERT INTO "audit_access" ("at", "subject", "key") SELECT %s, shown.* FROM unnest(%s::text[], %s::bigint[]) AS shown',
    'UPDATE "django_session" SET "session_data" = %s WHERE "django_session"."session_key" = %s',
    'UPDATE "partnership_user" SET "last_login" = %s WHERE "partnership_user"."id" = %s',
    'SAVEPOINT "s1"',
    "EXECUTE composed_7 (%s)",
    f"{PLAN_ONCE}EXECUTE composed_7 (%s)",
]


@pytest.mark.parametrize("sql", WRITES)
def test_what_changes_or_locks_is_seen(sql):
    assert changes_something(sql)


@pytest.mark.parametrize("sql", READS)
def test_what_only_reads_or_writes_down_that_somebody_looked_is_let_through(sql):
    assert not changes_something(sql)


def page_that(does):
    def page(request):
        does()
        return HttpResponse("Shown.")

    return ReadOnlyPages(page)


HIDDEN = "WITH gone AS (DELETE FROM families_family RETURNING 1) SELECT count(*) FROM gone"


def delete_in_disguise():
    with connection.cursor() as cursor:
        cursor.execute(HIDDEN)


def lock():
    list(Family.objects.select_for_update())


@pytest.mark.parametrize("does", [delete_in_disguise, lock])
def test_a_page_that_tries_fails_and_nothing_has_changed(db, does):
    FamilyFactory()

    with pytest.raises(RuntimeError, match="tried to write"):
        page_that(does)(RequestFactory().get("/"))

    assert Family.objects.count() == 1


def test_what_is_sent_may_change_what_it_will(db):
    FamilyFactory()

    assert page_that(lock)(RequestFactory().post("/")).status_code == 200
