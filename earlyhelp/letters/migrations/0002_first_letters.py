"""The letters that a new authority starts with."""

from django.db import migrations
from django.utils import timezone

from earlyhelp.letters.defaults import DEFAULTS


def load(apps, _editor):
    template = apps.get_model("letters", "LetterTemplate")
    for (kind, reader), (subject, body) in DEFAULTS.items():
        facts = {"subject": subject, "body": body, "at": timezone.now()}
        template.objects.get_or_create(kind=kind.value, reader=reader.value, version=1, defaults=facts)


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
