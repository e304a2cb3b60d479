"""Whether a text names somebody: what is written of a place names no family (domain.md R12, story 17).

A caution, and no proof: it knows the places, agencies and services that a text may name, and takes other names for those of
people. What the record knows of people is asked for those alone who may search it: anybody else would learn who is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower

from earlyhelp.directory.models import Organisation, Service
from earlyhelp.families.access import may_search
from earlyhelp.families.models import Family, FamilyMembership, Person
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.cautions import Record, before_saved

OF_A_PLACE = {"hubs.collaborative", "hubs.trendreport"}
WORD = r"[A-ZÀ-Þ][a-zà-ÿ’'-]+"
# Two names in a row, a title with a name, a family by its name, a reference, a number of the NHS, a whole postcode.
PAIR = re.compile(rf"\b({WORD}) ({WORD})\b")
TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? {WORD}")
OF_FAMILY = re.compile(rf"\b(?:[Ff]amily {WORD}|{WORD} family)\b")
NUMBERED = re.compile(r"\b(?:[A-Z]{1,3}-(?:\d{4}-)?\d{5,6}|\d{3} ?\d{3} ?\d{4}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b")
INSIDE = re.compile(rf"(?<=[a-z,;:] )({WORD})\b")  # a capital in the middle of a sentence
OTHERS = set(
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday Christmas Easter Ramadan Eid English Polish Romanian The This That These A An In At "
    "On Year Key Stage Children Young Early Help Family Families Access Reception Early Years School Primary".lower().split()
)
SAID = "This seems to name somebody: {}. What is said here is of a place and a need, and names nobody."


@before_saved
def names_nobody(about: list[Record], text: str, by: Any) -> str:
    """What is typed about a place gives pause where it seems to name somebody; it is saved once they say why it stands there."""
    if not any(kind in OF_A_PLACE for kind, _ in about):
        return ""
    found = named_in(text, by)
    return SAID.format(", ".join(f"“{each}”" for each in found)) if found else ""


def named_in(text: str, by: Any) -> list[str]:
    """What in a text seems to be somebody's name or number, as it stands there, each once."""
    known = _known_words()
    pairs = [match.group() for match in PAIR.finditer(text) if known.isdisjoint(_words(match.group()))]
    families = [match.group() for match in OF_FAMILY.finditer(text) if not known.issuperset(_words(match.group()))]
    plain = [match.group() for pattern in (TITLED, NUMBERED) for match in pattern.finditer(text)]
    single = _of_people({match.group() for match in INSIDE.finditer(text)}, known) if may_search(by) else []
    found = [*plain, *families, *pairs, *single]
    return [each for place, each in enumerate(found) if not any(each in other for other in found[:place])]


def names_of_family(text: str, family: Family) -> list[str]:
    """Which of the family's own names stand in a text that is read by those who do not open their record."""
    members = FamilyMembership.objects.filter(family=family).values_list(
        "person__first_name", "person__last_name", "person__known_as"
    )
    names = {family.name, *(name for row in members for name in row if name)}
    return sorted(name for name in names if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE))


def _known_words() -> set[str]:
    """The words of places, agencies and services: these are nobody's names here."""
    kinds: Iterable[Any] = (Area, Agency, Organisation, Service)
    return OTHERS | {
        word for kind in kinds for name in kind.objects.values_list("name", flat=True) for word in _words(name)
    }


def _words(text: str) -> list[str]:
    return re.findall(r"[\w’'-]+", text.lower())


def _of_people(words: set[str], known: set[str]) -> list[str]:
    """Which of these words are a name of somebody who can be found by a search: a restricted family's cannot."""
    asked = {word.lower(): word for word in sorted(words) if word.lower() not in known}
    if not asked:
        return []
    people = Person.objects.annotate(first=Lower("first_name"), last=Lower("last_name"))
    seen = people.filter(Q(first__in=asked) | Q(last__in=asked)).exclude(memberships__family__restricted=True)
    names = {name for row in seen.values_list("first", "last")[:200] for name in row}
    return [word for low, word in asked.items() if low in names]
