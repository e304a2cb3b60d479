"""Finding somebody whose name, date or home is written down otherwise than it is said: how many are found, and how fast.

The searches are spoilt in eleven ways, from a seed: the same county gives the same searches, so that two runs compare.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from statistics import quantiles

from earlyhelp.families.models import Person
from earlyhelp.families.queries import NICKNAMES, search

SEED, SEARCHES = 20_261_129, 2_000
FOUND_IN_TEN, SLOWEST = 0.995, 10.0  # of all searches; milliseconds, of nineteen in twenty
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SOUNDS = (("ph", "f"), ("ck", "k"), ("ee", "ea"), ("y", "ie"), ("c", "k"), ("z", "s"), ("ai", "ay"), ("ou", "oo"))


@dataclass(frozen=True)
class Sought:
    first: str
    last: str
    born_on: date
    postcode: str


Spoil = Callable[[Random, Sought, Sought], Sought]


def slip(dice: Random, word: str) -> str:
    """Two letters exchanged, one left out, one doubled, or one wrong."""
    if len(word) < 3:
        return word + word[-1:]
    at = dice.randrange(1, len(word) - 1)
    before, here, after = word[:at], word[at], word[at + 1 :]
    return dice.choice(
        [
            before + after[:1] + here + after[1:],
            before + after,
            before + here * 2 + after,
            before + dice.choice(LETTERS) + after,
        ]
    )


def as_it_sounds(dice: Random, word: str) -> str:
    return next((word.lower().replace(*pair).title() for pair in SOUNDS if pair[0] in word.lower()), slip(dice, word))


def short_form(dice: Random, word: str) -> str:
    forms = [short for short, formal in NICKNAMES.items() if formal == word.lower()]
    return dice.choice(forms).title() if forms else slip(dice, word)


def turned(day: date) -> date:
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day + timedelta(days=10)


def begun(dice: Random, who: Sought, other: Sought) -> Sought:
    """The postcode as far as its space, or a figure further; and another's date of birth."""
    outward, _, inward = who.postcode.partition(" ")
    return replace(who, postcode=dice.choice([outward, f"{outward} {inward[:1]}"]), born_on=other.born_on)


SPOILT: dict[str, Spoil] = {
    "a slip in the first name": lambda dice, who, other: replace(who, first=slip(dice, who.first)),
    "a slip in the surname": lambda dice, who, other: replace(who, last=slip(dice, who.last)),
    "a slip in both": lambda dice, who, other: replace(who, first=slip(dice, who.first), last=slip(dice, who.last)),
    "the names the other way round": lambda dice, who, other: replace(who, first=who.last, last=who.first),
    "a short form": lambda dice, who, other: replace(who, first=short_form(dice, who.first)),
    "spelled as it sounds": lambda dice, who, other: replace(who, last=as_it_sounds(dice, who.last)),
    "day and month exchanged": lambda dice, who, other: replace(who, born_on=turned(who.born_on)),
    "a slip in the date": lambda dice, who, other: replace(who, born_on=who.born_on + timedelta(days=dice.choice([-1, 1, 10]))),
    "another home": lambda dice, who, other: replace(who, postcode=other.postcode),
    "a part of the postcode, and another date": begun,
    "another surname": lambda dice, who, other: replace(who, last=other.last),
}  # fmt: skip


@dataclass
class Result:
    people: int
    places: dict[str, list[int]]  # of each way of spoiling: in which place the one sought stood; 0 for not at all
    took: list[float]  # milliseconds

    def recall(self, within: int, how: str = "") -> float:
        places = self.places[how] if how else [place for each in self.places.values() for place in each]
        return sum(0 < place <= within for place in places) / len(places)

    @property
    def slowest(self) -> float:
        return quantiles(self.took, n=20)[-1]

    @property
    def median(self) -> float:
        return quantiles(self.took, n=2)[0]


def measured(searches: int = SEARCHES) -> Result:
    result = Result(Person.objects.count(), defaultdict(list), [])
    for how, pk, sought in spoilt(searches):
        began = time.perf_counter()
        found = search(first=sought.first, last=sought.last, born_on=sought.born_on, postcode=sought.postcode, limit=10)
        result.took.append((time.perf_counter() - began) * 1_000)
        places = [match.person.pk for match in found]
        result.places[how].append(places.index(pk) + 1 if pk in places else 0)
    return result


def spoilt(searches: int) -> Iterator[tuple[str, int, Sought]]:
    """(in which way, whom, what is typed)."""
    dice = Random(SEED)
    rows = Person.objects.filter(born_on__isnull=False, merged_into=None).exclude(postcode="")
    facts = ("first_name", "last_name", "born_on", "postcode")
    pks = dice.sample(list(rows.order_by("pk").values_list("pk", flat=True)), searches + 1)
    people = {pk: Sought(*told) for pk, *told in rows.filter(pk__in=pks).values_list("pk", *facts)}
    for place, pk in enumerate(pks[:-1]):
        how = list(SPOILT)[place % len(SPOILT)]
        yield how, pk, SPOILT[how](dice, people[pk], people[pks[place + 1]])
