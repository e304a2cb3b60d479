from django.db import migrations

from earlyhelp.wall.sql import KIN, built_on, taken_out


class Migration(migrations.Migration):
    dependencies = [("wall", "0002_risks_and_safety_plans"), ("families", "0019_losses_and_bonds")]
    operations = [migrations.RunSQL(built_on(KIN), taken_out(KIN))]
