"""What sharing asks of a person today: agreements of the governance lead, copies of whoever is the second person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from earlyhelp.core.todo import Todo, todo
from earlyhelp.sharing.access import keeps_agreements
from earlyhelp.sharing.enums import CopyStatus
from earlyhelp.sharing.models import RecipientCopy, SharingAgreement

AHEAD = timedelta(days=30)


def _soon(user: Any, now: datetime) -> Any:
    return SharingAgreement.objects.for_user(user).in_force().filter(review_on__lte=timezone.localdate(now) + AHEAD)


def waiting_agreements(user: Any, now: datetime) -> int:
    return _soon(user, now).count()


@todo
def agreements_to_review(user: Any, now: datetime) -> Iterable[Todo]:
    """A month before the day; one that has run out stays until somebody renews it or says that it ended."""
    if not keeps_agreements(user):
        return
    for each in _soon(user, now).order_by("review_on", "pk")[:5]:
        due_at = timezone.make_aware(datetime.combine(each.review_on, time()))
        yield Todo(20, f"Review the agreement on sharing: {each}", each.get_absolute_url(), due_at)


@todo
def copies_to_approve(user: Any, now: datetime) -> Iterable[Todo]:
    """Each by the family’s reference alone: for whom it is stands behind it."""
    if not user.waiting.any("copies_asked"):
        return
    asked = RecipientCopy.objects.for_user(user, "approve").filter(status=CopyStatus.ASKED).select_related("family")
    for each in asked.order_by("begun_at", "pk")[:5]:
        yield Todo(20, f"Read and approve a copy, {each.family.reference}", each.get_absolute_url())
