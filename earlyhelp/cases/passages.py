"""The chronology of a family, event by event, for copies: each says whom it is about."""

from __future__ import annotations

from collections.abc import Iterator

from earlyhelp.core import dates
from earlyhelp.core.words import within
from earlyhelp.families.beside import Statement, record_of, statements_of
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
    said = statements_of(family)
    return [passage for each in rows for passage in _event(each, said[record_of(each)])]


def _event(event: SignificantEvent, said: list[Statement]) -> Iterator[Passage]:
    """With what people say of it themselves: theirs alone, and only to whoever has the event too."""
    heading = f"{dates.day(event.happened_on)}: {within(event.get_kind_display())}"
    about = frozenset([event.person_id]) if event.person_id else frozenset()
    happened = Passage(f"event-{event.pk}", heading, event.text, about)
    yield happened
    for each in said:
        own = f"What {each.person.called} says of it ({heading})"
        yield Passage(f"statement-{each.pk}", own, each.words, about | {each.person.pk}, beside=happened.key)
