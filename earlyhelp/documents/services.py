"""Put a document into a family's record; correct what is said of it; tell those whom its fate concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.documents import storing
from earlyhelp.documents.enums import Visibility
from earlyhelp.documents.models import Document
from earlyhelp.families.models import Family, Person
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from earlyhelp.workflow.services import edit
from earlyhelp.workflow.transitions import NotPossible


def add(
    family: Family,
    *,
    by: User,
    now: datetime,
    file: Any,
    format: str,
    title: str,
    kind: str,
    visibility: str,
    about: Iterable[Person] = (),
    readers: Iterable[User] = (),
) -> Document:
    """Put it into quarantine. Nobody waits for it to be looked through; if it cannot be written down, nothing of it stays."""
    _has_an_agency(visibility, by.agency_id)
    try:
        stored = storing.put(file)
    except storing.Silent as silence:
        raise NotPossible(
            "The file cannot be kept at the moment. Try again in a few minutes.", field="file"
        ) from silence
    try:
        with transaction.atomic():
            document = Document.objects.create(
                family=family,
                uploaded_by=by,
                agency=by.agency,
                uploaded_at=now,
                look_again_at=now,
                format=format,
                title=title,
                kind=kind,
                visibility=visibility,
                **stored._asdict(),
            )
            _say_whom(document, about, readers)
            record("documents.document.add", document, by=by, at=now, became=document.status, sha256=stored.sha256)
    except BaseException:
        storing.delete(stored.blob)
        raise
    return document


@transaction.atomic
def change(
    document: Document,
    *,
    by: User,
    now: datetime,
    visibility: str,
    about: Iterable[Person] = (),
    readers: Iterable[User] = (),
    **changes: Any,
) -> Document:
    """Raises ``Stale`` if somebody changed it meanwhile."""
    _has_an_agency(visibility, document.agency_id)
    document = edit(document, by=by, now=now, visibility=visibility, **changes)
    _say_whom(document, about, readers)
    return document


def _has_an_agency(visibility: str, agency: int | None) -> None:
    if visibility == Visibility.AGENCY and agency is None:
        raise NotPossible("Your account belongs to no agency: name the people who may see it.", field="visibility")


def _say_whom(document: Document, about: Iterable[Person], readers: Iterable[User]) -> None:
    document.about.set(about)
    document.readers.set(readers if document.visibility == Visibility.NAMED else ())


# --- telling ----------------------------------------------------------------------------------------------------------


def tell_keepers(document: Document, *, now: datetime) -> None:
    """The governance leads of the place, that something waits for them; by the family's reference and nothing more."""
    posts = Post.objects.current(timezone.localdate(now))
    notify(
        posts.filter(role=Role.IG_LEAD, area__in=document.family.area.lineage).holders(),
        kind=Kind.REQUEST,
        title="A document is held and waits for you",
        reference=document.family.reference,
        url=reverse("documents:held"),
        key=f"document:{document.pk}:held",
        now=now,
    )


def tell_sender(document: Document, title: str, *, what: str, now: datetime) -> None:
    notify(
        [document.uploaded_by],
        kind=Kind.NEWS,
        title=title,
        reference=document.family.reference,
        url=document.get_absolute_url(),
        key=f"document:{document.pk}:{what}:sender",
        now=now,
    )
