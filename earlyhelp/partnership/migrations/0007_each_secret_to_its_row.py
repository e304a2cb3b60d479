"""Secrets of second factors were sealed alike: one copied into another row opened there. Each is bound to its own row now."""

import base64

from django.db import migrations

from earlyhelp.core.sealing import Unsealable, seal, unseal

BEFORE = "second factor"  # what each of them was bound to
NAMES = ("secret", "seed")


def bind_each(apps, _editor):
    _bind(apps, lambda factor: (BEFORE, _own(factor)))


def bind_alike(apps, _editor):
    _bind(apps, lambda factor: (_own(factor), BEFORE))


def _own(factor):
    return f"mfa.authenticator:{factor.pk}"


def _bind(apps, bindings):
    """What does not open stays as it is: it was altered, or its key is no longer held, and it opened for nobody before."""
    for factor in apps.get_model("mfa", "Authenticator").objects.order_by("pk").iterator():
        before, after = bindings(factor)
        for name in NAMES:
            if name in factor.data:
                _anew(factor, name, before, after)
        factor.save(update_fields=["data"])


def _anew(factor, name, before, after):
    try:
        text = unseal(base64.b64decode(factor.data[name]), bound_to=before)
    except Unsealable:
        return
    factor.data[name] = base64.b64encode(seal(text, bound_to=after)).decode()


class Migration(migrations.Migration):
    dependencies = [
        ("mfa", "0003_authenticator_type_uniq"),
        ("partnership", "0006_hours_leave_and_languages"),
    ]
    operations = [migrations.RunPython(bind_each, bind_alike)]
