"""All that somebody leads, handed on together: each family to its own taker, and what could not be is said with its reason.

Nothing is left without a lead: whoever leads goes on until the other accepts, also after their last day, and what nobody was
asked to take stays on the list of the chair and of their manager until somebody is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import AllocationEnd
from earlyhelp.cases.models import Case
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible
from hubs.services.outcomes import guard_worker

NOBODY_CHOSEN = "Nobody was chosen. It stays on the list of the chair and of their manager."


@dataclass(frozen=True)
class Taking:
    """One family, who is asked to take it, and what they need to know first."""

    case: Case
    worker: User | None
    note: str = ""
    joint_visit: str = ""
    preference: str = ""
    preference_note: str = ""


@dataclass
class HandedOn:
    offered: list[Case] = field(default_factory=list)
    skipped: list[tuple[Case, str]] = field(default_factory=list)


def hand_on(leaver: User, *, by: Any, now: datetime, takings: Sequence[Taking], **said: str) -> HandedOn:
    """Offer each family to its taker, each whole or not at all. One that cannot be is skipped, and keeps nobody else waiting.

    ``said`` is the same for all: why another is to lead (of whoever has a last day it is that), the reason, and why over a limit.
    """
    done = HandedOn()
    for taking in takings:
        try:
            with transaction.atomic():
                _offer(leaver, taking, by=by, now=now, **said)
            done.offered.append(taking.case)
        except NotPossible as problem:
            done.skipped.append((taking.case, str(problem)))
        except PermissionDenied:
            done.skipped.append((taking.case, "It is not yours to hand on any more."))
    return done


def _offer(
    leaver: User,
    taking: Taking,
    *,
    by: Any,
    now: datetime,
    reason: str,
    because: str = "",
    over_limit_reason: str = "",
) -> None:
    """As it stands now, which may not be as it was shown: somebody else leads it, or was asked meanwhile."""
    if taking.worker is None:
        raise NotPossible(NOBODY_CHOSEN)
    case = Case.objects.select_for_update(of=("self",)).select_related("area", "lead").get(pk=taking.case.pk)
    if case.lead_id != leaver.pk:
        raise NotPossible(f"It is led by {case.lead or 'nobody'} now.")
    asked = case.allocations.filter(status="offered").select_related("worker").first()
    if asked is not None:
        raise NotPossible(f"{asked.worker} was asked meanwhile, and has not answered yet.")
    guard_worker(case, taking.worker, case.tier or 0, over_limit_reason=over_limit_reason)
    cases.offer_again(
        case,
        by=by,
        now=now,
        worker=taking.worker,
        preference=taking.preference,
        preference_note=taking.preference_note,
        reason=reason,
        over_limit_reason=over_limit_reason,
        because=AllocationEnd.LEFT_ROLE if leaver.left_on else because,
        handover_note=taking.note,
        joint_visit=taking.joint_visit,
    )
