"""The plan itself no longer says who agreed: each person's own agreement does."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Backwards, the plan has room for one person: whoever was written down last.
PUT_BACK = """
UPDATE assessments_plan p SET agreed_with_id = a.person_id, family_words = a.words
FROM (SELECT DISTINCT ON (plan_id) * FROM assessments_planagreement ORDER BY plan_id, id DESC) a WHERE a.plan_id = p.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_each_persons_agreement")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="plan",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="plan",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="plan",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="plan",
            name="plan_agreed_by_somebody",
        ),
        migrations.RunSQL(migrations.RunSQL.noop, PUT_BACK),
        migrations.RemoveField(
            model_name="plan",
            name="agreed_with",
        ),
        migrations.RemoveField(
            model_name="plan",
            name="family_words",
        ),
        migrations.RemoveField(
            model_name="planevent",
            name="agreed_with",
        ),
        migrations.RemoveField(
            model_name="planevent",
            name="family_words",
        ),
        migrations.AlterField(
            model_name="assessment",
            name="family_has_copy",
            field=models.CharField(
                blank=True,
                choices=[
                    ("yes", "Yes, they have a copy"),
                    ("declined", "No, they did not want one"),
                    ("not_yet", "Not yet: I will give it to them"),
                ],
                max_length=10,
                verbose_name="the family has a copy",
            ),
        ),
        migrations.AlterField(
            model_name="assessmentevent",
            name="family_has_copy",
            field=models.CharField(
                blank=True,
                choices=[
                    ("yes", "Yes, they have a copy"),
                    ("declined", "No, they did not want one"),
                    ("not_yet", "Not yet: I will give it to them"),
                ],
                max_length=10,
                verbose_name="the family has a copy",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="plan",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "assessments_planevent" ("agreed_on", "case_id", "contingency", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "version") VALUES (NEW."agreed_on", NEW."case_id", NEW."contingency", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."status", NEW."version"); RETURN NULL;',
                    hash="8c81dcf8cc94dd9bf2008be01332c90b05bb802e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_831f3",
                    table="assessments_plan",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="plan",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "assessments_planevent" ("agreed_on", "case_id", "contingency", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "version") VALUES (NEW."agreed_on", NEW."case_id", NEW."contingency", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."status", NEW."version"); RETURN NULL;',
                    hash="93cbd9da4eff218dd4d4e782a769f834d53ebcce",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6196a",
                    table="assessments_plan",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="plan",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "assessments_planevent" ("agreed_on", "case_id", "contingency", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status", "version") VALUES (OLD."agreed_on", OLD."case_id", OLD."contingency", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."status", OLD."version"); RETURN NULL;',
                    hash="e12ebb6c13ad22352581ff1a9f1358346d9803d4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3730f",
                    table="assessments_plan",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "agreed"), _negated=True), ("agreed_on__isnull", False), _connector="OR"
                ),
                name="plan_agreed_says_when",
            ),
        ),
    ]
