"""What the keeping of records asks of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from earlyhelp.core.calendar import closing
from earlyhelp.core.todo import Todo, todo
from earlyhelp.records.access import approve_request, decide, decides_on_disposal, keep_request, keeps_records, review
from earlyhelp.records.enums import AccessStatus, Status
from earlyhelp.records.models import AccessRequest, Blanking, Disposal


def _disposals(user: Any) -> dict[str, int]:
    rows = Disposal.objects.for_user(user).open()
    return rows.aggregate(
        mine=Count("pk", filter=Q(status=Status.PROPOSED) & decide(rows, user)),
        due=Count("pk", filter=Q(status=Status.DUE) & review(rows, user)),
    )


def waiting_disposals(user: Any, now: datetime) -> int:
    return sum(_disposals(user).values())


@todo
def disposals(user: Any, now: datetime) -> Iterable[Todo]:
    if not decides_on_disposal(user):
        return
    counted = _disposals(user)
    page = reverse("records:disposals")
    if n := counted["mine"]:
        yield Todo(21, f"Decide as the second person on {n} {'record' if n == 1 else 'records'} to be destroyed", page)
    if n := counted["due"]:
        yield Todo(22, f"Review {n} {'record' if n == 1 else 'records'} whose time is over", page)


def _requests(user: Any) -> dict[str, Any]:
    rows = AccessRequest.objects.for_user(user).live()
    return rows.aggregate(
        mine=Count("pk", filter=Q(status=AccessStatus.ASKED) & approve_request(rows, user)),
        kept=Count("pk", filter=~Q(status=AccessStatus.ASKED) & keep_request(rows, user)),
        first=Min("due_on", filter=~Q(status=AccessStatus.ASKED) & keep_request(rows, user)),
    )


def waiting_requests(user: Any, now: datetime) -> int:
    counted = _requests(user)
    return int(counted["mine"] + counted["kept"])


def waiting_blankings(user: Any, now: datetime) -> int:
    return Blanking.objects.for_user(user, "decide").open().count() if keeps_records(user) else 0


@todo
def words_to_take_out(user: Any, now: datetime) -> Iterable[Todo]:
    if n := waiting_blankings(user, now):
        said = f"Decide whether words are taken out of {n} {'record' if n == 1 else 'records'}"
        yield Todo(20, said, reverse("records:blankings"))


@todo
def subject_access(user: Any, now: datetime) -> Iterable[Todo]:
    """By number and by day: whose they are stands behind each."""
    if not decides_on_disposal(user):
        return
    counted = _requests(user)
    page = reverse("records:access")
    if n := counted["mine"]:
        yield Todo(20, f"Read and approve {n} subject access {'request' if n == 1 else 'requests'}", page)
    if n := counted["kept"]:
        due = closing(counted["first"])
        yield Todo(21, f"Answer {n} subject access {'request' if n == 1 else 'requests'}", page, due)
