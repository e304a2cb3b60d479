"""A reference that somebody has in their hand leads to its record, if they may see it; else it is as if there were none.

Each app lodges its records under the letters with which their references begin.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import models

REFERENCE = re.compile(r"([A-Z]{1,4})-[0-9A-Z-]{1,16}")
LED_TO: dict[str, type[models.Model]] = {}


def leads_to(letters: str, model: type[models.Model]) -> None:
    """``model`` has ``reference``, ``get_absolute_url()`` and a rule for who may view it."""
    LED_TO[letters] = model


def led_to(typed: str, user: Any) -> str:
    """The page of the record of this reference, in one query; nothing for one that is not there, or not theirs to see."""
    reference = "".join(typed.split()).upper()
    parts = REFERENCE.fullmatch(reference)
    model: Any = LED_TO.get(parts[1]) if parts else None
    row = model and model.objects.for_user(user).filter(reference=reference).first()
    return row.get_absolute_url() if row else ""
