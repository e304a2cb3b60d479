"""What may stand on a paper that is handed on: no number by which a family could be told (domain.md 15.1).

On a page a small number is hidden from whoever may not open what it counts. A paper goes to people who may open nothing, so that
on paper it is hidden whoever prints it; and so is what would give it away.
"""

from __future__ import annotations

from collections.abc import Sequence

from earlyhelp.core.counts import FEWER, SMALL

NOT_SHOWN = "Not shown"  # it would give away one that is hidden


def is_small(number: int) -> bool:
    return 0 < number < SMALL


def shown(number: int) -> str:
    return FEWER if is_small(number) else f"{number:,}"


def parts(numbers: Sequence[int]) -> tuple[list[str], str]:
    """The parts of a whole, and the whole. Where a part is small, the least of the others goes with it, and nobody reads which
    of the two is the small one; where all are, what they add up to is not shown.
    """
    said, whole = [shown(each) for each in numbers], shown(sum(numbers))
    others = [place for place, each in enumerate(numbers) if each >= SMALL]
    if not any(map(is_small, numbers)):
        return said, whole
    if others:
        beside = min(others, key=lambda place: numbers[place])
        return [NOT_SHOWN if is_small(numbers[at]) or at == beside else text for at, text in enumerate(said)], whole
    return said, whole if whole == FEWER else NOT_SHOWN


def share(part: int, whole: int) -> str:
    """How much of it, in per cent; of a few nothing. Where all but a few are meant, or only a few, no more than that is said."""
    if whole < SMALL:
        return f"Of {shown(whole).lower()}" if whole else "None"
    if is_small(whole - part):
        return f"{100 * (whole - SMALL + 1) // whole}% or more of {whole:,}"
    if is_small(part):
        return f"{-(-100 * (SMALL - 1) // whole)}% or less of {whole:,}"
    return f"{round(100 * part / whole)}% of {whole:,}"
