"""How people spell an address, a postcode or a telephone in a text: what says where somebody lives, and what may (promise P2).

Pure: words in, answers out. ``Secrets`` knows certain places and finds them however they are spelled; ``like_an_address`` knows
none, and finds what could be one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

SHORTEST = 5  # letters: of less, every text would hold it
NAME = 4  # letters of a house that has one word for a name
PHONE = 9  # the last digits of a number say which it is, with or without its first nought or +44
ALIKE = 0.84  # of a name of some length; of a short one a single slip
CLOSE = 0.7  # of lengths: what differs by more is not compared letter by letter

SHORT = {
    "ave": "avenue",
    "av": "avenue",
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
KINDS = {*SHORT.values(), "mews", "row", "hill", "walk", "view", "park", "cottage", "lodge", "villas", "green", "croft"}
UP_TO_TEN = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
TEENS = ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
UNITS = UP_TO_TEN + TEENS
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = {word: number for number, word in enumerate(UNITS, start=1)}
NUMBERS |= {word: 10 * number for number, word in enumerate(TENS, start=2)}
LEFT_OUT = {"no", "nr", "num", "number", "the", "flat", "apartment", "apt", "room", "unit"}
# What is named after a house or a street and is not where anybody lives.
PUBLIC = (
    "school primary academy college nursery surgery practice centre center hospital clinic library church council club"
)
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad'’ʼ"))


def letters(text: str) -> str:
    """Letters and digits only: “12 High St.” and “12, high st” are one place."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def plainly(text: str) -> str:
    """Without what nobody sees: accents, letters of another width, marks between letters, apostrophes."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(INVISIBLE)


def words_of(text: str) -> tuple[str, ...]:
    """A text in words as an address has them: abbreviations and numbers written out, what may be left out left out."""
    found = re.findall(r"[a-z]+|\d+", re.sub(r"(?<=\d)[a-z]\b", "", plainly(text).casefold()))
    spelled = [SHORT.get(word, word) for word in found if word not in LEFT_OUT]
    return tuple(_numbered(spelled))


def _numbered(words: list[str]) -> list[str]:
    """Seventeen is 17, and twenty-one 21."""
    said: list[str] = []
    ten = False
    for word in words:
        number = NUMBERS.get(word, 0)
        if ten and 0 < number < 10:
            said[-1] = str(int(said[-1]) + number)
        else:
            said.append(str(number) if number else word)
        ten = word in TENS
    return said


@dataclass(frozen=True)
class Named:
    """A house in a street by its number and the street's words; a street or a house of a name alone has no number."""

    number: str
    name: tuple[str, ...]

    def stands_in(self, words: tuple[str, ...]) -> bool:
        return self._outright(words) or (bool(self.number) and self._nearly(words))

    @property
    def called(self) -> tuple[str, ...]:
        """Without “lane” or “house”: what is left is how neighbours say it."""
        return self.name[:-1] if self.name[-1] in KINDS else self.name

    def _outright(self, words: tuple[str, ...]) -> bool:
        return len(self.name) > 1 and any(
            words[place : place + len(self.name)] == self.name
            for place, word in enumerate(words)
            if word == self.name[0]
        )

    def _nearly(self, words: tuple[str, ...]) -> bool:
        """The number as it is, before the name or after it; the name with a slip or two, and with or without its kind."""
        return any(
            self._is_called(words[place + 1 : place + len(self.name) + 2])
            or self._is_called(words[max(0, place - len(self.name) - 1) : place][::-1], backwards=True)
            for place, word in enumerate(words)
            if word == self.number
        )

    def _is_called(self, beside: tuple[str, ...], *, backwards: bool = False) -> bool:
        for length in range(1, len(beside) + 1):
            said = "".join(beside[:length][::-1] if backwards else beside[:length])
            if any(_alike("".join(name), said) for name in (self.name, self.called) if name):
                return True
        return False


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((len(one), len(other)))
    if short < SHORTEST - 1 or short < CLOSE * long:
        return False
    return _one_slip(one, other) or (len(one) > SHORTEST and SequenceMatcher(None, one, other).ratio() >= ALIKE)


