"""From quarantine to whoever may read it, and the ways off that road (promise P13). Read top to bottom as the state machine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from earlyhelp.documents import lookers
from earlyhelp.documents.enums import WAITING, DocumentStatus, Visibility
from earlyhelp.documents.models import Document, Leaving
from earlyhelp.documents.services import tell_keepers, tell_sender
from earlyhelp.documents.storing import Stored
from earlyhelp.workflow.transitions import NotPossible, transition

S = DocumentStatus
AT_ONCE = timedelta(minutes=1)  # whoever put it there may still be looking: they need not be told


@transition(Document, label="It was looked through", sources=[S.RECEIVED], target=S.INSPECTED, rule="inspect")
def pass_inspection(document: Document, *, by: Any, now: datetime, stored: Stored | None = None) -> dict[str, Any]:
    """Nothing harmful was found in it. ``stored``: the picture drawn anew, which takes the place of what was sent."""
    document.attempts, document.look_again_at = 0, now
    return _replaced(document, stored, now)


@transition(Document, label="Hold it", sources=WAITING, target=S.HELD, rule="inspect")
def hold(
    document: Document, *, by: Any, now: datetime, reason: str, for_good: bool = False, stored: Stored | None = None
) -> dict[str, Any]:
    """Something is wrong with it: nobody opens it, and whoever keeps the system safe decides. Its sender is told."""
    document.held_because, document.held_for_good = reason, for_good
    document.look_again_at = None
    tell_keepers(document, now=now)
    tell_sender(document, "A document of yours is held", what="held", now=now)
    return {"reason": reason, "for_good": for_good} | _replaced(document, stored, now)


@transition(Document, label="Make it available", sources=[S.INSPECTED], target=S.AVAILABLE, rule="inspect")
def make_available(document: Document, *, by: Any, now: datetime, stored: Stored) -> dict[str, Any]:
    """All that looks at documents has looked: from here on those who may see it open it."""
    document.available_at, document.look_again_at = now, None
    if now - document.uploaded_at > AT_ONCE:
        tell_sender(document, "A document of yours is available", what="available", now=now)
    return _replaced(document, stored, now)


@transition(Document, label="Release it", sources=[S.HELD], target=S.INSPECTED, rule="govern")
def release(document: Document, *, by: Any, now: datetime, note: str) -> dict[str, Any]:
    """There was a good reason for what is in it. The virus scanner, where there is one, still has its say.

    Raises ``NotPossible`` for what nobody can release: made to deceive, with a virus, or a picture not drawn anew.
    """
    if document.held_for_good:
        raise NotPossible("This cannot be released: it could do harm, whatever it is for. Refuse it.")
    document.attempts, document.look_again_at = 0, now
    if document.held_because in lookers.NARROWS:
        document.visibility = Visibility.NAMED  # whoever put it there names who else may read it
    return _decided(document, by, now, note)


@transition(Document, label="Refuse it", sources=[S.HELD], target=S.REFUSED, rule="govern")
def refuse(document: Document, *, by: Any, now: datetime, note: str) -> dict[str, Any]:
    """It does not belong here. Its bytes are deleted; that it was there, why it was held and who refused it stays."""
    _leave(document.blob, now)
    document.blob = ""
    tell_sender(document, "A document of yours was refused", what="refused", now=now)
    return _decided(document, by, now, note)


@transition(
    Document,
    label="It was entered in error",
    sources=[S.AVAILABLE, S.HELD, *WAITING],
    target=S.WITHDRAWN,
    rule="withdraw",
)
def withdraw(document: Document, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """It is in the wrong record, or is the wrong document: gone for all who work with the family.

    The bytes are kept as long as the record is, and whoever answers for the data can still look into them.
    """
    document.withdrawn_because, document.look_again_at = reason, None
    return {"reason": reason}


def _decided(document: Document, by: Any, now: datetime, note: str) -> dict[str, Any]:
    document.note, document.decided_by, document.decided_at = note, by, now
    return {"reason": note}


def _replaced(document: Document, stored: Stored | None, now: datetime) -> dict[str, Any]:
    """Other bytes take the place of those that were there; the trail keeps the sum of those that went."""
    if stored is None:
        return {}
    _leave(document.blob, now)
    was = document.sha256
    document.blob, document.size, document.sha256 = stored
    return {"was_sha256": was} if was != stored.sha256 else {}


def _leave(blob: str, now: datetime) -> None:
    Leaving.objects.create(blob=blob, since=now)
