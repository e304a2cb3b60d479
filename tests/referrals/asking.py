"""A family at the public form: what they type, and the way through its pages."""

import base64
from datetime import timedelta

from django.core import signing
from django.test import Client
from django.utils import timezone

from earlyhelp.core import sealing

START = "/ask-for-help/"
BORN = {"born_on_day": "4", "born_on_month": "7", "born_on_year": "1991"}
YOU = BORN | {
    "first_name": "Maya",
    "last_name": "Invented",
    "you_are": "parent",
    "lives_in": "unknown",
    "rows": "2",
    "first_1": "Ben",
    "who_1": "child",
    "born_1_day": "1",
    "born_1_month": "9",
    "born_1_year": "2018",
    "lives_1": "yes",
}
HELP = {
    "why_now": "I do not sleep, and Ben will not go to school.",
    "wants": "Somebody to talk to.",
    "needs": ["education", "health"],
}
SAFE = {
    "safeguarding": "no",
    "urgent": "no",
    "ways": ["text"],
    "contact_phone": "01632 960 555",
    "reach_note": "Only before three. Never leave a message.",
}
ANSWERS = {"you": YOU, "help": HELP, "safe": SAFE}


def opened(ago=timedelta(minutes=10)):
    """What the page says of when it was first shown."""
    return signing.dumps((timezone.now() - ago).timestamp(), salt="asking.opened")


class Visitor:
    """Somebody without an account, at a browser of their own."""

    def __init__(self, address="198.51.100.7", **options):
        self.client = Client(REMOTE_ADDR=address, **options)

    def post(self, slug, answers=None, *, ago=timedelta(minutes=10), **also):
        said = (ANSWERS.get(slug, {}) if answers is None else answers) | {"opened": opened(ago)} | also
        return self.client.post(f"{START}{slug}/", said)

    def get(self, slug=""):
        return self.client.get(f"{START}{slug}")

    def write(self, **changes):
        """All three pages of questions; ``changes`` by page."""
        for slug, answers in ANSWERS.items():
            self.post(slug, answers | changes.get(slug, {}))

    def send(self):
        return self.client.post(f"{START}check/")

    def code(self):
        """What «stop, and come back later» tells them to write down; their browser holds it sealed."""
        sealed = base64.urlsafe_b64decode(self.client.cookies["asking"].value)
        return sealing.unseal(sealed, bound_to="asking").partition(".")[0]


def born(code="", **born_on):
    return ({"code": code} if code else {}) | BORN | born_on


def bots(how_many):
    """Each in its own way: all answers, no stamp, a forged one, at once, advertising; from as many addresses."""
    ways = [
        {"comment_link": "x"},
        {"opened": ""},
        {"opened": "MTc2Mzg4:1abc:forged"},
        {"why_now": "http://a.example http://b.example"},
        {},
    ]
    for number in range(how_many):
        bot, way = Visitor(f"10.{number // 250}.{number % 250}.1"), ways[number % len(ways)]
        for slug in ("you", "help", "safe"):
            bot.post(slug, ago=timedelta(seconds=1 if not way else 600), **way)
        bot.send()
