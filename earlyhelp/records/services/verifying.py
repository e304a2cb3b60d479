"""Whether what was written is still what was written: looked at by night, and told to whoever answers for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from earlyhelp.audit import seals
from earlyhelp.audit.models import Seal, Verification
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post

LAST_DAYS = timedelta(days=3)  # a night on which nothing ran is made up for


def verify_audit(*, now: datetime, whole: bool) -> Verification:
    """Compare the logs with their seals (those of the last days, or all), keep what was found, and tell if anything is wrong.

    The head of the last look must still be in the chain, so that one that was cut off or drawn anew since is found.
    """
    before, head = Verification.objects.first(), seals.head()
    faults = seals.verify(since=None if whole else now - LAST_DAYS, expect=before.head if before else "")
    look = Verification.objects.create(
        at=now,
        whole=whole,
        seals=Seal.objects.count(),
        faults=len(faults),
        first_fault=str(faults[0])[:200] if faults else "",
        head=(before.head if before and faults else head.hash if head else ""),
    )
    if faults:
        _tell(look, now)
    return look


def _tell(look: Verification, now: datetime) -> None:
    """Every governance lead, once a day for as long as it is so."""
    notify(
        Post.objects.current().filter(role=Role.IG_LEAD).holders(),
        kind=Kind.REMINDER,
        title="The log is not what was written",
        reference=f"{timezone.localdate(now):%d %B %Y}",
        url="/records/trail/",
        key=f"audit-faults:{timezone.localdate(now):%Y%m%d}",
        now=now,
        urgent=True,
    )