def _one_slip(one: str, other: str) -> bool:
    """One letter wrong, missing or too many, or two the wrong way round."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


@dataclass(frozen=True)
class Secrets:
    """What must not be said of some people: each address by what names it, its postcode, and who may be rung there."""

    places: tuple[Named, ...] = ()
    houses: frozenset[str] = frozenset()  # that have one word for a name
    postcodes: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.places or self.houses or self.postcodes or self.phones)

    def stand_in(self, text: str) -> bool:
        """Whether the text says one of them."""
        if not self:
            return False
        plain = plainly(text)
        words = words_of(text)
        return (
            any(each.stands_in(words) for each in self.places)
            or self._run_together(plain, words)
            or any(_says_postcode(plain, postcode) for postcode in self.postcodes)
            or any(_says_house(plain, house) for house in self.houses)
            or any(phone in digits for digits in _digits(plain) for phone in self.phones)
        )

    def may_stand_in(self, text: str) -> bool:
        """Whether the text says one of them or what could be one: whoever is told this learns nothing by a guess."""
        return bool(self) and (self.stand_in(text) or like_an_address(text))

    def _run_together(self, plain: str, words: tuple[str, ...]) -> bool:
        """“Havenhouse”: of some length only, for a short one stands inside many a word."""
        joined = letters(plain), "".join(words)
        long = {"".join(each.name) for each in self.places if len("".join(each.name)) >= 2 * NAME}
        return any(name in text for name in long for text in joined)


NO_SECRETS = Secrets()


def secrets_in(places: list[dict[str, str]], phones: list[str]) -> Secrets:
    """The words, postcodes and telephones by which somebody at these places could be found."""
    first = {part for place in places for part in _parts(place["line_1"])}
    lines = first | {part for place in places for part in _parts(f"{place['line_1']},{place['line_2']}")}
    written = {letters(plainly(place["postcode"])) for place in places}
    ends = {re.sub(r"\D", "", phone)[-PHONE:] for phone in phones}
    return Secrets(
        places=tuple(sorted({named for line in lines if (named := _named(line))}, key=lambda each: each.name)),
        houses=frozenset(word for line in first if (word := _one_word(line))),
        postcodes=frozenset(postcode for postcode in written if len(postcode) >= SHORTEST),
        phones=frozenset(end for end in ends if len(end) == PHONE),
    )


def _parts(line: str) -> list[str]:
    """“14, Rose Lane” is one: a number belongs to what comes after it."""
    return re.sub(r"(\d+[a-zA-Z]?\s*),", r"\1 ", line).split(",")


def _named(line: str) -> Named | None:
    """“Flat 2 14 Rose Lane” is 14 in Rose Lane: the last number that has a name after it."""
    number, name = _number_and_name(line)
    return Named(number, name) if (number and name) or len(name) > 1 else None


def _number_and_name(line: str) -> tuple[str, tuple[str, ...]]:
    words = words_of(line)
    numbers = [place for place, word in enumerate(words[:-1]) if word.isdigit()]
    number, name = (words[numbers[-1]], words[numbers[-1] + 1 :]) if numbers else ("", words)
    return number, tuple(word for word in name if word.isalpha())


def streets_in(place: dict[str, str]) -> set[tuple[str, ...]]:
    """What stands after a number; where no house has one, every name that stands there, for one of them is the street’s."""
    lines = (_number_and_name(part) for line in ("line_1", "line_2") for part in _parts(place[line]))
    found = [(number, name) for number, name in lines if name]
    return {name for number, name in found if number} or {name for _, name in found}


def _one_word(line: str) -> str:
    words = words_of(line)
    return words[-1] if len(words) == 1 and words[0].isalpha() and len(words[0]) >= NAME else ""


def _says_postcode(plain: str, postcode: str) -> bool:
    """Whole, however it is spaced, and with O for 0; or as far as the first figure after the space, which is a few streets."""
    if _alphabet(postcode) in _alphabet(letters(plain)):
        return True
    outward, sector = postcode[:-3], postcode[-3]
    begun = rf"(?<![A-Za-z0-9])(?i:{outward})[\s.-]*{sector}(?![A-Za-z0-9])(?!\s[ABD-HJLNP-UW-Z]{{2}}\b)"
    return re.search(begun, plain) is not None


def _alphabet(code: str) -> str:
    return code.translate(str.maketrans("oil", "011"))


def _says_house(plain: str, house: str) -> bool:
    """By its name with a capital, or as a place one is at; not where a school or a surgery is called so."""
    other = rf"(?!s?\s+(?i:{'|'.join(PUBLIC.split())})\b)"
    named = rf"(?:\b{house.capitalize()}|\b{house.upper()})\b{other}"
    place = rf"(?i:\b(?:at|in|to|into|from|near|by|called|named|@)\s+(?:the\s+)?{house})\b{other}"
    return re.search(f"{named}|{place}", plain) is not None


def _digits(plain: str) -> tuple[str, str]:
    """All digits of the text, one after the other; and the same where somebody typed O for 0."""
    typed = re.sub(r"\b[\doO]+\b", lambda word: _in_figures(word[0]), plain.replace("(0)", ""))
    return re.sub(r"\D", "", plain), re.sub(r"\D", "", typed)


def _in_figures(word: str) -> str:
    """A number with O for 0; “o” and “oo” are none. A look of its own: one pattern for both takes the square of a long word."""
    return re.sub("[oO]", "0", word) if re.search(r"\d", word) else word


# --- what could be an address -----------------------------------------------------------------------------------------

KIND = "|".join(sorted({*KINDS, *SHORT} - {"view", "park", "hill", "green", "row", "walk", "la", "ho", "av"}, key=len))
CAPITAL = "view|park|hill|green|row|walk"
DAYS = "january|february|march|april|may|june|july|august|september|october|november|december"
LIVING = "liv(?:e|es|ed|ing)|stay(?:s|ed|ing)?|mov(?:e|es|ed|ing)|hid(?:e|es|ing)|safe|hous(?:ed|ing)|placed"
LIKE = [
    re.compile(r"\b[a-z]{1,2}\d[a-z\d]?[\s-]*\d[abd-hjlnp-uw-z]{2}\b", re.IGNORECASE),  # a postcode
    re.compile(r"\b[A-Za-z]{2}\d{1,2}\s+\d\b"),  # and one begun
    re.compile(
        rf"\b(?:\d+[a-z]?|{'|'.join([*UNITS, *TENS])})[\s,/-]+(?:[^\W\d]+[\s-]+){{1,3}}(?:{KIND})\b", re.IGNORECASE
    ),
    re.compile(rf"\b[A-Z]\w+[ -]+(?i:{KIND}|{CAPITAL})\b"),  # a street or a house by its name
    re.compile(rf"\b\d{{1,3}}[a-z]?,? +(?!(?i:{DAYS})\b)[A-Z]\w{{3,}}"),  # a number and a name
    re.compile(
        rf"\b(?i:{LIVING})(?: +\w+){{0,2}} +(?:at|in|into|to|near) +(?:the +)?[A-Z]\w{{3,}}"
    ),  # lives at Willows
]


def like_an_address(text: str) -> bool:
    """Whether something stands here that could say where somebody lives, wherever that is. Nobody guesses a telephone."""
    plain = plainly(text)
    return any(each.search(plain) for each in LIKE)
