"""Who may be the second person of a subject access request, and what its pages list."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Q, Value, When

from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from earlyhelp.records.access import DECIDING
from earlyhelp.records.enums import AccessStatus, Decision
from earlyhelp.records.models import AccessItem, AccessRequest

ENDED_LAST = Case(
    When(status=AccessStatus.HANDED_OVER, then=Value(1)),
    When(status__in=[AccessStatus.REFUSED, AccessStatus.WITHDRAWN], then=Value(2)),
    default=Value(0),
)
UNDECIDED_FIRST = Case(When(decision=Decision.UNDECIDED, then=Value(0)), default=Value(1))


def who_may_approve(request: AccessRequest, by: Any) -> Any:
    """Another governance lead, or a service manager of the place; of a restricted record another lead alone."""
    roles = [Role.IG_LEAD] if request.restricted else DECIDING
    posts = Post.objects.current().filter(role__in=roles, area__in=request.area.lineage)
    not_them = Q(pk__in=[by.pk, request.account_id or by.pk])
    return (
        User.objects.filter(is_active=True, pk__in=posts.values("user")).exclude(not_them).order_by("last_name", "pk")
    )


def requests_for(user: Any) -> Any:
    """Those that they keep or were named for: by what is soonest due, what is over last."""
    rows = AccessRequest.objects.for_user(user).select_related("area", "kept_by", "second")
    return rows.order_by(ENDED_LAST, "due_on", "pk")


def items_of(request: AccessRequest, decision: str = "", code: str = "") -> Any:
    """What nobody has decided on first, then by day."""
    rows = request.items.select_related("decided_by")
    rows = rows.filter(decision=decision) if decision else rows
    rows = rows.filter(code=code) if code else rows
    return rows.order_by(UNDECIDED_FIRST, F("on").asc(nulls_first=True), "pk")


def next_undecided(request: AccessRequest) -> AccessItem | None:
    return request.items.filter(decision=Decision.UNDECIDED).order_by("on", "pk").first()
