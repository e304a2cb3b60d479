from django.db import migrations

from earlyhelp.wall.sql import OFFERS, built_on, taken_out


class Migration(migrations.Migration):
    dependencies = [("wall", "0002_risks_and_safety_plans"), ("hubs", "0016_services_to_offer")]
    operations = [migrations.RunSQL(built_on(OFFERS), taken_out(OFFERS))]
