"""Every way by which words leave the product, looked through for the place that nobody may learn (promise P2).

A channel is a part of the product as somebody reads it (its pages, its answers to programs), a part of an answer that is
overlooked easily (its title, its headers, the text inside a PDF), a message, a line of the log, or a table of the database,
which is what an export, a copy of the database and the history read.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from earlyhelp.notices.services import send_letters, send_owed
from tests.matrix.worlds import HIDDEN, HIDDEN_POSTCODE

SECRETS = (HIDDEN.lower(), HIDDEN_POSTCODE.lower(), HIDDEN_POSTCODE.replace(" ", "").lower())
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# Of the database: what is said to people, what was, who did and saw what, what is typed and not sent yet; then all the rest.
TABLES = {
    "the outbox": ("notices_",),
    "the trail of events": ("audit_event", "audit_erasure"),
    "the log of reads": ("audit_access",),
    "drafts": ("workflow_draft", "referrals_helpdraft"),
    "what was sent before": ("workflow_submission",),
    "sessions": ("django_session",),
    "scheduled work": ("django_celery_beat_",),
    "letters": ("letters_", "referrals_referralletter", "directory_onwardlink"),
    "the ledger of what was told": ("sharing_",),
    "what is read out to whoever asks": ("records_",),
}


class Looked:
    """How many texts of each channel were looked through, and where the secret was found."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.found: list[str] = []

    def through(self, channel: str, text: str, where: str = "") -> None:
        self.tried[channel] += 1
        told = text.lower()
        if any(secret in told for secret in SECRETS):
            self.found.append(f"{channel} {where}".strip())


def answers(looked: Looked, route, response, where: str) -> None:
    """One answer, part by part."""
    parts = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    text = "\n".join(_of_pdf(parts)) if kind == "application/pdf" else parts.decode(errors="replace")
    looked.through(_channel(route, kind), text, where)
    looked.through("headers and cookies", f"{response.headers} {response.cookies}", where)
    if found := TITLE.search(text):
        looked.through("titles", found[1], where)


def _channel(route, kind: str) -> str:
    if kind == "application/pdf":
        return "PDFs"
    if route.api:
        return f"answers to programs: {route.name.partition('-')[0]}"
    part, _, name = route.name.partition(":")
    return f"paper: {part}" if "print" in name or "copy" in name else f"pages: {part}"


def _of_pdf(content: bytes) -> Iterator[str]:
    paper = PdfReader(BytesIO(content))
    yield str(paper.metadata)
    yield from (page.extract_text() for page in paper.pages)


def messages(looked: Looked) -> None:
    """All that is owed goes out: e-mails at once and as a digest, letters to services."""
    send_letters(now=timezone.now())
    send_owed(now=timezone.now() + timedelta(days=4))
    for each in mail.outbox:
        channel = "letters to services" if "/referred/" in each.body else "e-mails"
        looked.through(channel, f"{each.subject} {each.body} {each.extra_headers}", each.subject)


def tasks(looked: Looked) -> None:
    for name, each in settings.CELERY_BEAT_SCHEDULE.items():
        looked.through("what tasks are told", str(each), name)


def database(looked: Looked) -> None:
    """Every column of every row as text; what is sealed is not to be read there either."""
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                looked.through(_kept_in(table), row, table)


def _kept_in(table: str) -> str:
    for channel, begins in TABLES.items():
        if table.startswith(begins):
            return channel
    return "the history" if table in _histories() else "everything else in the database"


def _histories() -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_obj_id")}


def log(looked: Looked, records) -> None:
    for each in records:
        looked.through("the log", each.getMessage() + str(each.exc_info or ""), each.name)


def type_it(client, child: int) -> None:
    """Where it belongs, kept as a draft meanwhile and then saved; and where it does not belong, which is refused."""
    move, note = f"/families/people/{child}/move/", f"/families/people/{child}/edit/"
    home = {"line_1": f"2 {HIDDEN} Lane", "postcode": HIDDEN_POSTCODE, "protected": "on", "household": "together"}
    assert client.post(f"/drafts{move}", home).status_code == 200
    assert client.post(move, home | {"token": uuid.uuid4()}).status_code == 302
    person = {"version": 1, "first_name": "Robin", "last_name": f"of {HIDDEN_POSTCODE}"}
    assert client.post(note, person).status_code == 422
