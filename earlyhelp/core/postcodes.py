"""What a postcode looks like, whole or begun, for whatever keeps one or looks for one."""

import re

from django.core.validators import RegexValidator

OUTWARD = r"[A-Z]{1,2}[0-9][A-Z0-9]?"

WHOLE = rf"{OUTWARD} [0-9][A-Z]{{2}}"

full_postcode = RegexValidator(rf"^{WHOLE}$", "Enter a full postcode, like LE1 1AA.")


def as_printed(typed: str) -> str:
    """In capitals, with one space where it belongs: «le131aa» is LE13 1AA, «le13 1» LE13 1, and «le11» LE11.

    What is no postcode, nor the beginning of one, comes back without its spaces.
    """
    text = typed.strip().upper()
    joined = "".join(text.split())
    if text == joined and re.fullmatch(OUTWARD, joined):
        return joined
    parts = re.fullmatch(rf"({OUTWARD})([0-9][A-Z]{{0,2}})", joined)
    return f"{parts[1]} {parts[2]}" if parts else joined


def beginning(printed: str) -> str:
    """How every postcode begins that lies in this part: of LE1 «LE1 », not LE13. Of a whole one, or of none, nothing."""
    outward, _, inward = printed.partition(" ")
    return f"{outward} {inward}" if re.fullmatch(OUTWARD, outward) and len(inward) < 3 else ""


def is_place(typed: str) -> bool:
    """Whether it is a postcode, or the beginning of one."""
    printed = as_printed(typed)
    return bool(re.fullmatch(WHOLE, printed) or beginning(printed))
