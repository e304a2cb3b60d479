"""References count up and are never used twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lac", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE lac_reference", "DROP SEQUENCE lac_reference")]
