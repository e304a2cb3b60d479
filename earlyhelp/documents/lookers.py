"""Whoever knows what may not stand in a document lodges a look here: each reads the text of every one before it is available."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Look = Callable[[Any, str], str]
TEXT_CHECKS: list[Look] = []
NARROWS: set[str] = set()  # reasons for which a document, once released, is for those alone who are named


def text_check(look: Look) -> Look:
    """Lodge ``(document, text) -> why it is held``, or nothing. The words are shown to the governance lead: no name in them."""
    TEXT_CHECKS.append(look)
    return look


def objection(document: Any, text: str) -> str:
    """The first reason that any of them has. A picture, and a page that was photographed, has no text to look at."""
    return next((reason for look in TEXT_CHECKS if (reason := look(document, text))), "")
