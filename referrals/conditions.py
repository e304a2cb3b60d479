"""When a rule holds: said in a line that a person can write and read, kept as data, and weighed without a database.

    lonely is yes and (lives_alone is yes or memory is yes or unsure)
    2 of (money is yes, warm is yes, home_at_risk is yes)
    not (school is no)

As data: ``{"question": code, "is": [values]}``, ``{"all": […]}``, ``{"any": […]}``, ``{"not": …}`` and
``{"at_least": n, "of": […]}``. What was not answered is not known, and nothing follows from what is not known.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeGuard

Condition = dict[str, Any]
Answers = Mapping[str, str]

WORD = re.compile(r"[a-z0-9_]+|[(),]|\S")
NAME = re.compile(r"[a-z0-9_]+")
RESERVED = frozenset({"and", "or", "not", "is", "of"})
DEEPEST = 10


class Unclear(ValueError):
    """A line that does not say when. Its text is fit to show to whoever wrote it."""


# --- weighing ----------------------------------------------------------------------------------------------------------


def weigh(condition: Condition, answers: Answers) -> bool | None:
    """Whether it holds; none if that hangs on a question that was not answered."""
    if "question" in condition:
        given = answers.get(condition["question"])
        return given in condition["is"] if given else None
    if "not" in condition:
        held = weigh(condition["not"], answers)
        return None if held is None else not held
    needed, parts = _needed(condition)
    held_parts = [weigh(part, answers) for part in parts]
    if held_parts.count(True) >= needed:
        return True
    return None if held_parts.count(True) + held_parts.count(None) >= needed else False


def because(condition: Condition, answers: Answers) -> list[str]:
    """The questions whose answers make it hold, in the order in which it names them."""
    if "question" in condition:
        found = [condition["question"]]
    elif "not" in condition:
        found = list(codes(condition["not"]))
    else:
        found = [code for part in _needed(condition)[1] if weigh(part, answers) for code in because(part, answers)]
    return list(dict.fromkeys(found))


def codes(condition: Condition) -> Iterator[str]:
    """Every question that it names."""
    for leaf in _leaves(condition):
        yield leaf["question"]


def _needed(condition: Condition) -> tuple[int, list[Condition]]:
    """All of them, one of them, or so many of them."""
    if "all" in condition:
        return len(condition["all"]), condition["all"]
    if "any" in condition:
        return 1, condition["any"]
    return condition["at_least"], condition["of"]


def _leaves(condition: Condition) -> Iterator[Condition]:
    if "question" in condition:
        yield condition
    else:
        for part in [condition["not"]] if "not" in condition else _needed(condition)[1]:
            yield from _leaves(part)


# --- checking ----------------------------------------------------------------------------------------------------------


def well_formed(condition: Any, depth: int = 0) -> bool:
    """Whether it is a condition at all, wherever it came from."""
    if not isinstance(condition, dict) or depth > DEEPEST:
        return False
    match condition:
        case {"question": str(code), "is": list(values), **rest}:
            return not rest and bool(NAME.fullmatch(code)) and _words(values)
        case {"not": part, **rest}:
            return not rest and well_formed(part, depth + 1)
        case {"all": list(parts), **rest} | {"any": list(parts), **rest}:
            return not rest and bool(parts) and all(well_formed(part, depth + 1) for part in parts)
        case {"at_least": int(needed), "of": list(parts), **rest}:
            return not rest and 1 <= needed <= len(parts) and all(well_formed(part, depth + 1) for part in parts)
    return False


def _words(values: list[Any]) -> TypeGuard[list[str]]:
    return bool(values) and all(isinstance(value, str) and NAME.fullmatch(value) for value in values)


def problems(condition: Condition, questions: Mapping[str, Iterable[str]]) -> list[str]:
    """What is wrong with it for these questions and the answers that each can have, in plain words."""
    found = []
    for leaf in _leaves(condition):
        code = leaf["question"]
        if code not in questions:
            near = difflib.get_close_matches(code, questions, n=1)
            meant = f" Did you mean “{near[0]}”?" if near else ""
            found.append(f"There is no question with the code “{code}”.{meant}")
            continue
        possible = list(questions[code])
        wrong = [value for value in leaf["is"] if value not in possible]
        found += [f"“{code}” cannot be answered “{value}”: only {', '.join(possible)}." for value in wrong]
    return list(dict.fromkeys(found))


# --- saying ------------------------------------------------------------------------------------------------------------


def say(condition: Condition, within: str = "", asked: Mapping[str, str] | None = None) -> str:
    """As a person writes it: ``parse`` reads it back. With what was ``asked``, in the words of the questions, to be read."""
    if "question" in condition:
        code = condition["question"]
        return f"{f'“{asked[code]}”' if asked else code} is {' or '.join(condition['is'])}"
    if "not" in condition:
        return f"not ({say(condition['not'], asked=asked)})"
    if "at_least" in condition:
        return f"{condition['at_least']} of ({', '.join(say(part, asked=asked) for part in condition['of'])})"
    word, parts = ("and", condition["all"]) if "all" in condition else ("or", condition["any"])
    said = f" {word} ".join(say(part, word, asked) for part in parts)
    return f"({said})" if within and len(parts) > 1 else said


def parse(text: str) -> Condition:
    """The condition that a line says. Raises ``Unclear`` with what is wrong with it."""
    reader = _Reader(WORD.findall(text.lower()))
    condition = reader.sentence()
    if reader.next:
        raise Unclear(f"“{reader.next}” does not belong there.")
    return condition


class _Reader:
    """Reads a line word by word."""

    def __init__(self, words: list[str]) -> None:
        self.words, self.depth = words, 0

    @property
    def next(self) -> str:
        return self.words[0] if self.words else ""

    def take(self, *expected: str) -> str:
        if not self.words or (expected and self.next not in expected):
            wanted = " or ".join(f"“{word}”" for word in expected) or "more"
            raise Unclear(f"{wanted} is missing {f'before “{self.next}”' if self.words else 'at the end'}.")
        return self.words.pop(0)

    def sentence(self) -> Condition:
        """Parts with “and” between them, or with “or” between them: both need brackets to say what belongs together."""
        parts, word = [self.part()], self.next
        if word not in ("and", "or"):
            return parts[0]
        while self.next == word:
            self.take(word)
            parts.append(self.part())
        if self.next in ("and", "or"):
            raise Unclear("Put brackets round what belongs together: “and” and “or” stand side by side.")
        return {"all" if word == "and" else "any": parts}

    def part(self) -> Condition:
        if self.next == "not":
            self.take("not")
            return {"not": self.nested(self.part)}
        if self.next == "(":
            return self.bracket(self.sentence)
        if self.next.isdecimal() and len(self.next) < 4 and self.words[1:2] == ["of"]:
            return self.at_least()
        return self.answer()

    def bracket(self, inner: Any) -> Any:
        self.take("(")
        found = self.nested(inner)
        self.take(")")
        return found

    def nested(self, inner: Any) -> Any:
        self.depth += 1
        if self.depth >= DEEPEST:
            raise Unclear("There are too many brackets in each other.")
        found = inner()
        self.depth -= 1
        return found

    def at_least(self) -> Condition:
        needed = int(self.take())
        self.take("of")
        parts = self.bracket(self.several)
        if not 1 <= needed <= len(parts):
            raise Unclear(f"It asks for {needed} of {len(parts)}.")
        return {"at_least": needed, "of": parts}

    def several(self) -> list[Condition]:
        parts = [self.sentence()]
        while self.next == ",":
            self.take(",")
            parts.append(self.sentence())
        return parts

    def answer(self) -> Condition:
        code = self.name("a question")
        self.take("is")
        values = [self.name("an answer")]
        while self.next == "or" and self.goes_on():
            self.take("or")
            values.append(self.name("an answer"))
        return {"question": code, "is": values}

    def goes_on(self) -> bool:
        """Whether the word after “or” is one more answer to the same question, and not a new part."""
        after, then = (*self.words[1:3], "", "")[:2]
        return bool(NAME.fullmatch(after)) and after not in RESERVED and then not in ("is", "of")

    def name(self, what: str) -> str:
        if not NAME.fullmatch(self.next) or self.next in RESERVED:
            raise Unclear(f"The code of {what} is missing {f'before “{self.next}”' if self.next else 'at the end'}.")
        return self.take()
