from django.db import migrations

from earlyhelp.wall.sql import built, pulled_down


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0015_in_restricted"),
        ("cases", "0006_restricted_few"),
        ("sharing", "0005_told_before"),
        ("documents", "0001_documents"),
        ("directory", "0004_services_reminded"),
        ("disagreements", "0001_initial"),
        ("referrals", "0013_no_answer"),
        ("assessments", "0004_feedback"),
        ("hubs", "0006_what_stops_a_case_and_what_a_place_lacks"),
        ("lac", "0002_reference"),
        ("records", "0004_held_without_a_day"),
    ]
    operations = [migrations.RunSQL(built(), pulled_down())]
