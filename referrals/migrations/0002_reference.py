"""References count up and are never used twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]
    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE {name}", f"DROP SEQUENCE {name}")
        for name in ("referrals_reference", "referrals_request_reference", "referrals_handover_reference")
    ]
