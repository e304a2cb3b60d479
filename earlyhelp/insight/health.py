"""Is the machinery running? Asked by whoever watches the service; answers with names of parts, never of people.

``/healthz`` is for whatever restarts a process; ``/readyz`` is for whatever raises an alarm. A stopped worker turns the
second red while referrals are still taken (promise P15), so nothing should stop sending people here because of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.models import Q

from earlyhelp.audit import seals
from earlyhelp.audit.models import Verification
from earlyhelp.deadlines.models import Deadline
from earlyhelp.documents.models import Document
from earlyhelp.notices.models import Heartbeat, Notice

OWED_TOO_LONG = timedelta(minutes=10)
WAITS_TOO_LONG = timedelta(minutes=15)
SILENT_TOO_LONG = timedelta(minutes=5)
UNSEALED_TOO_LONG = timedelta(minutes=30)
HOPELESS = 5  # times that a message could not be sent: somebody has to look


def what_is_wrong(*, now: datetime) -> list[str]:
    """The names of the parts that do not work; none if all do."""
    try:
        return [name for name, is_wrong in CHECKS.items() if is_wrong(now)]
    except DatabaseError:
        return ["database"]


def _database(now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() != (1,)


def _deadlines(now: datetime) -> bool:
    """A deadline should have rung ten minutes ago, and did not: the sweep stands still."""
    kinds = [model for model in apps.get_models() if issubclass(model, Deadline)]
    return any(
        kind._default_manager.filter(met_at=None, void_at=None, rings_at__lt=now - OWED_TOO_LONG).exists()
        for kind in kinds
    )


def _notices(now: datetime) -> bool:
    """A message is owed too long, or was tried so often that it will not go by itself."""
    return Notice.objects.owed().filter(Q(email_after__lt=now - OWED_TOO_LONG) | Q(attempts__gte=HOPELESS)).exists()


def _seals(now: datetime) -> bool:
    """What is in the log is not what was written; or nothing has been sealed for half an hour, so that nobody would find out."""
    last = Verification.objects.first()
    waiting = seals.waiting_since()
    return bool(last and last.faults) or bool(waiting and waiting < now - UNSEALED_TOO_LONG)


def _scheduler(now: datetime) -> bool:
    return not Heartbeat.objects.filter(name=Heartbeat.SCHEDULER, at__gte=now - SILENT_TOO_LONG).exists()


def _documents(now: datetime) -> bool:
    """A document waits too long to be looked through: the sweep stands still, or the scanner or the store does not answer."""
    return Document.objects.waiting_since(now - WAITS_TOO_LONG).exists()


CHECKS: dict[str, Callable[[datetime], bool]] = {
    "database": _database,
    "deadlines": _deadlines,
    "documents": _documents,
    "notices": _notices,
    "scheduler": _scheduler,
    "seals": _seals,
}
