"""What nobody should send, and the forms of a page to send it to (promise P14)."""

from html.parser import HTMLParser
from urllib.parse import urlencode

URL_ENCODED = "application/x-www-form-urlencoded"
MARKUP = "<script>zq1</script>\"'><img src=x onerror=zq2>{{7*7}}"
HOSTILE = {
    "NUL": "a\x00b",
    "four hundred digits": "9" * 400,
    "one more than the database holds": "9223372036854775808",
    "less than nothing": "-1",
    "markup": MARKUP,
    "thirty thousand letters": "é" * 30_000,
    "a thousand letters": "é" * 1_000,
    "a hundred and fifty letters": "é" * 150,
    "text that runs backwards": "\u202e\ufffe\U0001f4a9",
    "a day that is none": "2024-02-31",
    "a word for a number": "abc",
    "half of a surrogate pair": "a\ud83d",
    "nothing, as a program says it": "null",
    "a page far beyond the last": "99999999999999999999",
    "a power": "1e999",
    "a formula": "=HYPERLINK(A1)",
    "digits of another alphabet": "٣",
    "spaces": "   ",
    "no number": "NaN",
    "a list": "[]",
}
KEPT = {"token", "version"}  # sent as they are, so that the rest of the form is read


PARTS_OF_A_DAY = {"day": "2", "month": "3", "year": "2026", "time": "10:00"}
TYPED = {"email": "pat@example.org", "tel": "01632 960 001", "number": "2", "search": "Invented"}
HIDDEN, BUTTONS = {"hidden", "checkbox", "radio"}, {"submit", "button", "file"}


class Forms(HTMLParser):
    """The forms of a page: where each leads, how it is sent, and its fields, filled in as somebody in a hurry would."""

    def __init__(self, page):
        super().__init__()
        self.found, self.inside, self.choosing = [], False, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.found.append((said.get("action") or "", (said.get("method") or "get").lower(), {}))
            self.inside = True
        elif self.inside and tag == "select" and said.get("name"):
            self.choosing = said["name"]
        elif self.inside and tag == "option" and said.get("value") and self.choosing:
            self._fill(self.choosing, said["value"])
        elif self.inside and tag in {"input", "textarea"} and said.get("name") and said.get("type") not in BUTTONS:
            self._fill(said["name"], said.get("value") or _typed(said))

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"
        self.choosing = "" if tag == "select" else self.choosing

    def _fill(self, name, value):
        self.found[-1][2].setdefault(name, value)


def _typed(said):
    """What stands in a box that was empty."""
    kind, part = said.get("type", "text"), said["name"].rpartition("_")[2]
    if kind in HIDDEN:
        return ""
    return PARTS_OF_A_DAY.get(part) or TYPED.get(kind) or ("2" if said.get("inputmode") == "numeric" else "Some words.")


def sendings(fields):
    """Everything hostile at once, then one field at a time beside what stood in the others."""
    for name, what in HOSTILE.items():
        yield name, {field: fields[field] if field in KEPT else what for field in fields}
    for field in fields:
        for name in ("NUL", "a thousand letters"):
            yield f"{name} in {field}", fields | {field: HOSTILE[name]}


def encoded(fields):
    """As a browser would send it, if a browser sent half of a surrogate pair."""
    return urlencode(fields, errors="surrogatepass")
