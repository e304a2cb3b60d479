from django.db import migrations

from earlyhelp.wall.sql import KIN, built_on, taken_out


class Migration(migrations.Migration):
    dependencies = [("wall", "0003_services_to_offer"), ("families", "0019_losses_and_bonds")]
    operations = [migrations.RunSQL(built_on(KIN), taken_out(KIN))]
