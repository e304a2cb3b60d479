"""Many referrals to one colleague: what will change and what will not, with the reason; then exactly that, each by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area, Post
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible
from referrals.models import Referral
from referrals.transitions.assigning import assign, cannot_assign

CHANGED_MEANWHILE = "Somebody changed it while you looked: look again."

Seen = tuple[str, int]  # its reference, and the version that was on the page


@dataclass(frozen=True)
class Line:
    referral: Referral
    why_not: str = ""


def weigh(seen: Iterable[Seen], *, worker: Any, by: Any) -> list[Line]:
    """What would become of each, in the order of the queue. Of what is out of sight nothing is said."""
    versions = dict(seen)
    rows = Referral.objects.for_user(by, "triage").filter(reference__in=versions).with_decide_by()
    rows = rows.select_related("family", "area", "holder").order_by("decide_by", "pk")
    covers = _covered_by(worker)
    lines = []
    for row in rows:
        stale = row.version != versions[row.reference]
        here = [worker] if covers & set(row.area.lineage) else []
        lines.append(Line(row, CHANGED_MEANWHILE if stale else cannot_assign(row, worker, here=here)))
    return lines


def assign_many(seen: Iterable[Seen], *, worker: Any, by: Any, now: datetime, reason: str = "") -> list[Line]:
    """Give each to the worker, and say of each whether it changed. One that cannot be changed stops no other."""
    done = []
    for line in weigh(seen, worker=worker, by=by):
        why_not = line.why_not
        if not why_not:
            try:
                _assign_as_seen(line.referral, by=by, now=now, worker=worker, reason=reason)
            except (NotPossible, PermissionDenied) as problem:
                why_not = str(problem) or "It is out of your sight now."
        done.append(Line(line.referral, why_not))
    return done


@transaction.atomic
def _assign_as_seen(referral: Referral, **what: Any) -> None:
    if lock(referral).version != referral.version:
        raise NotPossible(CHANGED_MEANWHILE)
    assign(referral, **what)


def _covered_by(worker: Any) -> set[int]:
    posts = Post.objects.current().filter(user=worker, user__is_active=True, role=Role.EH_ACCESS)
    return set(Area.objects.filter(posts__in=posts).values_list("pk", flat=True))
