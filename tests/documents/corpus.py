"""Files that somebody might put into a family's record, most of them made to do harm; and what must become of each (P13).

Every one is made here: nothing harmful lies in the repository.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
AVAILABLE, HELD, NEVER, AT_THE_DOOR = "available", "held", "held for good", "refused at the door"
SECRET = b"52.7631N-1.2044W"  # where a picture was taken: it may be in nothing that is kept
SCRIPT = b"<html><script>alert(1)</script></html>"


@dataclass(frozen=True)
class Specimen:
    name: str
    filename: str
    declared: str
    make: Callable[[], bytes]
    fate: str
    why: str = ""

    def __str__(self) -> str:
        return self.name


# --- pictures ---------------------------------------------------------------------------------------------------------


def picture(format: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **kwargs: Any) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, 0 if mode in ("L", "1") else (120, 60, 30, 255)[: len(mode)]).save(made, format, **kwargs)
    return made.getvalue()


def jpeg_with_gps() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (52.0, 45.0, 47.0), "W", (1.0, 12.0, 16.0)
    exif[0x8825] = gps
    return picture(exif=exif, comment=SECRET)


def png_with_text() -> bytes:
    info = PngInfo()
    info.add_text("Location", SECRET.decode())
    return picture("PNG", pnginfo=info)


def png_of_any_size(width: int, height: int, data: bytes | None = None) -> bytes:
    """A few bytes that say that they are a picture of any size."""
    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000) if data is None else data
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


# --- PDF --------------------------------------------------------------------------------------------------------------


def pdf(change: Callable[[PdfWriter], Any] = lambda writer: None, pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def action(does: str) -> Callable[[PdfWriter], None]:
    def add(writer: PdfWriter) -> None:
        made = {NameObject("/S"): NameObject(does), NameObject("/F"): TextStringObject("calc.exe")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(made)

    return add


def annotation(kind: str) -> Callable[[PdfWriter], None]:
    def add(writer: PdfWriter) -> None:
        note = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject(kind)})
        writer.root_object[NameObject("/Hidden")] = writer._add_object(note)

    return add


def hidden_word() -> bytes:
    """Named with an escape, as a scanner of bytes does not see it."""
    return pdf(action(does="/JavaScript")).replace(b"/JavaScript", b"/Java#53cript")


def unreferenced_script() -> bytes:
    whole = pdf()
    stray = b"%\n99 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n"
    head, tail = whole.split(b"\n", 1)
    return head + b"\n" + tail.replace(b"startxref", stray + b"startxref", 1)


# --- office -----------------------------------------------------------------------------------------------------------

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def types(main: str, kind: str) -> str:
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{main}" ContentType="{kind}"/></Types>'
    )


def bundle(parts: dict[str, Any], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as packed:
        for name, content in parts.items():
            packed.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return made.getvalue()


def docx(text: str = "A letter from the school.", body: str = "", kind: str = "", **parts: Any) -> bytes:
    main = kind or f"{DOCX}.main+xml"
    words = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>{body}</w:body></w:document>'
    plain = {"[Content_Types].xml": types("word/document.xml", main), "word/document.xml": words}
    return bundle(plain | parts)


def xlsx(**parts: Any) -> bytes:
    book = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return bundle(
        {"[Content_Types].xml": types("xl/workbook.xml", f"{XLSX}.main+xml"), "xl/workbook.xml": book} | parts
    )


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"


def odt(inside: str = "", **parts: Any) -> bytes:
    spaces = {
        "office": OFFICE,
        "text": OFFICE.replace("office", "text"),
        "draw": OFFICE.replace("office", "drawing"),
        "script": OFFICE.replace("office", "script"),
    }
    named = " ".join(f'xmlns:{name}="{address}"' for name, address in spaces.items())
    content = (
        f'<office:document-content {named} xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text>'
        f"<text:p>A letter.</text:p>{inside}</office:text></office:body></office:document-content>"
    )
    return bundle({"mimetype": ODT, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"} | parts)


def external(kind: str, target: str = "http://example.org/template.dotm") -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELS}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )


def locked_zip() -> bytes:
    """Every entry says that it is encrypted."""
    content = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 1)
    return bytes(content)


def lying_zip() -> bytes:
    """A part that says that it is small and unpacks to two hundred megabytes."""
    content = bytearray(docx(**{"word/media.xml": b"<a>" + b" " * 200_000_000 + b"</a>"}))
    size, small = struct.pack("<I", 200_000_007), struct.pack("<I", 900)
    return bytes(content).replace(size, small)


def twice() -> bytes:
    made = io.BytesIO(docx())
    with zipfile.ZipFile(made, "a") as packed:
        packed.writestr("WORD/document.xml", "<another/>")
    return made.getvalue()


BILLION = (
    '<!DOCTYPE lol [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><lol>&c;</lol>'
)
META = (
    f'<office:document-meta xmlns:office="{OFFICE}" xmlns:meta="{OFFICE.replace("office", "meta")}" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><meta:template xlink:href="../templates/letter.ott"/></office:document-meta>'
)
FETCHES = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
DDE = "<w:p><w:r><w:instrText>D</w:instrText></w:r><w:r><w:instrText>DEAUTO c:\\\\calc.exe</w:instrText></w:r></w:p>"
PDF, JPG, PNG, TXT = "application/pdf", "image/jpeg", "image/png", "text/plain"
PLAIN_TEXT = "Ring the school on Monday.\nShe said “thank you”.\n".encode()

CORPUS = [
    # what people put there every day
    Specimen("a PDF", "letter.pdf", PDF, pdf, AVAILABLE),
    Specimen("a PDF of several pages", "report.PDF", PDF, lambda: pdf(pages=12), AVAILABLE),
    Specimen("a JPEG", "window.jpg", JPG, picture, AVAILABLE),
    Specimen("a grey JPEG", "scan.jpeg", JPG, lambda: picture(mode="L"), AVAILABLE),
    Specimen("a PNG", "drawing.png", PNG, lambda: picture("PNG"), AVAILABLE),
    Specimen("a PNG one can see through", "drawing.png", PNG, lambda: picture("PNG", mode="RGBA"), AVAILABLE),
    Specimen("plain text", "note.txt", TXT, lambda: PLAIN_TEXT, AVAILABLE),
    Specimen("a Word document", "plan.docx", DOCX, docx, AVAILABLE),
    Specimen("a Word document from a browser that knows no Word", "plan.docx", "application/octet-stream", docx, AVAILABLE),
    Specimen("a Word document with a link", "plan.docx", DOCX, lambda: docx(**{"word/_rels/document.xml.rels": external("hyperlink")}), AVAILABLE),
    Specimen("a Word document on a letterhead", "plan.docx", DOCX, lambda: docx(**{"word/_rels/settings.xml.rels": external("attachedTemplate", "file:///C:/Templates/Letter.dotx")}), AVAILABLE),
    Specimen("a spreadsheet", "hours.xlsx", XLSX, xlsx, AVAILABLE),
    Specimen("a LibreOffice document", "letter.odt", ODT, odt, AVAILABLE),
    Specimen("a LibreOffice document as it is saved", "letter.odt", ODT, lambda: odt(**{"layout-cache": b"\x01", "Configurations2/": b"", "meta.xml": META}), AVAILABLE),
    # pictures that say too much, or are something else as well: what is kept is drawn anew
    Specimen("a JPEG that says where it was taken", "home.jpg", JPG, jpeg_with_gps, AVAILABLE),
    Specimen("a PNG that says where it was taken", "home.png", PNG, png_with_text, AVAILABLE),
    Specimen("a JPEG and a page with a script", "a.jpg", JPG, lambda: picture() + SCRIPT, AVAILABLE),
    Specimen("a JPEG and a zip", "a.jpg", JPG, lambda: picture() + docx(), AVAILABLE),
    Specimen("a PNG and a page with a script", "a.png", PNG, lambda: picture("PNG") + SCRIPT, AVAILABLE),
    Specimen("a PNG that unpacks to more than its points", "bomb.png", PNG, lambda: png_of_any_size(2000, 2000, zlib.compress(b"\0" * 300_000_000)), AVAILABLE),
    # pictures that break what draws them
    Specimen("a PNG of nine hundred million points", "flood.png", PNG, lambda: png_of_any_size(30_000, 30_000), NEVER, "points"),
    Specimen("a PNG of more points than there are", "flood.png", PNG, lambda: png_of_any_size(2**31 - 1, 2**31 - 1), NEVER),
    Specimen("half a JPEG", "half.jpg", JPG, lambda: picture(size=(900, 900))[:900], NEVER, "cannot be read"),
    Specimen("a GIF that calls itself a PNG", "a.png", PNG, lambda: picture("GIF"), NEVER, "not what its name says"),
    Specimen("a PNG that calls itself a JPEG", "a.jpg", JPG, lambda: picture("PNG"), NEVER, "not what its name says"),
    # PDFs that do more than be read
    Specimen("a PDF with a script", "a.pdf", PDF, lambda: pdf(action(does="/JavaScript")), HELD, "JavaScript"),
    Specimen("a PDF with a script by another spelling", "a.pdf", PDF, hidden_word, HELD, "JavaScript"),
    Specimen("a PDF with a script that nothing leads to", "a.pdf", PDF, unreferenced_script, HELD, "JavaScript"),
    Specimen("a PDF that starts a program", "a.pdf", PDF, lambda: pdf(action(does="/Launch")), HELD, "another program"),
    Specimen("a PDF that sends what is typed", "a.pdf", PDF, lambda: pdf(action(does="/SubmitForm")), HELD, "sends"),
    Specimen("a PDF with a file in it", "a.pdf", PDF, lambda: pdf(lambda w: w.add_attachment("a.exe", b"MZ")), HELD, "other files"),
    Specimen("a PDF with a file pinned to a page", "a.pdf", PDF, lambda: pdf(annotation("/FileAttachment")), HELD, "other files"),
    Specimen("a PDF with a film", "a.pdf", PDF, lambda: pdf(annotation("/RichMedia")), HELD, "media"),
    Specimen("a PDF with a password", "a.pdf", PDF, lambda: pdf(lambda w: w.encrypt("x", algorithm="RC4-128")), HELD, "password"),
    Specimen("a PDF and a page with a script after it", "a.pdf", PDF, lambda: pdf() + SCRIPT, NEVER, "another kind"),
    Specimen("a page with a script before a PDF", "a.pdf", PDF, lambda: SCRIPT + pdf(), NEVER, "not what its name says"),
    Specimen("a page with a script inside a PDF", "a.pdf", PDF, lambda: pdf().replace(b"\n", b"\n%" + SCRIPT + b"\n", 1), NEVER, "another kind"),
    Specimen("a PDF and a zip", "a.pdf", PDF, lambda: pdf() + docx(), NEVER, "another kind"),
    Specimen("a PDF of one line", "a.pdf", PDF, lambda: b"%PDF-1.7\nnothing more\n%%EOF", NEVER, "cannot be read"),
    Specimen("a PDF of too many pages", "a.pdf", PDF, lambda: pdf(pages=501), NEVER, "pages"),
    # documents that do more than be read
    Specimen("a Word document with macros", "a.docx", DOCX, lambda: docx(**{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), HELD, "macros"),
    Specimen("a document with macros by another name", "a.docx", DOCX, lambda: docx(kind="application/vnd.ms-word.document.macroEnabled.main+xml"), HELD, "macros"),
    Specimen("a spreadsheet with old macros", "a.xlsx", XLSX, lambda: xlsx(**{"xl/macrosheets/sheet1.xml": "<a/>"}), HELD, "macros"),
    Specimen("a document with a program in it", "a.docx", DOCX, lambda: docx(**{"word/embeddings/oleObject1.bin": b"MZ"}), HELD, "inside"),
    Specimen("a document with a control in it", "a.docx", DOCX, lambda: docx(**{"word/activeX/activeX1.xml": "<a/>"}), HELD, "inside"),
    Specimen("a document with a program as a picture", "a.docx", DOCX, lambda: docx(**{"word/media/image1.exe": b"MZ"}), HELD, "inside"),
    Specimen("a document that fetches its template", "a.docx", DOCX, lambda: docx(**{"word/_rels/settings.xml.rels": external("attachedTemplate")}), HELD, "elsewhere"),
    Specimen("a document that fetches its template from a neighbour", "a.docx", DOCX, lambda: docx(**{"word/_rels/settings.xml.rels": external("attachedTemplate", "file://///10.0.0.1/share/t.dotm")}), HELD, "elsewhere"),
    Specimen("a spreadsheet that fetches figures", "a.xlsx", XLSX, lambda: xlsx(**{"xl/externalLinks/externalLink1.xml": "<a/>"}), HELD, "elsewhere"),
    Specimen("a document that starts a program by a field", "a.docx", DOCX, lambda: docx(body=DDE), HELD, "elsewhere"),
    Specimen("a LibreOffice document with macros", "a.odt", ODT, lambda: odt(**{"Basic/Standard/Module1.xml": "<a/>"}), HELD, "macros"),
    Specimen("a LibreOffice document that runs when it is opened", "a.odt", ODT, lambda: odt("<script:event-listener/>"), HELD, "macros"),
    Specimen("a LibreOffice document that fetches a picture", "a.odt", ODT, lambda: odt('<draw:image xlink:href="http://example.org/x.png"/>'), HELD, "elsewhere"),
    Specimen("a document with a password", "a.docx", DOCX, locked_zip, HELD, "password"),
    Specimen("a zip bomb", "a.docx", DOCX, lambda: docx(**{"word/media.xml": b" " * 300_000_000}), NEVER, "unpacks"),
    Specimen("a zip bomb that lies about its size", "a.docx", DOCX, lying_zip, NEVER),
    Specimen("a zip of too many parts", "a.docx", DOCX, lambda: docx(**{f"word/{n}.xml": "<a/>" for n in range(2100)}), NEVER, "unpacks"),
    Specimen("a billion laughs", "a.docx", DOCX, lambda: docx(**{"word/styles.xml": BILLION}), NEVER, "unpacks"),
    Specimen("a document that fetches a file of the server", "a.docx", DOCX, lambda: docx(**{"word/styles.xml": FETCHES}), NEVER),
    Specimen("a document that unpacks elsewhere", "a.docx", DOCX, lambda: docx(**{"../../evil.xml": "<a/>"}), NEVER, "another kind"),
    Specimen("a document with two parts of one name", "a.docx", DOCX, twice, NEVER, "another kind"),
    Specimen("a document and a page with a script", "a.docx", DOCX, lambda: docx() + SCRIPT, NEVER),
    Specimen("a program before a document", "a.docx", DOCX, lambda: b"MZ" + docx(), NEVER, "not what its name says"),
    Specimen("a spreadsheet that calls itself a letter", "a.docx", DOCX, xlsx, NEVER, "cannot be read"),
    Specimen("any zip that calls itself a letter", "a.docx", DOCX, lambda: bundle({"a.txt": "a"}), NEVER, "cannot be read"),
    # text that is none
    Specimen("a page with a script that calls itself text", "a.txt", TXT, lambda: SCRIPT, NEVER, "not what its name says"),
    Specimen("a program that calls itself text", "a.txt", TXT, lambda: b"MZ\x90\x00\x03", NEVER, "not what its name says"),
    Specimen("text with a NUL far down", "a.txt", TXT, lambda: b"a" * 5000 + b"\0", NEVER, "not plain text"),
    Specimen("text in another coding", "a.txt", TXT, lambda: "Zoë’s café".encode("cp1252"), NEVER, "UTF-8"),
    # what is not taken at all
    Specimen("a program", "a.exe", "application/x-msdownload", lambda: b"MZ\x90", AT_THE_DOOR),
    Specimen("a program with two endings", "letter.pdf.exe", PDF, pdf, AT_THE_DOOR),
    Specimen("a page", "a.html", "text/html", lambda: SCRIPT, AT_THE_DOOR),
    Specimen("a drawing that may hold scripts", "a.svg", "image/svg+xml", lambda: b"<svg/>", AT_THE_DOOR),
    Specimen("a document for macros", "a.docm", "application/vnd.ms-word.document.macroEnabled.12", docx, AT_THE_DOOR),
    Specimen("a picture that browsers do not show", "a.heic", "image/heic", lambda: b"\0\0\0\x18ftypheic", AT_THE_DOOR),
    Specimen("a PDF that is sent as a page", "a.pdf", "text/html", pdf, AT_THE_DOOR),
    Specimen("a file without an ending", "letter", PDF, pdf, AT_THE_DOOR),
    Specimen("an empty file", "a.pdf", PDF, lambda: b"", AT_THE_DOOR),
    Specimen("a file that is too large", "a.txt", TXT, lambda: b"a" * (10 * 1024 * 1024 + 1), AT_THE_DOOR),
]  # fmt: skip
