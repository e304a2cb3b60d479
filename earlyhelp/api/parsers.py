"""Reads JSON, and refuses beside the door what would fall over further in (promise P14)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MOST_BYTES = 256 * 1024
DEEPEST = 20


class BoundedJSONParser(BaseParser):
    """At most 256 KiB and 20 levels; text that PostgreSQL can hold and a response can carry. Anything else is a 400."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        sent = stream.read(MOST_BYTES + 1)
        if len(sent) > MOST_BYTES:
            raise ParseError(f"Send at most {MOST_BYTES // 1024} KiB.")
        try:
            data = json.loads(sent.decode("utf-8"), parse_constant=_not_a_number)
        except (ValueError, RecursionError) as problem:  # also a number of thousands of digits, and what is not UTF-8
            raise ParseError("This is not JSON that can be read.") from problem
        _check(data)
        return data


def _not_a_number(name: str) -> NoReturn:
    raise ValueError(name)


def _check(data: Any) -> None:
    """Level by level and not by recursion: what is too deep must not be able to exhaust the stack here either."""
    level, depth = [data], 0
    while level:
        if depth > DEEPEST:
            raise ParseError(f"Send at most {DEEPEST} levels of lists and objects.")
        if any(isinstance(each, str) and _unreadable(each) for each in level):
            raise ParseError("Remove the characters that cannot be read: NUL, or half of a surrogate pair.")
        level, depth = [part for each in level for part in _parts(each)], depth + 1


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _unreadable(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)
