"""The restricted families that a person is named on, read with the rest of what they reach."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func

from earlyhelp.core.wall import NAMED_ON
from earlyhelp.partnership.scope import scope_part


@scope_part(NAMED_ON)
def _named_on() -> Func:
    return Func(F("pk"), function="wall_named_on", output_field=ArrayField(BigIntegerField()))
