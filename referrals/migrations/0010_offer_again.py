from django.db import migrations

from earlyhelp.deadlines.standards import DEFAULTS


def load(apps, _editor):
    """Where Early Help runs already, this standard is not there yet."""
    standard = apps.get_model("deadlines", "ServiceStandard")
    for code, tier, label, amount, unit, amber in DEFAULTS:
        if code == "D_OFFER_AGAIN":
            facts = {"label": label, "amount": amount, "unit": unit.value, "amber_percent": amber}
            standard.objects.get_or_create(code=code, tier=tier, defaults=facts)


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_standards"), ("referrals", "0009_calls_and_step_downs")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
