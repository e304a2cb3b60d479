"""Whether a number that somebody typed can be one at all."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as NumberError
from stdnum.gb import nhs

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # of a pupil number: I, O and S look like figures


def valid_nhs_number(value: str) -> None:
    try:
        nhs.validate(value)
    except NumberError as problem:
        raise ValidationError("This is not a valid NHS number: check the ten digits.") from problem


def valid_upn(value: str) -> None:
    """A check letter, the authority, the school, the year and a serial, which ends in a letter where the number is temporary.

    Authorities come and go: of them no list is kept, and the check letter alone decides (standards.md 9).
    """
    if not re.fullmatch(f"[{LETTERS}][0-9]{{11}}[0-9{LETTERS}]", value) or value[0] != pupil_check_letter(value[1:]):
        raise ValidationError("This is not a valid unique pupil number: check the letter and the digits.")


def pupil_check_letter(rest: str) -> str:
    """The first letter of a pupil number: each of the other twelve signs counts as often as its place in the whole says."""
    worth = (LETTERS.index(sign) if sign in LETTERS else int(sign) for sign in rest)
    return LETTERS[sum(place * value for place, value in enumerate(worth, start=2)) % len(LETTERS)]
