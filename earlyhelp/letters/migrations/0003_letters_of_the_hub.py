"""The letters of what the hub decides, of who leads and of the end, for authorities that have the earlier ones already."""

from django.db import migrations, models
from django.utils import timezone

from earlyhelp.letters.defaults import DEFAULTS
from earlyhelp.letters.enums import Kind


def load(apps, _editor):
    template = apps.get_model("letters", "LetterTemplate")
    for (kind, reader), (subject, body) in DEFAULTS.items():
        facts = {"subject": subject, "body": body, "at": timezone.now()}
        template.objects.get_or_create(kind=kind.value, reader=reader.value, version=1, defaults=facts)


class Migration(migrations.Migration):
    dependencies = [("letters", "0002_first_letters")]
    operations = [
        migrations.AlterField("lettertemplate", "kind", models.CharField(choices=Kind, max_length=40)),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
