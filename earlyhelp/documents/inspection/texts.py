"""Plain text, and the text of any document: for whoever looks for what may not be in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import iterparse
from pypdf import PdfReader

from earlyhelp.documents.inspection.findings import Harmful

MOST_LETTERS = 1_000_000  # of a document's text; a long report has a fifth of that
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
NOT_TEXT = "The file is not plain text. Save it as text in UTF-8, or as a PDF, and add that."
PARTS = re.compile(
    r"^(?:word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)|xl/sharedStrings|xl/worksheets/[^/]+|content)\.xml$"
)
LINES = {"p", "h", "si", "c"}  # a paragraph, a heading, a cell
BLANKS = {"tab", "br", "cr", "line-break", "s"}


def inspect(path: Path) -> None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Harmful(NOT_TEXT) from fault
    if CONTROLS.search(text):
        raise Harmful(NOT_TEXT)


def text_of(path: Path, format: str) -> str:
    """All that can be read in it, as far as it is text: of a picture, and of a page that was photographed, nothing."""
    match format:
        case "text":
            return path.read_text("utf-8-sig")[:MOST_LETTERS]
        case "pdf":
            return "\n".join(page.extract_text() for page in PdfReader(path).pages)[:MOST_LETTERS]
        case "docx" | "xlsx" | "odt":
            return _of_office(path)[:MOST_LETTERS]
        case _:
            return ""


def _of_office(path: Path) -> str:
    words: list[str] = []
    with zipfile.ZipFile(path) as bundle:
        for name in filter(PARTS.match, bundle.namelist()):
            with bundle.open(name) as part:
                words += _lines(part)
    return "\n".join(words)


def _lines(part: Any) -> Iterator[str]:
    for _, element in iterparse(part, events=("end",), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if name in BLANKS:
            element.text = " "
        elif name in LINES:
            yield "".join(element.itertext())
            element.clear()
