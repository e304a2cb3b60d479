"""Each night: whose time is over is put on the list of whoever answers for it; whose time is not over any more comes off it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.utils import timezone

from earlyhelp.families.models import Family
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from earlyhelp.records.due import Due, due_contacts, due_families, is_restricted, still_due
from earlyhelp.records.enums import Status
from earlyhelp.records.models import Disposal
from earlyhelp.records.transitions import keep
from earlyhelp.workflow.transitions import SYSTEM

AGAIN = "There is work with them again, or the rule has changed."


def find_due(*, now: datetime) -> int:
    """Put what is due on the list; says how much of it is new. Nothing is destroyed by a sweep."""
    today = timezone.localdate(now)
    _take_off(now)
    known = set(Disposal.objects.open().values_list("reference", flat=True)) | _kept(today)
    new = [
        _row(due, now)
        for due in chain(due_families(today=today), due_contacts(today=today))
        if due.record.reference not in known
    ]
    Disposal.objects.bulk_create(new, ignore_conflicts=True)
    _tell(new, now)
    return len(new)


def _row(due: Due, now: datetime) -> Disposal:
    about = {"family": due.record} if isinstance(due.record, Family) else {"contact": due.record}
    return Disposal(
        reference=due.record.reference,
        area_id=due.record.area_id,
        restricted=is_restricted(due.record),
        record_class=due.record_class,
        ended_on=due.ended_on,
        due_on=due.due_on,
        found_at=now,
        **about,
    )


def _kept(today: date) -> set[str]:
    return set(Disposal.objects.filter(status=Status.KEPT, kept_until__gt=today).values_list("reference", flat=True))


def _take_off(now: datetime) -> None:
    for disposal in Disposal.objects.open().select_related("family", "contact"):
        record: Any = disposal.family or disposal.contact
        if record is None or not still_due(record, now=now):
            keep(disposal, by=SYSTEM, now=now, reason=AGAIN, until=None)


def _tell(new: Iterable[Disposal], now: datetime) -> None:
    areas = {pk for each in new for pk in each.area.lineage}
    notify(
        Post.objects.current().filter(role=Role.IG_LEAD, area__in=areas).holders(),
        kind=Kind.REMINDER,
        title="Records are due to be reviewed",
        reference=f"{timezone.localdate(now):%d %B %Y}",
        url="/records/disposals/",
        key=f"records-due:{timezone.localdate(now):%Y%m%d}",
        now=now,
    )
