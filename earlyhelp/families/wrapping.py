"""Words in a picture, where nothing wraps by itself: the whole is in the title of each, and in the list beneath."""

from __future__ import annotations


def shortened(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def wrapped(text: str, letters: int, lines: int) -> list[str]:
    """On at most so many lines; what does not fit ends in dots, and a word that is too long is cut."""
    rows: list[str] = []
    words = text.split()
    while words:
        if len(rows) == lines - 1:
            return [*rows, shortened(" ".join(words), letters)]
        row = [words.pop(0)]
        while words and len(" ".join([*row, words[0]])) <= letters:
            row.append(words.pop(0))
        rows.append(shortened(" ".join(row), letters))
    return rows
