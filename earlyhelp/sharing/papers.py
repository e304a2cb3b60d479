"""What was told about one person, for that person to keep."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from earlyhelp.core import dates
from earlyhelp.core.documents import Paper, Section
from earlyhelp.families.models import Person
from earlyhelp.sharing.models import Disclosure

INTRO = (
    "Each line is one time that somebody outside was told something about you, what for, and what allowed it. "
    "You may say at any time that an agency is to be told no more. "
    "You may ask to see what is written about you, and say if it is wrong."
)
ALSO_OTHERS = "It was about others too, so that the words are not on your list."


def told_paper(person: Person, rows: Iterable[Disclosure], *, made_by: Any, now: datetime) -> Paper:
    """The person's own alone: of what was about others too it says what kind of thing it was, and not the words."""
    return Paper(
        title="What was shared about you, with whom and why",
        reference="",
        marking=f"For {person.name}. Keep it safe.",
        made=f"Made by {made_by} on {dates.moment(now)}",
        intro=INTRO,
        sections=[
            Section(
                "Who was told",
                head=("When", "Who was told", "What", "What for, and what allowed it"),
                rows=[
                    (dates.day(row.told_on) if row.told_on else dates.moment(row.at), _whom(row), _what(row), _why(row))
                    for row in rows
                ],
                nothing="Nothing was shared about you, as far as it is written down here.",
            )
        ],
    )


def _whom(row: Disclosure) -> str:
    agency = str(row.agency or "")
    return row.recipient if not agency or agency in row.recipient else f"{row.recipient}, {agency}"


def _what(row: Disclosure) -> str:
    plain = (
        row.record or len(row.about.all()) == 1
    )  # what left with a record is said in our own words, which name nobody
    return "\n".join([", ".join(row.content_in_words), row.what if plain else ALSO_OTHERS])


def _why(row: Disclosure) -> str:
    return f"{row.get_purpose_display()}\n{row.get_basis_display()}"
