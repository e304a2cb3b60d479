"""The one door to a record: in sight or missing, written down, then shown (domain.md 5 f, promise P5)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar, overload

from django.db import connection, models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.core.composed import Composed, Records

M = TypeVar("M", bound=models.Model)
# However many are shown, in one message: every page of a record waits for it.
SHOWN = """INSERT INTO "audit_access" ("at", "actor_id", "page", "request_id", "purpose", "subject", "subject_id")
SELECT %s, %s, %s, %s, %s, shown.* FROM unnest(%s::text[], %s::bigint[]) AS shown"""


@overload
def open_record(
    request: HttpRequest,
    rows: models.QuerySet[M],
    *,
    action: str = "view",
    purpose: str = "",
    beside: Iterable[str] = (),
    **lookup: Any,
) -> M: ...


@overload
def open_record(
    request: HttpRequest,
    rows: Records[M],
    *,
    action: str = "view",
    purpose: str = "",
    beside: Iterable[str] = (),
    **lookup: Any,
) -> M: ...


@overload
def open_record(
    request: HttpRequest,
    rows: Composed,
    *,
    action: str = "view",
    purpose: str = "",
    beside: Iterable[str] = (),
    **lookup: Any,
) -> Any: ...


def open_record(
    request: HttpRequest,
    rows: Any,
    *,
    action: str = "view",
    purpose: str = "",
    beside: Iterable[str] = (),
    **lookup: Any,
) -> Any:
    """The record in ``rows`` that this person may see, once it is written down that they saw it, and for what ``purpose``.

    ``beside``: what is shown with it, such as its case, by the names under which the record has them.

    ``rows`` is the whole of a kind, composed (``records``, ``record``) or not; the access rule is applied here. Raises
    ``Http404`` alike for a record out of sight and for one that does not exist.
    """
    row = _found(request.user, rows, action, lookup)
    note_shown(request, row, *(getattr(row, name) for name in beside), purpose=purpose)
    return row


def _found(user: Any, rows: Any, action: str, lookup: dict[str, Any]) -> Any:
    if isinstance(rows, Composed):
        return rows.one_or_404(user, action, **lookup)
    return get_object_or_404(rows.for_user(user, action), **lookup)


def note_shown(request: HttpRequest, *rows: models.Model, purpose: str = "") -> None:
    """Write down that these records are about to be shown. Raises if it cannot be written, and then nothing is shown."""
    seen = [(row._meta.label_lower, row.pk) for row in rows]
    if seen:
        _write_down(request, seen, purpose)
    request._opened = [*opened_in(request), *rows]  # type: ignore[attr-defined]
    request._shown = [*shown_in(request), *seen]  # type: ignore[attr-defined]


def _write_down(request: HttpRequest, seen: list[tuple[str, int]], purpose: str) -> None:
    reader: Any = request.user  # somebody: the door asks who, and the database would refuse nobody
    kinds, keys = map(list, zip(*seen, strict=True))
    said = (timezone.now(), reader.pk, request.path[:200], _request_id(request), purpose)
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, (*said, kinds, keys))


def shown_in(request: Any) -> list[tuple[str, int]]:
    """What this request has opened so far: (kind, key). It says about whom something is that is typed there."""
    return getattr(request, "_shown", [])


def opened_in(request: Any) -> list[models.Model]:
    """The same as they were read, with what their reader may do to them."""
    return getattr(request, "_opened", [])


def note_shown_by_link(request: HttpRequest, row: models.Model, *, purpose: str) -> None:
    """The same for somebody without an account. The address that they hold opens the record, and is not written down."""
    Access.objects.create(
        at=timezone.now(),
        subject=row._meta.label_lower,
        subject_id=row.pk,
        page="by link",
        request_id=_request_id(request),
        purpose=purpose[:200],
    )


def _request_id(request: HttpRequest) -> uuid.UUID:
    if not hasattr(request, "_audit_id"):
        request._audit_id = uuid.uuid4()  # type: ignore[attr-defined]
    return request._audit_id  # type: ignore[attr-defined]
