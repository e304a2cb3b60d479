"""Whether a text names somebody: what is written of a place names no family (domain.md R12, story 17).

A caution, and no proof. It knows the places, agencies and services that a text may name, and takes what else is written like a
name for somebody's. It never asks who is on record: a name that is there and one that is not are answered alike, or whoever
types would learn who is known (domain.md 5 d). Only of a family whose record the writer has open are the names themselves known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from earlyhelp.directory.models import Organisation, Service
from earlyhelp.families.models import Family, FamilyMembership
from earlyhelp.families.spelling import plainly
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.cautions import Record, before_saved
from hubs.given_names import GIVEN

OF_A_PLACE = {"hubs.collaborative", "hubs.trendreport"}
WORD = r"[A-ZÀ-Þ](?:[’'][A-ZÀ-Þ])?[a-zà-ÿ]+(?:-?[A-ZÀ-Þ][a-zà-ÿ]+)*"  # Okoro, O’Neill, McDonald, Anne-Marie
# A title with a name, an initial with one, a family by its name; a reference, a number of the NHS, a whole postcode.
TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? {WORD}")
INITIALLED = re.compile(rf"\b[B-HJ-Z]\.? ({WORD})\b")  # A is an article, and I is whoever writes
OF_FAMILY = re.compile(rf"\b(?:[Ff]amily ({WORD})|({WORD}) family)\b")
NUMBERED = re.compile(r"\b(?:[A-Z]{1,3}-(?:\d{4}-)?\d{5,6}|\d{3} ?\d{3} ?\d{4}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b")
PAIR = re.compile(rf"\b(?=({WORD}) ({WORD})\b)")  # ahead of the match, so that the second may begin another pair
ANY = re.compile(r"[A-Za-zÀ-ÿ]+")
DAYS = "monday tuesday wednesday thursday friday saturday sunday"
MONTHS = "january february march april may june july august september october november december"
SEASONS = "spring summer autumn winter christmas easter ramadan eid diwali whitsun halloween"
PEOPLES = """
english welsh scottish irish british polish romanian ukrainian lithuanian latvian slovak bulgarian russian portuguese
spanish french italian turkish kurdish arabic syrian afghan pashto dari farsi urdu punjabi gujarati hindi bengali somali
tigrinya chinese cantonese mandarin vietnamese european asian african caribbean roma gypsy traveller muslim christian hindu
sikh jewish catholic methodist deaf
"""
EARLY_HELP = """
year key stage children child young people early help family families access reception sure start home education health care
social service team hub panel forum council universal credit benefit allowance jobcentre citizens advice ofsted internet
facebook instagram snapchat tiktok whatsapp youtube xbox covid band level tier plan group project
"""
BEGINNINGS = (
    "the this that these those a an in at on of and or for with from since when where what how there their they we"
)
# What a place is called by: after a name, it is the place that is meant.
PLACES = """
school primary academy college nursery playgroup surgery practice centre hospital clinic library church chapel mosque temple
hall road street lane avenue close park estate village ward town city bridge station market club farm house trust
"""
# A capital in the middle of a sentence, which is not the name of a road or a school; and what is called after a saint.
INSIDE = re.compile(rf"(?<=[a-z0-9,;:’”)] )({WORD})\b(?! (?i:{'|'.join(PLACES.split())})\b)")
SAINT = re.compile(rf"\b(?:St\.?|Saint) {WORD}(?:[’']s)?")
OTHERS = frozenset(" ".join((DAYS, MONTHS, SEASONS, PEOPLES, EARLY_HELP, BEGINNINGS, PLACES)).split())
# Given names that are plain words too: without their capital they name nobody.
PLAIN_WORDS = """
amber april autumn bill bob chance christian daisy dawn drew faith frank gene grace guy hope iris ivy jack jay joy june lane
mark may olive pat pearl pip poppy ray rob robin rose rowan ruby skip summer sue violet will young
"""
ALSO_WORDS = frozenset(PLAIN_WORDS.split())
SAID = "This seems to name somebody: {}. What is said here names nobody."


@before_saved
def names_nobody(about: list[Record], text: str, by: Any) -> str:
    """What is typed about a place gives pause where it seems to name somebody; it is saved once they say why it stands there."""
    return gives_pause(text) if any(kind in OF_A_PLACE for kind, _ in about) else ""


def gives_pause(text: str, also: Iterable[str] = ()) -> str:
    """What to say of what seems to be a name, and of these that are one; nothing where none is seen."""
    found = [*also, *named_in(text)] if text.strip() else []
    return SAID.format(", ".join(f"“{each}”" for each in found)) if found else ""


def named_in(text: str) -> list[str]:
    """What in a text seems to be somebody's name or number, as it stands there, each once: the longer before its parts."""
    known, text = _known_words(), SAINT.sub("", text)
    found = [
        *(match.group() for pattern in (TITLED, NUMBERED) for match in pattern.finditer(text)),
        *(
            match.group()
            for pattern in (OF_FAMILY, INITIALLED)
            for match in pattern.finditer(text)
            if _new(match, known)
        ),
        *_pairs(text, known),
        *(match.group(1) for match in INSIDE.finditer(text) if _new(match, known)),
        *(each for each in ANY.findall(text) if each.lower() in GIVEN - known),
    ]
    return [each for place, each in enumerate(found) if not any(each in other for other in found[:place])]


def names_of_family(text: str, family: Family) -> list[str]:
    """Which of the family's own names stand in a text that is read by those who do not open their record."""
    members = FamilyMembership.objects.filter(family=family).values_list(
        "person__first_name", "person__last_name", "person__known_as"
    )
    names = {family.name, *(name for row in members for name in row if name)}
    return sorted(name for name in names if _stands_in(plainly(name), plainly(text)))


def names_a_place(name: str) -> bool:
    """Whether a place, an agency or a service is called so too: then it may have to stand there."""
    return _is_known(name, _known_words())


def _stands_in(name: str, text: str) -> bool:
    caseless = re.NOFLAG if name.lower() in ALSO_WORDS else re.IGNORECASE
    return bool(re.search(rf"\b{re.escape(name)}s?\b", text, caseless))


def _pairs(text: str, known: frozenset[str]) -> Iterator[str]:
    """Two names in a row, where neither is a known word: of «Visit Barwell» the second is a place."""
    for pair in PAIR.findall(text):
        if not any(_is_known(word, known) for word in pair):
            yield " ".join(pair)


def _new(match: re.Match[str], known: frozenset[str]) -> bool:
    """Whether the word that it caught is no known one."""
    return not _is_known(next(group for group in match.groups() if group), known)


def _is_known(word: str, known: frozenset[str]) -> bool:
    """Also of several, and of several words that are written as one."""
    return all(each in known or each.removesuffix("s") in known for each in _words(word))


def _known_words() -> frozenset[str]:
    """The words of places, agencies and services: these are nobody's names here."""
    kinds: Iterable[Any] = (Area, Agency, Organisation, Service)
    return OTHERS | {
        word for kind in kinds for name in kind.objects.values_list("name", flat=True) for word in _words(name)
    }


def _words(text: str) -> list[str]:
    return re.findall(r"[\w’']+", text.lower())
