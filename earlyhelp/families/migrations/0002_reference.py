"""References count up and are never used twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("families", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE families_reference", "DROP SEQUENCE families_reference")]
