from django.db import migrations

from earlyhelp.wall.sql import built, pulled_down


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0013_in_restricted"),
        ("cases", "0005_restricted_few"),
        ("sharing", "0004_whose_it_is"),
        ("documents", "0001_documents"),
        ("directory", "0004_services_reminded"),
        ("disagreements", "0001_initial"),
        ("referrals", "0013_no_answer"),
        ("assessments", "0003_agreements_apart"),
        ("hubs", "0002_where_a_family_is_signposted"),
        ("lac", "0002_reference"),
        ("records", "0002_subject_access"),
    ]
    operations = [migrations.RunSQL(built(), pulled_down())]
