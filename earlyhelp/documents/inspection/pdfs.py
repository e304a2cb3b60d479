"""A PDF may only be read: nothing in it may run, open something else, carry another file, or be another file as well."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from earlyhelp.documents.inspection.findings import Finding, Harmful

MOST_PAGES = 500
MOST_OBJECTS = 200_000
END = re.compile(rb"%%EOF[\s\x00]*\Z")
ANOTHER = re.compile(rb"<(?:!doctype|html|script|svg|iframe|body)\b|<\?php", re.I)
FORBIDDEN_TOKENS = {b"/JavaScript": "runs", b"/Launch": "opens", b"/EmbeddedFile": "carries", b"/RichMedia": "runs"}

RUNS = "The PDF holds a program (JavaScript or media), which could do harm. Print it to a new PDF and add that."
OPENS = "The PDF opens another program or sends what is typed into it. Print it to a new PDF and add that."
CARRIES = "The PDF carries other files inside it. Take them out and add each by itself."
LOCKED = "The PDF is locked with a password, so nobody can look inside. Save it without the password and add it again."
UNREADABLE = "The PDF cannot be read. Save or print it to a new PDF and add that."
TWO_FILES = (
    "The PDF is another kind of file as well, which is a way to hide something. Print it to a new PDF and add that."
)
TOO_LONG = f"The PDF has more than {MOST_PAGES} pages, or is built to take too long. Split it and add the parts."
WORDS = {"runs": RUNS, "opens": OPENS, "carries": CARRIES}

# What a name in a dictionary says of it: a key that is there at all, and what an action is called.
KEYS = {
    "/JS": RUNS, "/JavaScript": RUNS, "/RichMediaContent": RUNS, "/XFA": RUNS,
    "/EF": CARRIES, "/EmbeddedFiles": CARRIES,
}  # fmt: skip
ACTIONS = {
    "/JavaScript": RUNS, "/Rendition": RUNS, "/Movie": RUNS, "/Sound": RUNS, "/RichMediaExecute": RUNS,
    "/Launch": OPENS, "/SubmitForm": OPENS, "/ImportData": OPENS, "/GoToE": OPENS, "/GoToR": OPENS,
}  # fmt: skip
KINDS = {
    "/RichMedia": RUNS, "/Screen": RUNS, "/3D": RUNS, "/Movie": RUNS, "/FileAttachment": CARRIES, "/EmbeddedFile": CARRIES,
}  # fmt: skip


def inspect(path: Path) -> None:
    """Raises a ``Finding`` if the file is more than pages to read."""
    _is_a_pdf_alone(path)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise Finding(LOCKED)
        if len(reader.pages) > MOST_PAGES:
            raise Harmful(TOO_LONG)
        _nothing_but_pages(reader)
    except Finding:
        raise
    except Exception as fault:  # whatever a reader makes of a broken file
        raise Harmful(UNREADABLE) from fault
    _no_forbidden_word(path)


def _is_a_pdf_alone(path: Path) -> None:
    """It ends where a PDF ends, and neither a browser nor an unpacker would take it for one of theirs."""
    content = path.read_bytes()
    if not END.search(content[-2048:]) or ANOTHER.search(content[:1024]) or zipfile.is_zipfile(path):
        raise Harmful(TWO_FILES)


def _nothing_but_pages(reader: PdfReader) -> None:
    for number, found in enumerate(_dictionaries(reader.trailer)):
        if number > MOST_OBJECTS:
            raise Harmful(TOO_LONG)
        for key in found:
            if key in KEYS:
                raise Finding(KEYS[key])
        for name, forbidden in (("/S", ACTIONS), ("/Subtype", KINDS), ("/Type", KINDS)):
            said = found.get(name)
            if isinstance(said, str) and said in forbidden:
                raise Finding(forbidden[said])


def _dictionaries(root: Any) -> Iterator[DictionaryObject]:
    """Each dictionary that can be reached, once."""
    waiting, seen = [root], set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, IndirectObject):
            if (each.idnum, each.generation) in seen:
                continue
            seen.add((each.idnum, each.generation))
            each = each.get_object()
        if isinstance(each, DictionaryObject):
            yield each
            waiting.extend(each.values())
        elif isinstance(each, ArrayObject):
            waiting.extend(each)


def _no_forbidden_word(path: Path) -> None:
    """What no reference leads to is not harmless: another reader may find it."""
    content = path.read_bytes()
    for word, what in FORBIDDEN_TOKENS.items():
        if word in content:
            raise Finding(WORDS[what])
