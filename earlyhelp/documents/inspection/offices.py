"""Documents of Word, Excel and LibreOffice: a zip of XML, with text and pictures in it and nothing else."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from earlyhelp.documents.inspection.findings import Finding, Harmful

MOST_ENTRIES = 2_000
MOST_BYTES = 80 * 1024 * 1024  # of all entries, unpacked
MOST_OF_ONE = 30 * 1024 * 1024
MOST_RATIO = 150  # unpacked to packed, of the whole: a long table packs to a fiftieth
END_OF_ZIP = 22  # bytes of its last record, where nothing follows it
MACROS = "The document holds macros (small programs). Save it without them, or as a PDF, and add that."
CARRIES = (
    "The document has another file or program inside it. Take it out, or save the document as a PDF, and add that."
)
OUTSIDE = "The document fetches something from elsewhere when it is opened. Save it as a PDF and add that."
LOCKED = (
    "The document is locked with a password, so nobody can look inside. Save it without the password and add it again."
)
UNREADABLE = "The document cannot be read. Save it again, or as a PDF, and add that."
BOMB = (
    "The document unpacks to far more than it seems to hold, which can break a computer. Save it as a PDF and add that."
)
TWO_FILES = (
    "The document is another kind of file as well, which is a way to hide something. Save it as a PDF and add that."
)

MAIN = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
}
ODT = b"application/vnd.oasis.opendocument.text"
MACRO_PARTS = re.compile(r"vbaproject|vbadata|macrosheets/|/dialogsheets/|^basic/|^scripts/|attachedtoolbars", re.I)
INNER_PARTS = re.compile(r"embeddings/|activex/|oleobject|^object ?\d|objectreplacements/.*\.(?!png|svm|gdi)", re.I)
OUTER_PARTS = re.compile(r"externallinks/|/queries/|connections\.xml$|webextensions", re.I)
PLAIN = re.compile(
    r"(?:\.(?:xml|rels|png|jpe?g|gif|emf|wmf|tiff?|bmp|svg|rdf|svm|odttf|vml|ttf|otf|txt)"
    r"|printersettings\d*\.bin|mimetype|layout-cache|/)$",
    re.I,
)
XML = re.compile(r"\.(?:xml|rels|vml|rdf|svg)$", re.I)
LINK, TEMPLATE = "/hyperlink", "/attachedTemplate"
ON_THIS_COMPUTER = re.compile(
    r"file:///[a-z]:", re.I
)  # a letterhead where it was written: nothing is there, nothing fetched
FIELDS = re.compile(r"DDEAUTO|DDE\s|INCLUDETEXT|INCLUDEPICTURE", re.I)
ODF_MACROS = {"event-listener", "script"}
ODF_INNER = {"object-ole", "applet", "plugin", "object"}
ODF_LINKS = {"a", "template"}  # followed by a reader, or not at all
OUTER_ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|\\\\|\.\./)", re.I)


def inspect(path: Path, format: str) -> None:
    """Raises a ``Finding`` if the file is more than text, tables and pictures."""
    try:
        with zipfile.ZipFile(path) as bundle:
            entries = bundle.infolist()
            _is_a_zip_alone(path, entries)
            _within_limits(path, entries)
            _only_plain_parts(entries)
            _is_what_it_says(bundle, format)
            for entry in entries:
                _read_through(bundle, entry)
    except Finding:
        raise
    except DefusedXmlException as trick:
        raise Harmful(BOMB) from trick
    except Exception as fault:  # whatever an unpacker makes of a broken file
        raise Harmful(UNREADABLE) from fault


def _is_a_zip_alone(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    with path.open("rb") as file:
        file.seek(-END_OF_ZIP, 2)
        ends = file.read(4) == b"PK\x05\x06"
    if not ends or not entries or min(entry.header_offset for entry in entries) != 0:
        raise Harmful(TWO_FILES)


def _within_limits(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES or unpacked > MOST_BYTES or unpacked > path.stat().st_size * MOST_RATIO:
        raise Harmful(BOMB)
    if len({name.lower() for name in names}) != len(names) or any(map(_leads_out, names)):
        raise Harmful(TWO_FILES)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Finding(LOCKED)


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _only_plain_parts(entries: list[zipfile.ZipInfo]) -> None:
    for name in (entry.filename for entry in entries):
        if MACRO_PARTS.search(name):
            raise Finding(MACROS)
        if OUTER_PARTS.search(name):
            raise Finding(OUTSIDE)
        if INNER_PARTS.search(name) or not PLAIN.search(name):
            raise Finding(CARRIES)


def _is_what_it_says(bundle: zipfile.ZipFile, format: str) -> None:
    if format == "odt":
        first = bundle.infolist()[0]
        if first.filename != "mimetype" or bundle.read(first)[:100] != ODT or "content.xml" not in bundle.namelist():
            raise Harmful(UNREADABLE)
        return
    part, kind = MAIN[format]
    kinds = _part(bundle, "[Content_Types].xml").decode("utf-8")
    if "macroEnabled" in kinds or "vbaProject" in kinds:
        raise Finding(MACROS)
    if part not in bundle.namelist() or kind not in kinds:
        raise Harmful(UNREADABLE)


def _part(bundle: zipfile.ZipFile, name: str) -> bytes:
    with bundle.open(name) as part:
        content = part.read(MOST_OF_ONE + 1)
    if len(content) > MOST_OF_ONE:
        raise Harmful(BOMB)
    return content


def _read_through(bundle: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Each part is unpacked under its limit, whatever it says its size is; and what is XML is read."""
    if entry.file_size > MOST_OF_ONE:
        raise Harmful(BOMB)
    if not XML.search(entry.filename):
        _part(bundle, entry.filename)
        return
    fields = ""  # a field may be written in pieces
    with bundle.open(entry) as part:
        for _, element in iterparse(part, events=("end",), forbid_dtd=True):
            name = element.tag.rpartition("}")[2]
            _harmless(element, name)
            if name in ("instrText", "fldSimple"):
                fields += (element.text or "") + " ".join(element.attrib.values())
            element.clear()
    if FIELDS.search(fields):
        raise Finding(OUTSIDE)


def _harmless(element: Any, name: str) -> None:
    if name == "Relationship" and element.get("TargetMode") == "External":
        if not _is_harmless_outside(element.get("Type", ""), element.get("Target", "")):
            raise Finding(OUTSIDE)
    elif name == "encryption-data":
        raise Finding(LOCKED)
    elif "opendocument" in element.tag:
        _harmless_odf(element, name)


def _is_harmless_outside(kind: str, target: str) -> bool:
    """A link that a reader may follow, or not; and the template that was used, if it can be on nobody else’s computer."""
    return kind.endswith(LINK) or (kind.endswith(TEMPLATE) and bool(ON_THIS_COMPUTER.match(target)))


def _harmless_odf(element: Any, name: str) -> None:
    if name in ODF_MACROS:
        raise Finding(MACROS)
    if name in ODF_INNER and "drawing" in element.tag:
        raise Finding(CARRIES)
    link = element.get("{http://www.w3.org/1999/xlink}href", "")
    if name not in ODF_LINKS and OUTER_ADDRESS.search(link):
        raise Finding(OUTSIDE)
