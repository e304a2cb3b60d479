"""A record may be shown to somebody without an account, by a link of its own: then it is written down by which."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ALTER = """
ALTER TABLE audit_access ALTER COLUMN actor_id DROP NOT NULL;
ALTER TABLE audit_access ADD CONSTRAINT access_says_who CHECK (actor_id IS NOT NULL OR purpose <> '');
"""
UNDO = """
ALTER TABLE audit_access DROP CONSTRAINT access_says_who;
ALTER TABLE audit_access ALTER COLUMN actor_id SET NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("audit", "0002_access_log"),
    ]
    operations = [
        migrations.RunSQL(
            ALTER,
            UNDO,
            state_operations=[
                migrations.AlterField(
                    model_name="access",
                    name="actor",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                )
            ],
        ),
    ]
