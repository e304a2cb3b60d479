"""Look through what waits: the database is the schedule, and whoever claims a document first looks at it alone.

No transaction is open while a file is looked at, so nobody who works in the record waits for it. A sweep that dies in the
middle leaves its claim, which ends by itself; a document over which three died is held.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from earlyhelp.documents import scanner, storing
from earlyhelp.documents.bounded import BROKE, look_at
from earlyhelp.documents.enums import DocumentStatus
from earlyhelp.documents.lookers import objection
from earlyhelp.documents.models import Document, Leaving
from earlyhelp.documents.storing import Stored
from earlyhelp.documents.transitions import hold, make_available, pass_inspection
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, Transition

CLAIMED_FOR = timedelta(minutes=5)  # longer than any look at a file may take
AGAIN_AFTER = timedelta(minutes=1)
MOST = 20  # of one sweep: other errands wait behind it
MOST_ATTEMPTS = 3
OWNERLESS_FOR, MOST_OWNERLESS = timedelta(days=1), 100
MISSING = "The file is no longer in the store. Add it again."
log = logging.getLogger(__name__)


def look_through(*, now: datetime) -> int:
    """Look at what waits; says at how many. Where the scanner or the store is silent the rest waits for the next sweep."""
    looked = 0
    while looked < MOST and (document := _claim(now)):
        try:
            _look(document, now)
        except (scanner.Silent, storing.Silent) as silence:
            log.warning("%s waits: %s", document, type(silence).__module__.rpartition(".")[2])
            _put_off(document, now)
            break
        looked += 1
    return looked


def clear(*, now: datetime) -> int:
    """Delete from the store what is to go from it; says how much. Killed in between, it is deleted again."""
    gone = 0
    while gone < 500 and _clear_one():
        gone += 1
    return gone


def clear_ownerless(*, now: datetime) -> int:
    """Delete from the store what has been there for a day and belongs to no row; says how much.

    Such a file is left when a process dies between storing it and writing its row. Where there are many, the database is
    rather an older one than the store: nothing is deleted, and somebody has to look.
    """
    found = [blob for blob in _ownerless() if _is_old(blob, now)]
    if len(found) > MOST_OWNERLESS:
        log.error("%s files in the store belong to no document: none was deleted", len(found))
        return 0
    for blob in found:
        storing.delete(blob)
    return len(found)


def _ownerless() -> set[str]:
    """The store is listed before the rows are read: what is put there in between has a row, or is too young."""
    there = set(storing.names())
    owned = Document.objects.exclude(blob="").values_list("blob").union(Leaving.objects.values_list("blob"))
    return there - {blob for (blob,) in owned.iterator()}


def _is_old(blob: str, now: datetime) -> bool:
    try:
        return storing.put_at(blob) < now - OWNERLESS_FOR
    except storing.Gone:
        return False


@transaction.atomic
def _claim(now: datetime) -> Document | None:
    rows = Document.objects.to_look_at(now).select_for_update(skip_locked=True, of=("self",))
    document = rows.select_related("family__area", "uploaded_by").first()
    if document:
        document.attempts += 1
        Document.objects.filter(pk=document.pk).update(look_again_at=now + CLAIMED_FOR, attempts=document.attempts)
    return document


def _put_off(document: Document, now: datetime) -> None:
    """It was not the document's fault: this attempt does not count."""
    mine = Document.objects.filter(pk=document.pk, look_again_at__isnull=False)
    mine.update(look_again_at=now + AGAIN_AFTER, attempts=Greatest(F("attempts") - 1, 0))


def _look(document: Document, now: datetime) -> None:
    try:
        if document.attempts > MOST_ATTEMPTS:
            hold(document, by=SYSTEM, now=now, reason=BROKE, for_good=True)
            return
        if document.status == DocumentStatus.RECEIVED:
            document = _inspect(document, now)
        if document.status == DocumentStatus.INSPECTED:
            _scan(document, now)
    except storing.Gone:
        hold(document, by=SYSTEM, now=now, reason=MISSING, for_good=True)
    except NotPossible:  # entered in error while it was looked at
        return


def _inspect(document: Document, now: datetime) -> Document:
    with storing.copied(document.blob) as source:
        verdict = look_at(source, document.format)
        if verdict.reason:
            return hold(document, by=SYSTEM, now=now, reason=verdict.reason, for_good=verdict.firm)
        drawn = _kept(verdict.clean) if verdict.clean else None
    if reason := objection(document, verdict.text):
        return _settle(hold, document, drawn, now, reason=reason)
    return _settle(pass_inspection, document, drawn, now)


def _scan(document: Document, now: datetime) -> Document:
    """By the virus scanner, if there is one. Its word is final."""
    with storing.copied(document.blob) as source:
        if found := _found_by_scanner(source):
            return hold(document, by=SYSTEM, now=now, reason=found, for_good=True)
        kept = _kept(source, under=storing.KEPT)
    return _settle(make_available, document, kept, now)


def _found_by_scanner(source: Path) -> str:
    if not settings.CLAMAV_ADDRESS:
        return ""
    with source.open("rb") as content:
        return scanner.found_in(content, address=settings.CLAMAV_ADDRESS)


def _kept(path: Path, **where: str) -> Stored:
    with path.open("rb") as content:
        return storing.put(content, **where)


def _settle(move: Transition, document: Document, stored: Stored | None, now: datetime, **facts: Any) -> Document:
    """The deed, with the bytes that it brings; if it is no longer possible, these are nobody’s."""
    try:
        return move(document, by=SYSTEM, now=now, stored=stored, **facts)
    except NotPossible:
        if stored:
            storing.delete(stored.blob)
        raise


@transaction.atomic
def _clear_one() -> bool:
    leaving = Leaving.objects.select_for_update(skip_locked=True).order_by("pk").first()
    if leaving is None:
        return False
    storing.delete(leaving.blob)
    leaving.delete()
    return True
