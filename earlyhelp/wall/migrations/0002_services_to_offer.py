from django.db import migrations

from earlyhelp.wall.sql import built_on, taken_out

TABLES = ("hubs_serviceoffer", "hubs_serviceofferevent")


class Migration(migrations.Migration):
    dependencies = [("wall", "0001_the_second_wall"), ("hubs", "0014_services_to_offer")]
    operations = [migrations.RunSQL(built_on(TABLES), taken_out(TABLES))]
