"""A person is restricted with a family: nothing ever set the flag of one alone, and every rule asked for it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0015_in_restricted"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="person",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="person",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="person",
            name="delete_delete",
        ),
        migrations.RemoveField(
            model_name="person",
            name="restricted",
        ),
        migrations.RemoveField(
            model_name="personevent",
            name="restricted",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "families_personevent" ("area_id", "born_on", "communication", "created_at", "created_by_id", "died_on", "email", "expected_on", "first_name", "id", "interpreter", "known_as", "language", "last_name", "merged_into_id", "nhs_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "sex", "upn", "version") VALUES (NEW."area_id", NEW."born_on", NEW."communication", NEW."created_at", NEW."created_by_id", NEW."died_on", NEW."email", NEW."expected_on", NEW."first_name", NEW."id", NEW."interpreter", NEW."known_as", NEW."language", NEW."last_name", NEW."merged_into_id", NEW."nhs_number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."postcode", NEW."sex", NEW."upn", NEW."version"); RETURN NULL;',
                    hash="5d5168ed74611683bcc7902db42da5a70608f0cf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9f408",
                    table="families_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "families_personevent" ("area_id", "born_on", "communication", "created_at", "created_by_id", "died_on", "email", "expected_on", "first_name", "id", "interpreter", "known_as", "language", "last_name", "merged_into_id", "nhs_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "sex", "upn", "version") VALUES (NEW."area_id", NEW."born_on", NEW."communication", NEW."created_at", NEW."created_by_id", NEW."died_on", NEW."email", NEW."expected_on", NEW."first_name", NEW."id", NEW."interpreter", NEW."known_as", NEW."language", NEW."last_name", NEW."merged_into_id", NEW."nhs_number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."postcode", NEW."sex", NEW."upn", NEW."version"); RETURN NULL;',
                    hash="964684e5220f06ad9f36eb8f53a507213366d4c4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_663db",
                    table="families_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "families_personevent" ("area_id", "born_on", "communication", "created_at", "created_by_id", "died_on", "email", "expected_on", "first_name", "id", "interpreter", "known_as", "language", "last_name", "merged_into_id", "nhs_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "sex", "upn", "version") VALUES (OLD."area_id", OLD."born_on", OLD."communication", OLD."created_at", OLD."created_by_id", OLD."died_on", OLD."email", OLD."expected_on", OLD."first_name", OLD."id", OLD."interpreter", OLD."known_as", OLD."language", OLD."last_name", OLD."merged_into_id", OLD."nhs_number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."postcode", OLD."sex", OLD."upn", OLD."version"); RETURN NULL;',
                    hash="fe126971e5ef9a439ff67e99cfca558ffa697935",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_460b6",
                    table="families_person",
                    when="AFTER",
                ),
            ),
        ),
    ]
