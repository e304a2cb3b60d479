"""What a family's page, a case's and the queue of the governance lead read."""

from __future__ import annotations

from typing import Any

from earlyhelp.core.composed import PlannedOnce
from earlyhelp.documents.models import Document
from earlyhelp.families.models import Family


def documents_of(family: Family, user: Any) -> list[Any]:
    """Those that this person may see, the newest first, each with what they may do to it: three queries, however many."""
    return _documents(user, family=family)


@PlannedOnce
def _documents(user: Any, family: Any) -> Any:
    rows = Document.objects.for_user(user).with_rights(user, "open", "change", "withdraw").filter(family=family)
    rows = rows.select_related("uploaded_by", "agency").prefetch_related("about", "readers")
    return rows.order_by("-uploaded_at", "-pk")


def held_for(user: Any) -> Any:
    """What waits for this person's decision, the oldest first."""
    rows = Document.objects.for_user(user, "govern").held()
    return rows.select_related("family", "uploaded_by__agency").order_by("uploaded_at", "pk")


def withdrawn_for(user: Any) -> Any:
    rows = Document.objects.for_user(user, "govern").withdrawn()
    return rows.select_related("family", "uploaded_by__agency").order_by("-uploaded_at", "-pk")
