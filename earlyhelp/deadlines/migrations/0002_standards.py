"""The service standards that a new authority starts with."""

from django.db import migrations

from earlyhelp.deadlines.standards import DEFAULTS


def load(apps, _editor):
    standard = apps.get_model("deadlines", "ServiceStandard")
    for code, tier, label, amount, unit, amber in DEFAULTS:
        facts = {"label": label, "amount": amount, "unit": unit.value, "amber_percent": amber}
        standard.objects.get_or_create(code=code, tier=tier, defaults=facts)


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
