"""What a file is by its own first bytes, whatever it is called."""

from __future__ import annotations

import re
from pathlib import Path

from earlyhelp.documents.inspection.findings import Harmful

FIRST = 1024
MAGIC = {
    b"%PDF-": {"pdf"},
    b"\xff\xd8\xff": {"jpeg"},
    b"\x89PNG\r\n\x1a\n": {"png"},
    b"PK\x03\x04": {"docx", "xlsx", "odt"},
}
# Text that some program would run or draw, and not only show.
ACTIVE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<(?:!doctype|html|head|body|script|svg|iframe|\?xml|\?php)|#!|\{\\rtf|MZ[\x00\x50\x90])",
    re.I,
)
NOT_WHAT_IT_SAYS = (
    "The file is not what its name says it is. Save it again in the program that made it, and add it again."
)


def formats_of(path: Path) -> set[str]:
    """The formats that its beginning allows; none for what is none of ours."""
    with path.open("rb") as file:
        first = file.read(FIRST)
    for magic, formats in MAGIC.items():
        if first.startswith(magic):
            return formats
    return set() if ACTIVE.match(first) or b"\x00" in first else {"text"}


def refuse_disguise(path: Path, format: str) -> None:
    """The header stands at the very beginning, and is that of the format: nothing stands before it."""
    if format not in formats_of(path):
        raise Harmful(NOT_WHAT_IT_SAYS)
