"""Whether a text says what is kept secret: an address, its postcode, a telephone of whoever is hidden there (promise P2).

A new address was once typed into a note, and the letter went to the old one. So what is typed is looked through before it
is saved or sent, for the secrets of those about whom it is written, in whatever spelling a tired person may choose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.families.homes import letters
from earlyhelp.families.models import Address, Family, FamilyMembership, Person
from earlyhelp.families.reads import KEPT
from earlyhelp.workflow.cautions import Record, before_saved

SHORTEST = 5  # letters: of less, every text would hold it
STREET = 8  # letters of a street or a house that say where it is without any number
PHONE = 9  # the last digits of a number say which it is, with or without its first nought or +44
ALIKE = 0.84  # one letter wrong, missing or too many in the name of a street

SHORT = {
    "ave": "avenue",
    "cl": "close",
    "cres": "crescent",
    "ct": "court",
    "dr": "drive",
    "gdns": "gardens",
    "gr": "grove",
    "hse": "house",
    "ho": "house",
    "la": "lane",
    "ln": "lane",
    "pl": "place",
    "rd": "road",
    "sq": "square",
    "str": "street",
    "st": "street",
    "ter": "terrace",
    "wy": "way",
}
KINDS = {*SHORT.values(), "mews", "row", "hill", "walk", "drive", "view", "park"}
IN_WORDS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty"""
NUMBERS = {word: str(number) for number, word in enumerate(IN_WORDS.split(), start=1)}
LEFT_OUT = {"no", "number", "the", "flat", "apartment", "room", "unit"}


@dataclass(frozen=True)
class Secrets:
    """What must not be said of some people: each address in the words that name it, and strings of letters and digits."""

    addresses: tuple[tuple[str, ...], ...]
    strings: frozenset[str]
    phones: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.addresses or self.strings or self.phones)

    def stand_in(self, text: str) -> bool:
        plain, words = letters(text), _words(text)
        joined = "".join(words)
        digits = re.sub(r"\D", "", text)
        return (
            any(secret in plain or secret in joined for secret in self.strings)
            or any(phone in digits for phone in self.phones)
            or any(_named(address, words) for address in self.addresses)
        )


NO_SECRETS = Secrets((), frozenset(), frozenset())


def secrets_of(families: Iterable[int]) -> Secrets:
    """Of everybody who is or was in these families, or in another family with somebody of them: a child has two homes."""
    theirs = FamilyMembership.objects.filter(family__in=list(families)).values("person")
    around = FamilyMembership.objects.filter(person__in=theirs).values("family")
    people = FamilyMembership.objects.filter(family__in=around).values("person")
    kept = Address.objects.filter(protected=True, person__in=people).select_related("person")
    return what_gives_away(list(kept))


def secrets_kept_from(person: Person | None, families: Iterable[int]) -> Secrets:
    """What must not be said to this person: where others of these families are hidden, unless it is where they hide too.

    Of nobody: all that is secret there.
    """
    if person is None:
        return secrets_of(families)
    own = [address.place for address in Address.objects.filter(person=person, protected=True)]
    theirs = FamilyMembership.objects.filter(family__in=list(families)).values("person")
    around = FamilyMembership.objects.filter(person__in=theirs).values("family")
    people = FamilyMembership.objects.filter(family__in=around).exclude(person=person).values("person")
    kept = Address.objects.filter(protected=True, person__in=people).exclude(person=person).select_related("person")
    return what_gives_away([address for address in kept if address.place not in own])


def what_gives_away(kept: list[Address]) -> Secrets:
    """The words, the postcodes and the telephones by which somebody at these addresses could be found."""
    places = [address.place for address in kept]
    lines = {line for place in places for name in ("line_1", "line_2") for line in place[name].split(",")}
    addresses = {words for line in lines if len("".join(words := _words(line))) >= SHORTEST and len(words) > 1}
    named = [[word for word in words if word.isalpha()] for words in addresses]
    streets = {"".join(each) for words in named for each in (words, [word for word in words if word not in KINDS])}
    written = {letters(place["postcode"]) for place in places} | {name for name in streets if len(name) >= STREET}
    phones = {re.sub(r"\D", "", address.person.phone)[-PHONE:] for address in kept if address.until_on is None}
    return Secrets(
        addresses=tuple(sorted(addresses)),
        strings=frozenset(part for part in written if len(part) >= SHORTEST),
        phones=frozenset(phone for phone in phones if len(phone) == PHONE),
    )


def _words(text: str) -> tuple[str, ...]:
    """A text in words as an address has them: abbreviations written out, what may be left out left out."""
    found = re.findall(r"[a-z]+|\d+[a-z]?\b|\d+", text.casefold().replace("’", "").replace("'", ""))
    spelled = (SHORT.get(word, NUMBERS.get(word, word)) for word in found)
    return tuple(word for word in spelled if word not in LEFT_OUT)


def _named(address: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the words name it: the number as it is, the name of the street or house nearly."""
    name = "".join(address[1:])
    for place, word in enumerate(words):
        if word == address[0] and any(
            _alike(name, "".join(words[place + 1 : place + 1 + length])) for length in range(1, len(address) + 2)
        ):
            return True
    return False


def _alike(one: str, other: str) -> bool:
    return one == other or (len(one) > SHORTEST and SequenceMatcher(None, one, other).ratio() >= ALIKE)


SAID = (
    "An address, a postcode or a telephone stands here that is kept secret, because somebody could be found by it. Whoever "
    "reads this text would learn it: take it out."
)


@before_saved
def keeps_secrets(about: list[Record], text: str, by: Any) -> str:
    """What is typed about a family says nothing that is secret of them, unless whoever types it says that it has to.

    It is told to whoever sees the family, and each time is written down: to anybody else it would answer their guesses.
    """
    families = {
        family
        for kind, pk in about
        for each in KEPT
        if each.subject == kind
        for family in each.rows.filter(pk=pk).values_list(each.family, flat=True)
        if family
    }
    if not families or not secrets_of(families).stand_in(text):
        return ""
    seen = list(Family.objects.for_user(by).filter(pk__in=families))
    if not seen or not secrets_of([family.pk for family in seen]).stand_in(text):
        return ""
    record("families.family.secret_typed", seen[0], by=by, at=timezone.now())
    return SAID
