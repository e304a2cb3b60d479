"""A service of the directory is kept true: somebody says that it is right, withdraws it, answers who found a fault."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from earlyhelp.directory.enums import CorrectionStatus, ServiceStatus
from earlyhelp.directory.models import Service, ServiceCorrection
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.transitions import transition

RUNS = [ServiceStatus.ACTIVE]
OPEN = [CorrectionStatus.OPEN]


@transition(Service, label="Say that all of it is right today", sources=RUNS, rule="keep")
def say_checked(service: Service, *, by: Any, now: datetime) -> dict[str, Any]:
    service.assured_on = timezone.localdate(now)
    return {}


@transition(Service, label="Withdraw it", sources=RUNS, target=ServiceStatus.DEFUNCT, rule="keep")
def withdraw(service: Service, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Nobody is referred to it from now on. It is never deleted, and whoever was referred to it stays referred."""
    service.withdrawn_at, service.withdrawn_because = now, reason
    return {"reason": reason}


@transition(Service, label="It runs again", sources=[ServiceStatus.DEFUNCT], target=ServiceStatus.ACTIVE, rule="keep")
def bring_back(service: Service, *, by: Any, now: datetime) -> dict[str, Any]:
    """What was known of it is old: somebody checks it before it is relied on."""
    service.withdrawn_at, service.withdrawn_because, service.assured_on = None, "", None
    return {}


# --- what somebody found to be wrong ----------------------------------------------------------------------------------


@transition(ServiceCorrection, label="It is put right", sources=OPEN, target=CorrectionStatus.DONE, rule="keep")
def put_right(correction: ServiceCorrection, *, by: Any, now: datetime, answer: str = "") -> dict[str, Any]:
    _tell_finder(correction, "What you found in the directory was put right", by, now)
    return _settled(correction, answer, by, now)


@transition(ServiceCorrection, label="Leave it as it is", sources=OPEN, target=CorrectionStatus.LEFT, rule="keep")
def leave(correction: ServiceCorrection, *, by: Any, now: datetime, answer: str) -> dict[str, Any]:
    """Whoever proposed it hears why."""
    _tell_finder(correction, "What you found in the directory was looked at", by, now)
    return _settled(correction, answer, by, now)


def _settled(correction: ServiceCorrection, answer: str, by: Any, now: datetime) -> dict[str, Any]:
    correction.answer, correction.answered_by, correction.answered_at = answer, by, now
    return {"reason": answer}


def _tell_finder(correction: ServiceCorrection, title: str, by: Any, now: datetime) -> None:
    told = [correction.by] if correction.by != by else []
    reference, url = correction.service.name[:40], correction.get_absolute_url()
    key = f"correction:{correction.pk}:{correction.status}"
    notify(told, kind=Kind.NEWS, title=title, reference=reference, url=url, key=key, now=now)
