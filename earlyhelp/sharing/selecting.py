"""What of a document its recipient may have, and why not the rest. The rule alone, over facts that were read before.

A passage goes to somebody of the family if it is about them, about a child for whom they hold parental responsibility, or
about the whole family. It goes to an agency if each person it is about may be told of to that agency. To nobody goes what
an agency keeps for itself, what tells of somebody outside, or any place that is protected; and of two adults who conflict
neither gets a passage that is about the other, or names them, or is about the whole family.

Named is whoever stands there by their first name, by what they like to be called, or by a surname that neither the reader nor
a child of the reader’s bears too. The rule guesses at nothing more, and so the second person reads for what is left: the other
under a surname that they share («Mr Grant»), by what they are to somebody («their father», «Mum», «her ex-partner»), by a
nickname, a former name or one that is misspelled, and «the Carters».
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from earlyhelp.families.spelling import NO_SECRETS, Secrets
from earlyhelp.sharing.deciding import Answer
from earlyhelp.sharing.passages import Passage


@dataclass(frozen=True)
class Reader:
    """The recipient, and all that the rule needs to know of the family around them."""

    person: int | None = None
    agency: int | None = None
    responsible_for: frozenset[int] = frozenset()
    opposed: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # whom they conflict with, and by which names
    people: Mapping[int, str] = field(default_factory=dict)  # everybody in the family now, by name
    answers: Mapping[int, Answer] = field(default_factory=dict)  # of whom their agency may be told
    secrets: Secrets = NO_SECRETS


@dataclass(frozen=True)
class Choice:
    passage: Passage
    why_not: str = ""  # empty: they may have it
    left_out: bool = False  # by whoever makes the copy
    waits_for: frozenset[int] = frozenset()  # whose yes it lacks, and nothing else

    @property
    def goes(self) -> bool:
        return not self.why_not and not self.left_out


def choose(passages: Iterable[Passage], reader: Reader, left_out: Iterable[str] = ()) -> list[Choice]:
    out, chosen = frozenset(left_out), dict[str, Choice]()
    for each in passages:
        choice = Choice(each, why_not(each, reader), each.key in out, waits_for(each, reader))
        chosen[each.key] = _without(choice) if each.beside and not chosen[each.beside].goes else choice
    return list(chosen.values())


def _without(choice: Choice) -> Choice:
    """Of what stands beside a part that stays out: it stays out with that, and nobody’s yes would let it go by itself."""
    return replace(choice, why_not=choice.why_not or "It stands beside a part that stays out", waits_for=frozenset())


def why_not(passage: Passage, reader: Reader) -> str:
    """Why they may not have it, in words; nothing if they may."""
    if never := _never(passage, reader):
        return never
    return _to_an_agency(passage, reader) if reader.person is None else _to_a_person(passage, reader)


def waits_for(passage: Passage, reader: Reader) -> frozenset[int]:
    """Whose answers stand between it and an agency: with a yes of each of them it goes."""
    if reader.person is not None or _never(passage, reader):
        return frozenset()
    return frozenset(_closed(passage, reader))


def _never(passage: Passage, reader: Reader) -> str:
    if reader.secrets.may_stand_in(f"{passage.heading}\n{passage.text}"):
        return "It may say where somebody is hidden"
    if passage.third_party:
        return "It tells of somebody outside the family"
    if passage.private_to is not None and passage.private_to != reader.agency:
        return "An agency keeps it for itself"
    if passage.no_agency and reader.person is None:
        return "It is for themselves, and for no agency"
    return ""


def _to_an_agency(passage: Passage, reader: Reader) -> str:
    return " ".join(
        f"{reader.people.get(each, 'Somebody')}: {_said(each, reader)}" for each in _closed(passage, reader)
    )


def _closed(passage: Passage, reader: Reader) -> list[int]:
    """Of whom they may not be told, of all whom it is about."""
    answers = ((person, reader.answers.get(person)) for person in sorted(passage.subjects or reader.people))
    return [person for person, answer in answers if answer is None or not answer.allows]


def _said(person: int, reader: Reader) -> str:
    answer = reader.answers.get(person)
    return answer.why if answer else "not of this family now."


def _to_a_person(passage: Passage, reader: Reader) -> str:
    for other, names in reader.opposed.items():
        if other in passage.subjects or any(_names(passage, name) for name in names):
            return "It is about somebody with whom they conflict, or names them"
    if reader.opposed and not passage.subjects:
        return "It is about the whole family, and they conflict with somebody of it"
    own = {reader.person} if passage.theirs_alone else {reader.person, *reader.responsible_for}
    if others := passage.subjects - own:
        return f"About {', '.join(reader.people.get(each, 'somebody else') for each in sorted(others))}"
    return ""


def _names(passage: Passage, name: str) -> bool:
    return stands_in(name, f"{passage.heading}\n{passage.text}")


def stands_in(name: str, text: str) -> bool:
    """Whether a text has this name in it, as a word of its own: in small letters and without its accents too."""
    return bool(name) and re.search(rf"(?<!\w){re.escape(_plain(name))}(?!\w)", _plain(text)) is not None


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()
