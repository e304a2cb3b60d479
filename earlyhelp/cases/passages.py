"""The chronology of a family, event by event, for copies: each says whom it is about."""

from __future__ import annotations

from earlyhelp.core import dates
from earlyhelp.families.models import Family, SignificantEvent
from earlyhelp.sharing.enums import Data
from earlyhelp.sharing.passages import Passage, document


@document("chronology", "What has happened", Data.CHRONOLOGY)
def chronology(family: Family) -> list[Passage]:
    """What happened to the family, oldest first, and nothing that was a mistake. Of the case those read who work on it.

    What an agency keeps to itself is in no copy: whoever makes one would read it.
    """
    rows = (
        SignificantEvent.objects.standing().filter(family=family, private_to_agency=False).order_by("happened_on", "pk")
    )
    return [
        Passage(
            f"event-{each.pk}",
            f"{dates.day(each.happened_on)}: {each.get_kind_display().lower()}",
            each.text,
            frozenset([each.person_id]) if each.person_id else frozenset(),
        )
        for each in rows
    ]
