"""How a label reads inside a sentence: said once, for pages, papers and what behaviour says of itself."""

import re

FIRST = re.compile(r"[^\W\d_]+")
# Written with a capital wherever they stand; a second capital (EH, TAF, LibreOffice) says the same of itself.
CAPITALS = """
I Excel Jobcentre Ofsted English Welsh British
Monday Tuesday Wednesday Thursday Friday Saturday Sunday
January February March April May June July August September October November December
"""
NAMES = frozenset(CAPITALS.split())


def within(label: object) -> str:
    """«Yes, I can» is «yes, I can» there: its first letter is small, unless a name begins with it, and all else is as it was."""
    text = str(label)
    first = FIRST.match(text)
    if first is None or first[0] in NAMES or any(letter.isupper() for letter in first[0][1:]):
        return text
    return text[0].lower() + text[1:]
