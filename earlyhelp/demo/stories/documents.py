"""What stands in the Grants’ record besides words: an agreement, a photograph, a note for one school, and a file that is held."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from earlyhelp.core.documents import Paper, Section, printed
from earlyhelp.demo.county import County
from earlyhelp.documents.enums import DocumentKind, Format, Visibility
from earlyhelp.documents.services import add
from earlyhelp.documents.sweep import clear, look_through
from earlyhelp.families.models import Family

NOTE = "Tyler fell asleep twice this week. He says he waits up until his mother is back. He likes the breakfast club.\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'
)


def tell(county: County) -> None:
    start = county.since(weeks=17)
    agreed, seen = start.at(weeks=9, hour=15), start.at(weeks=5, hour=11)
    noticed, late = start.at(weeks=11, hour=12), county.since(working_days=2).at(hour=10)
    _put(county, seen, "kerry", _window, "The window in Kai’s room", DocumentKind.PHOTO, Format.JPEG)
    _put(county, agreed, "sam", _agreement, "What was agreed about the arrears", DocumentKind.PLAN, Format.PDF)
    school = {"visibility": Visibility.AGENCY}
    _put(
        county, noticed, "bethan", NOTE.encode, "From Tyler’s class teacher", DocumentKind.OTHER, Format.TEXT, **school
    )
    _put(county, late, "hannah", _with_macros, "Kai’s growth chart", DocumentKind.FORM, Format.DOCX)


def _put(county: County, at: datetime, who: str, make: Any, title: str, kind: str, format: str, **facts: Any) -> None:
    """Added by somebody, and looked through as the product does it."""

    def put(now: datetime) -> None:
        family = Family.objects.get(name="Grant")
        said = {"title": title, "kind": kind, "format": format, "visibility": Visibility.FAMILY} | facts
        add(family, by=county.people[who], now=now, file=ContentFile(make()), **said)

    county.diary.write(at, put)
    county.diary.write(at + timedelta(seconds=15), _look)


def _look(now: datetime) -> None:
    look_through(now=now)
    clear(now=now)


def _agreement() -> bytes:
    steps = (("£10 a week", "From the first of the month"), ("The hearing", "Adjourned while the payments are kept"))
    text = "Soar Valley Homes asks for no more than this, as long as Early Help visits."
    return printed(
        Paper(
            title="An agreement about rent arrears",
            reference="SVH-1948",
            marking="For the tenant and those who help her",
            made="Soar Valley Homes, income team",
            sections=[Section("What was agreed", text=text, facts=steps)],
        )
    )


def _window() -> bytes:
    """A broken pane, as well as a few lines can show it."""
    picture = Image.new("RGB", (640, 480), (214, 208, 196))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((120, 60, 520, 420), fill=(150, 190, 215), outline=(250, 250, 246), width=18)
    pen.line((320, 60, 320, 420), fill=(250, 250, 246), width=12)
    for end in ((150, 100), (300, 130), (180, 390), (305, 330), (140, 260), (240, 400)):
        pen.line((225, 240, *end), fill=(60, 70, 80), width=3)
    pen.polygon(((225, 240), (262, 190), (280, 262), (235, 290)), fill=(40, 46, 54))
    made = io.BytesIO()
    picture.save(made, "JPEG")
    return made.getvalue()


def _with_macros() -> bytes:
    """A form that somebody’s office made long ago: it says that it holds a program, which here is four harmless letters."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as bundle:
        bundle.writestr("[Content_Types].xml", TYPES)
        bundle.writestr("word/document.xml", "<document/>")
        bundle.writestr("word/vbaProject.bin", b"none")
    return made.getvalue()
