from django.db import migrations

from earlyhelp.wall.sql import RISKS, built_on, taken_out


class Migration(migrations.Migration):
    dependencies = [("wall", "0001_the_second_wall"), ("assessments", "0006_risks_and_safety_plans")]
    operations = [migrations.RunSQL(built_on(RISKS), taken_out(RISKS))]
