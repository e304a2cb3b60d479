"""A PDF that everybody can read: tagged, titled and in English (PDF/UA-1), drawn by Typst from our own templates.

Fonts: those inside the Typst wheel and no others, so that a document looks the same on every machine and none need be
installed: Libertinus Serif (Latin, Greek, Cyrillic, Hebrew), and DejaVu Sans Mono where it has none (Arabic). Both may be
embedded freely, and are. What neither can draw is said to be missing, in its place: an accessible document may not hold an
empty box, and a name must not vanish without a word.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from earlyhelp.core.documents.paper import Paper

FOLDER = settings.BASE_DIR / "templates" / "documents"
UNDRAWN = "[letters that this document cannot show: see the record on screen]"
AGAIN = "[not shown]"  # in a text that has said so ``WHOLE`` times: it is not to grow to thirty times its length
WHOLE = 20
LONGEST = 28  # letters of one word, before it may be broken anywhere: it would leave the page
BREAK = "\u200b"  # has no width
UPON = ("Mn", "Me", "Mc", "Cf")  # what Unicode sets upon the letter before it, or does not show at all
MARKS = 16  # of those upon one letter: more than any script has
TRIES = 4  # what cannot be drawn is named by Typst, all of it at once; a letter that combines may take another turn
# Control characters, those that make what follows read backwards (an attacker's, never a name's), and typed ``BREAK``s.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]")
_NAMED = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def pdf(template: str, data: Any, *, title: str) -> bytes:
    """The document that ``template`` (a file in ``templates/documents``) draws of ``data``. ``title`` names no family.

    Raises ``RuntimeError`` if the template is at fault: nothing in ``data`` can be.
    """
    said = _clean(data)
    for _ in range(TRIES):
        try:
            return _drawn(template, said, title)
        except typst.TypstError as fault:
            letters = _undrawn(fault.diagnostic)
            if not letters:
                raise
            said = _without(said, letters)
    return _drawn(template, _without(said, ""), title)


def printed(paper: Paper) -> bytes:
    """Any ``Paper`` as a PDF, in the one look that all of them share."""
    return pdf("paper.typ", paper.data(), title=f"{paper.title} {paper.reference}".strip())


def _drawn(template: str, said: Any, title: str) -> bytes:
    return typst.compile(
        FOLDER / template,
        root=FOLDER,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(said, cls=DjangoJSONEncoder), "title": title},
        pdf_standards="ua-1",
    )


def _clean(said: Any) -> Any:
    """Every text in it without what nobody typed on purpose, and with places at which a word without end may be broken."""
    return _each_text(said, lambda text: _breakable(_UNSEEN.sub("", text.replace("\r\n", "\n"))))


def _breakable(text: str) -> str:
    """Never between a letter and its marks: Typst takes the square of their number, and one field kept it for minutes."""
    said, length = [], 0
    for letter in _letters(text):
        length = 0 if letter[0].isspace() else length + 1
        if length > LONGEST:
            said.append(BREAK)
            length = 1
        said.append(letter)
    return "".join(said)


def _letters(text: str) -> Iterator[str]:
    """Each with what stands upon it, so far as somebody could have meant it: not a heap, and no accent upon a space."""
    letter = ""
    for sign in text:
        kind = unicodedata.category(sign)
        if kind not in UPON:
            if letter:
                yield letter
            letter = sign
        elif len(letter) <= MARKS and (kind in ("Mc", "Cf") or letter.strip()):
            letter += sign
    if letter:
        yield letter


def _undrawn(diagnostic: str) -> str:
    """The letters that no font has. Plain ones are never among them: they only stand beside those that are."""
    named = [_ESCAPED.sub(lambda each: chr(int(each[1], 16)), text) for text in _NAMED.findall(diagnostic)]
    return "".join(sorted({letter for text in named for letter in text if ord(letter) > 0x7E}))


def _without(said: Any, letters: str) -> Any:
    """Say in words that these are left out, once for each run of them; of none named, all that is not Latin."""
    out = f"[{re.escape(letters)}]" if letters else "[^\x09\x0a\x20-\x7e\xa0-\u024f\u2010-\u2027]"
    run = re.compile(rf"{out}(?:[\u200b-\u200d\ufe0e\ufe0f]*\s?{out})*[\u200d\ufe0e\ufe0f]*")
    return _each_text(said, lambda text: run.sub(AGAIN, run.sub(UNDRAWN, text, count=WHOLE)))


def _each_text(said: Any, change: Any) -> Any:
    if isinstance(said, str):
        return change(said)
    if isinstance(said, dict):
        return {name: _each_text(value, change) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [_each_text(value, change) for value in said]
    return said
