"""What this product itself looks for in the text of a document (promise P2)."""

from __future__ import annotations

from earlyhelp.documents.lookers import NARROWS, text_check
from earlyhelp.documents.models import Document
from earlyhelp.families.secrets import secrets_of

GIVES_AWAY = "An address, a postcode or a telephone stands in it that is kept secret for somebody of this family."
NARROWS.add(GIVES_AWAY)


@text_check
def gives_nobody_away(document: Document, text: str) -> str:
    return GIVES_AWAY if secrets_of([document.family_id]).stand_in(text) else ""
