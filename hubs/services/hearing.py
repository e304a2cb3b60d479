"""A meeting hears one family at a time: the one that was called last (screens.md 1.2 A4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hubs.models import AgendaItem, Hearing, HubMeeting


@transaction.atomic
def hear(item: AgendaItem, *, now: datetime) -> None:
    """From now on the meeting hears this family; what it heard before is over. To call the same one again changes nothing.

    Of two who call at once the first is heard. Nothing is locked for it: whoever closes the meeting holds its row, and
    waits for the family's.
    """
    assert item.meeting_id is not None
    begun = Hearing.objects.filter(meeting=item.meeting_id, ended_at=None)
    if not begun.filter(item=item).exists():
        begun.update(ended_at=now)
        Hearing.objects.bulk_create(
            [Hearing(meeting_id=item.meeting_id, item=item, began_at=now)], ignore_conflicts=True
        )


def go_on(meeting: HubMeeting, left: list[AgendaItem], *, now: datetime) -> AgendaItem | None:
    """The next of those left is heard, in their order; after the last one nobody is."""
    following = next(iter(left), None)
    if following is None:
        stop(meeting, now=now)
    else:
        hear(following, now=now)
    return following


def stop(meeting: HubMeeting, *, now: datetime) -> None:
    """No family is being heard: the last one was decided, or the meeting is over."""
    Hearing.objects.filter(meeting=meeting, ended_at=None).update(ended_at=now)
