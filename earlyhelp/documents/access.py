"""Who sees a document, said once: through the family, and as narrowly as whoever put it there asked for."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from earlyhelp.core.access import NOBODY, Rule, Through
from earlyhelp.documents.enums import DocumentStatus, Visibility
from earlyhelp.partnership.enums import Role

FAMILY = Through("family")


def view(documents: Any, user: Any) -> Q:
    """That there is one, and what it is called. What was entered in error is gone for everybody here."""
    return FAMILY["view"](documents, user) & _meant_for(user) & ~Q(status=DocumentStatus.WITHDRAWN)


def open_it(documents: Any, user: Any) -> Q:
    """Its content. What was entered in error is kept, and only the governance lead of the place can still look into it."""
    kept = Q(status=DocumentStatus.WITHDRAWN, available_at__isnull=False)
    return view(documents, user) & Q(status=DocumentStatus.AVAILABLE) | _watched_by(user) & kept


def change(documents: Any, user: Any) -> Q:
    """Its title, and who sees it: whoever put it there, or a colleague of theirs, while they keep the family's record."""
    colleague = Q(agency=user.agency_id) if user.agency_id else NOBODY
    return withdraw(documents, user) & (Q(uploaded_by=user) | colleague)


def withdraw(documents: Any, user: Any) -> Q:
    """It is in the wrong record: anybody who keeps this one and sees it may say so, at once."""
    return FAMILY["edit"](documents, user) & view(documents, user)


def govern(documents: Any, user: Any) -> Q:
    """What is held: the information governance lead of the place, and nobody their own. They read why, never what.

    Not the system administrator, though they keep the machinery safe: a document is about a family, and whether its sender
    had a good reason is asked of people and not of machines (domain.md 5: no case content for an administrator).
    """
    return _watched_by(user) & ~Q(uploaded_by=user)


def _meant_for(user: Any) -> Q:
    named = apps.get_model("documents", "DocumentReader").objects.filter(document=OuterRef("pk"), user=user)
    colleague = Q(visibility=Visibility.AGENCY, agency=user.agency_id) if user.agency_id else NOBODY
    return (
        Q(visibility=Visibility.FAMILY)
        | colleague
        | Q(uploaded_by=user)
        | Q(Exists(named), visibility=Visibility.NAMED)
    )


def _watched_by(user: Any) -> Q:
    areas = user.scope.areas(Role.IG_LEAD)
    return Q(family__area__in=areas) if areas else NOBODY


DOCUMENT_RULES: dict[str, Rule] = {
    "view": view,
    "open": open_it,
    "change": change,
    "withdraw": withdraw,
    "govern": govern,
}
